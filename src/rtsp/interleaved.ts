import { RtspSyntaxError } from './error.ts';
import type { RtspMessage } from './message.ts';
import { canBeginMessage, MessageReader } from './message-reader.ts';

const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const HEADER_BYTES = 4;

/** How far a lost frame boundary is searched. */
export const MAX_JUNK_BYTES = 64 * 1024;
/** A boundary lost again within so many frames was not really found. */
const MIN_FRAMES_BETWEEN_RESYNCHRONISATIONS = 100;
/** Bytes needed to judge a frame: its header, and the first two of RTP or RTCP. */
const LOOK_AHEAD_BYTES = HEADER_BYTES + 2;

/** Receives what an `InterleavedReader` finds. */
export interface InterleavedSink {
  /**
   * The frame is `bytes[from..to)`, valid during the call only: a view of each would be a sixth of what a recorder allocates. What lies before
   * `to` is not read again and may be overwritten.
   */
  onFrame(channel: number, bytes: Uint8Array, from: number, to: number): void;
  onMessage(message: RtspMessage): void;
  /** After stray bytes the next frame boundary was found. */
  onResynchronised(junkBytes: number): void;
  /** Whether a frame on that channel may begin with these two bytes; decides where a lost boundary is found again. */
  isPlausibleFrame(channel: number, first: number, second: number): boolean;
}

