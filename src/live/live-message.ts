import type { WallMs } from '../base/time.ts';
import { LIVE_FLAG, LIVE_HEADER_BYTES, LIVE_KIND } from './protocol.ts';

export interface LiveHeader {
  readonly kind: keyof typeof LIVE_KIND;
  /** Bits of `LIVE_FLAG`. */
  readonly flags: number;
  readonly gen: number;
  readonly seq: number;
  readonly captureMs: WallMs;
}

/**
 * A binary message, the header and then the pieces, as it goes over a WebSocket: with the head of its frame, which is the same
 * for all players. Making and writing that for each of them would cost a third of what a viewer costs.
 */
export function encodeLiveFrame(header: LiveHeader, pieces: readonly Uint8Array[]): Buffer {
  const messageBytes = pieces.reduce((sum, piece) => sum + piece.byteLength, LIVE_HEADER_BYTES);
  const headBytes = frameHeadBytes(messageBytes);
  const frame = Buffer.allocUnsafe(headBytes + messageBytes);
  writeFrameHead(frame, messageBytes);
  const start = headBytes;
  frame[start] = LIVE_KIND[header.kind];
  frame[start + 1] = header.flags;
  frame.writeUInt16BE(header.gen, start + 2);
  frame.writeUInt32BE(header.seq, start + 4);
  frame.writeDoubleBE(header.captureMs, start + 8);
  let at = start + LIVE_HEADER_BYTES;
  for (const piece of pieces) {
    frame.set(piece, at);
    at += piece.byteLength;
  }
  return frame;
}

/** A final frame of binary data (RFC 6455 5.2), unmasked as those of servers are. */
const BINARY_FRAME = 0x82;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

function frameHeadBytes(messageBytes: number): number {
  if (messageBytes < LENGTH_16) return 2;
  return messageBytes <= 0xffff ? 4 : 10;
}

function writeFrameHead(frame: Buffer, messageBytes: number): void {
  frame[0] = BINARY_FRAME;
  if (messageBytes < LENGTH_16) {
    frame[1] = messageBytes;
  } else if (messageBytes <= 0xffff) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(messageBytes, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(messageBytes, 6);
  }
}

export interface MediaMessageOptions extends Omit<LiveHeader, 'kind'> {
  /** A fragment; the access unit is its end. */
  readonly fragment: readonly Uint8Array[];
  readonly accessUnitBytes: number;
  readonly epochUs: number;
}

/** One picture, or one access unit of sound, as it goes to all players of a stream. */
export class MediaMessage {
  readonly #header: LiveHeader;
  readonly #accessUnitBytes: number;
  /** Of the media time it is told in: its wall time at 0. */
  readonly epochUs: number;
  readonly #fragment: Buffer;
  #raw: Buffer | undefined;

  constructor({ flags, gen, seq, captureMs, fragment, accessUnitBytes, epochUs }: MediaMessageOptions) {
    this.#header = { kind: 'fragment', flags, gen, seq, captureMs };
    this.#accessUnitBytes = accessUnitBytes;
    this.epochUs = epochUs;
    this.#fragment = encodeLiveFrame(this.#header, fragment);
  }

  get seq(): number {
    return this.#header.seq;
  }

  get isSound(): boolean {
    return (this.#header.flags & LIVE_FLAG.sound) !== 0;
  }

  /** Whether it is a key picture. */
  get isKey(): boolean {
    return (this.#header.flags & LIVE_FLAG.key) !== 0;
  }

  get sizeBytes(): number {
    return this.#fragment.byteLength;
  }

  /** For MSE; a whole frame, as `raw` is. */
  get fragment(): Buffer {
    return this.#fragment;
  }

  /** For WebCodecs; made when it is first asked for. */
  get raw(): Buffer {
    const accessUnit = () => this.#fragment.subarray(-this.#accessUnitBytes);
    this.#raw ??= encodeLiveFrame({ ...this.#header, kind: 'raw' }, [accessUnit()]);
    return this.#raw;
  }
}