/** `$`, channel, length (RFC 2326 10.12), to send `payload` on a channel. */
export function formatFrame(channel: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  frame[0] = DOLLAR;
  frame[1] = channel;
  frame.writeUInt16BE(payload.length, 2);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/**
 * Splits the byte stream of an RTSP connection into messages and interleaved frames (RFC 2326 10.12). A frame that lies
 * whole in the fed bytes is handed out in place; one that does not is put together in a buffer of at most 64 KiB.
 *
 * Cameras are known to slip stray bytes between frames. The next boundary is then searched, once and within
 * `MAX_JUNK_BYTES`.
 */
export class InterleavedReader {
  readonly #sink: InterleavedSink;
  readonly #message = new MessageReader();
  #state: 'boundary' | 'frame' | 'message' | 'junk' = 'boundary';
  /** Stream position of index 0 of the bytes being read. */
  #basePosition = 0;
  #itemPosition = 0;
  #carry = Buffer.allocUnsafe(2048);
  #carried = 0;
  #junk = 0;
  #junkTail = Buffer.alloc(0);
  #frames = 0;
  #hasMessage = false;
  #framesAtResynchronisation = -MIN_FRAMES_BETWEEN_RESYNCHRONISATIONS;
  #isStopped = false;

  constructor(sink: InterleavedSink) {
    this.#sink = sink;
  }

  /** Whether a whole message has come. */
  get hasMessage(): boolean {
    return this.#hasMessage;
  }

  /** Bytes of the stream before the frame or message in hand. */
  get positionBytes(): number {
    return this.#itemPosition;
  }

  /** The size of the frame of which a part is in hand; 0 where there is none, or its size is still to come. */
  get unfinishedFrameBytes(): number {
    if (this.#state !== 'frame' || this.#carried < HEADER_BYTES) return 0;
    return HEADER_BYTES + this.#carry.readUInt16BE(2);
  }

  /** How many bytes of an unfinished message are in hand. */
  get pendingMessageBytes(): number {
    return this.#message.pendingBytes;
  }

  /** Hands nothing out any more, not even from the bytes being fed. */
  stop(): void {
    this.#isStopped = true;
  }

  /**
   * Reads the first `length` bytes of `bytes`, which may be reused afterwards.
   * @throws RtspSyntaxError when the stream cannot be followed any further. Errors of the sink pass through.
   */
  feed(bytes: Uint8Array, length: number): void {
    const nextPosition = this.#basePosition + length;
    let chunk = bytes;
    let end = length;
    let at = 0;
    while (at < end && !this.#isStopped) {
      switch (this.#state) {
        case 'boundary':
          at = this.#readAtBoundary(chunk, at, end);
          break;
        case 'frame':
          at = this.#continueFrame(chunk, at, end);
          break;
        case 'message':
          at = this.#continueMessage(chunk, at, end);
          break;
        case 'junk': {
          // A rare path: allocating here keeps the usual one simple.
          const searched = Buffer.concat([this.#junkTail, chunk.subarray(at, end)]);
          this.#basePosition += at - this.#junkTail.length;
          chunk = searched;
          end = searched.length;
          at = this.#searchBoundary(searched);
          break;
        }
      }
    }
    this.#basePosition = nextPosition;
  }

  #readAtBoundary(chunk: Uint8Array, at: number, end: number): number {
    const first = chunk[at] ?? 0;
    if (first === CR || first === LF) return at + 1;
    this.#itemPosition = this.#basePosition + at;
    if (first === DOLLAR) return this.#beginFrame(chunk, at, end);
    if (canBeginMessage(first)) this.#state = 'message';
    else this.#loseBoundary(`byte 0x${first.toString(16).padStart(2, '0')}`);
    return at;
  }

  #beginFrame(chunk: Uint8Array, at: number, end: number): number {
    if (end - at >= HEADER_BYTES) {
      const payloadAt = at + HEADER_BYTES;
      const payloadEnd = payloadAt + (((chunk[at + 2] ?? 0) << 8) | (chunk[at + 3] ?? 0));
      if (payloadEnd <= end) {
        this.#frames++;
        this.#sink.onFrame(chunk[at + 1] ?? 0, chunk, payloadAt, payloadEnd);
        return payloadEnd;
      }
    }
    this.#carried = 0;
    this.#state = 'frame';
    return this.#continueFrame(chunk, at, end);
  }

  #continueFrame(chunk: Uint8Array, at: number, end: number): number {
    let taken = this.#carryUpTo(HEADER_BYTES, chunk, at, end);
    if (this.#carried < HEADER_BYTES) return taken;
    const frameBytes = HEADER_BYTES + this.#carry.readUInt16BE(2);
    taken = this.#carryUpTo(frameBytes, chunk, taken, end);
    if (this.#carried < frameBytes) return taken;
    this.#state = 'boundary';
    this.#frames++;
    this.#sink.onFrame(this.#carry[1] ?? 0, this.#carry, HEADER_BYTES, frameBytes);
    return taken;
  }

  /** Copies until `wanted` bytes are carried; returns the offset after what was taken. */
  #carryUpTo(wanted: number, chunk: Uint8Array, at: number, end: number): number {
    const stop = Math.min(end, at + Math.max(0, wanted - this.#carried));
    if (wanted > this.#carry.length) {
      const larger = Buffer.allocUnsafe(Math.min(HEADER_BYTES + 0xffff, wanted * 2));
      this.#carry.copy(larger, 0, 0, this.#carried);
      this.#carry = larger;
    }
    this.#carry.set(chunk.subarray(at, stop), this.#carried);
    this.#carried += stop - at;
    return stop;
  }

  #continueMessage(chunk: Uint8Array, at: number, end: number): number {
    const message = this.#message.read(chunk, at, end);
    const next = this.#message.consumedTo;
    if (message !== undefined) {
      this.#state = 'boundary';
      this.#hasMessage = true;
      this.#sink.onMessage(message);
    } else if (this.#message.isAlien) {
      // What was taken are capital letters: no frame began among them.
      const letters = this.#message.pendingBytes;
      this.#message.reset();
      this.#loseBoundary('bytes of no message');
      this.#junk = letters;
    }
    return next;
  }

  #loseBoundary(found: string): void {
    if (this.#frames === 0) {
      throw new RtspSyntaxError(`expected an RTSP message, found ${found}`, { isAlien: true });
    }
    if (this.#frames - this.#framesAtResynchronisation < MIN_FRAMES_BETWEEN_RESYNCHRONISATIONS) {
      throw new RtspSyntaxError(`expected an interleaved frame, found ${found} again soon after stray bytes`);
    }
    this.#state = 'junk';
    this.#junk = 0;
    this.#junkTail = Buffer.alloc(0);
  }

  /** Returns the offset of the next boundary, or the end, keeping a tail that may yet turn out to begin a frame. */
  #searchBoundary(searched: Buffer): number {
    const last = searched.length - LOOK_AHEAD_BYTES;
    for (let at = 0; at <= last; at++) {
      if (!this.#isBoundary(searched, at)) continue;
      this.#junk += at;
      this.#state = 'boundary';
      this.#framesAtResynchronisation = this.#frames;
      this.#sink.onResynchronised(this.#junk);
      return at;
    }
    const passed = Math.max(0, last + 1);
    this.#junk += passed;
    this.#junkTail = Buffer.from(searched.subarray(passed));
    if (this.#junk > MAX_JUNK_BYTES) {
      throw new RtspSyntaxError(`expected an interleaved frame, found ${this.#junk} bytes without one`);
    }
    return searched.length;
  }

  #isBoundary(bytes: Buffer, at: number): boolean {
    if (bytes[at] === DOLLAR) {
      return this.#sink.isPlausibleFrame(bytes[at + 1] ?? 0, bytes[at + 4] ?? 0, bytes[at + 5] ?? 0);
    }
    return bytes.toString('latin1', at, at + 5) === 'RTSP/';
  }
}
