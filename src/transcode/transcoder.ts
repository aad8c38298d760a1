import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { ChildEnd } from '../base/supervised-child.ts';
import { Watchdog } from '../base/watchdog.ts';
import { isVideo, shownAtMs, type Packet, type VideoPacket, type VideoTrack } from '../media/packet.ts';
import { wallOfPacket, type Run, type RunEnd, type StreamSink } from '../media/run.ts';
import type { FromTranscoder, ReencodedPortion, ReencodeOrder, ToTranscoder } from './messages.ts';
import { Output } from './output.ts';
import { Portion } from './portion.ts';

/** The child process that re-encodes. */
export interface TranscoderChild extends AsyncDisposable {
  start(): void;
  send(message: ToTranscoder): void;
  /** Ends the present child at once; another follows. */
  kill(): void;
}

/** What is heard of it. */
export interface TranscoderListener {
  readonly onStarted: () => void;
  readonly onMessage: (message: FromTranscoder) => void;
  readonly onEnded: (end: ChildEnd) => void;
}

export interface TranscoderOptions {
  readonly order: ReencodeOrder;
  readonly makeChild: (listener: TranscoderListener) => TranscoderChild;
  /** The recorder. */
  readonly sink: StreamSink;
  readonly clock: Clock;
  readonly log: Log;
}

/** A portion ends with the first GOP after which it has this length: two of a second, or one of two. */
const PORTION_MS = 1_500;
/** A portion that is complete is re-encoded within this time, or the transcoder is too slow. */
const PATIENCE_MS = 5_000;
/** The same for the first one, for which a child has to start and to try its encoders. */
const FIRST_PATIENCE_MS = 30_000;
/** So many pictures of the next portion may be wanted before a portion is answered: decoders and encoders hold some. */
const HELD_PICTURES = 12;
/** What may wait to be re-encoded. Its GOPs are held twice for a moment, as they come and re-encoded. */
const MAX_HELD_BYTES = 32 * 2 ** 20;
const STOP_PATIENCE_MS = 3_000;
const HARDLY_DECODED = 're-encoding paused: most of the video could not be decoded';

/**
 * Re-encodes a camera's video on its way to the recorder. Packets are held in portions until the transcoder, a child
 * process, has answered; each portion is recorded either re-encoded or as it came, never both and never neither. When
 * the child dies, hangs or is too slow, all that is held goes on as it came at once, and so does what follows until
 * another child works.
 */
export class Transcoder implements StreamSink, AsyncDisposable {
  readonly #options: TranscoderOptions;
  readonly #child: TranscoderChild;
  readonly #output: Output;
  /** What the recorder has not got yet, in order: portions, and the beginnings and ends of runs between them. */
  #queue: (Portion | (() => void))[] = [];
  #heldBytes = 0;
  /** The portion that packets are added to; undefined while they go on as they come. */
  #open: Portion | undefined;
  #portionCount = 0;
  /** Whether a child takes packets. */
  #isReady = false;
  /** Of the present child; at its start, of the one before. The first one is not under suspicion. */
  #hasAnswered = true;
  /** Why packets go on as they come. */
  #reason = 'the transcoder is starting';
  /** The track told to the child last, and the one it told. */
  #toldTrack: VideoTrack | undefined;
  #track: VideoTrack | undefined;
  #onEmpty: () => void = () => undefined;

  constructor(options: TranscoderOptions) {
    this.#options = options;
    this.#output = new Output(options.sink);
    this.#child = options.makeChild({
      onStarted: () => this.#started(),
      onMessage: (message) => this.#hear(message),
      onEnded: (end) => this.#ended(end),
    });
  }

  start(): void {
    this.#child.start();
  }

  /** Gives the recorder what is still held, re-encoded if that takes no longer than three seconds. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#emptied();
    this.#giveUp('the recorder stopped');
    await this.#child[Symbol.asyncDispose]();
  }

  runStarted(run: Run): void {
    this.#inOrder(() => this.#options.sink.runStarted(run));
  }

  packet(packet: Packet, run: Run): void {
    if (isVideo(packet) && packet.isKey && this.#isReady) this.#beginPortion(packet, run);
    const portion = this.#open;
    if (portion === undefined) {
      this.#output.passOn(packet, run, this.#reason);
      return;
    }
    portion.push(packet);
    this.#heldBytes += packet.data.byteLength;
    if (isVideo(packet)) this.#send(packet, run);
    if (this.#heldBytes > MAX_HELD_BYTES) {
      const mib = MAX_HELD_BYTES / 2 ** 20;
      this.#fail(`more than ${mib} MiB of video waited to be re-encoded`);
    }
  }

  runEnded(run: Run, end: RunEnd): void {
    this.#closePortion(undefined);
    this.#child.send({ type: 'finish' });
    this.#toldTrack = undefined;
    this.#inOrder(() => this.#options.sink.runEnded(run, end));
  }

  #started(): void {
    const { order } = this.#options;
    // A driver that kills its process is not asked again at once.
    const isCareful = !this.#hasAnswered && order.reencode.encoder === 'auto';
    const reencode = isCareful ? { ...order.reencode, encoder: 'software' as const } : order.reencode;
    this.#child.send({ type: 'order', order: { ...order, reencode } });
    this.#isReady = true;
    this.#hasAnswered = false;
  }

  #hear(message: FromTranscoder): void {
    if (message.type === 'encoder') this.#options.log.info(`re-encoding with ${message.name}`);
    else this.#answered(message);
  }

  #ended({ how, restartInMs }: ChildEnd): void {
    if (this.#isReady) this.#fail(`the transcoder ${how}`);
    this.#options.log.warn(`re-encoding is tried again in ${restartInMs / 1000} s`);
  }

  #beginPortion(first: VideoPacket, run: Run): void {
    const open = this.#open;
    const isGoingOn = open?.track === first.track && shownAtMs(first) - open.startMs < PORTION_MS;
    if (isGoingOn) return;
    this.#closePortion(first);
    const portion = new Portion(++this.#portionCount, first, run);
    this.#open = portion;
    this.#queue.push(portion);
    const track = first.track === this.#toldTrack ? undefined : first.track;
    this.#toldTrack = first.track;
    this.#child.send({ type: 'portion', portion: portion.number, track });
  }

  #send(packet: VideoPacket, run: Run): void {
    const { isKey, pts, dts, data } = packet;
    const wallMs = wallOfPacket(packet, run);
    this.#child.send({ type: 'packet', packet: { isKey, pts, dts, data, wallMs } });
  }

  /** @param next the key packet after it, if there is one: without, the child is told to answer. */
  #closePortion(next: VideoPacket | undefined): void {
    const portion = this.#open;
    this.#open = undefined;
    if (portion === undefined) return;
    const lengthMs = next === undefined ? 0 : shownAtMs(next) - portion.startMs;
    portion.watchdog = new Watchdog(this.#options.clock, this.#patienceMs(portion, lengthMs), () =>
      this.#fail('the transcoder did not answer in time, it is too slow or hangs'),
    );
  }

  #patienceMs({ pictures }: Portion, lengthMs: number): number {
    const { rateFps = Infinity } = this.#options.order.reencode;
    const intervalMs = Math.max(lengthMs / pictures, 1000 / rateFps);
    return (this.#hasAnswered ? PATIENCE_MS : FIRST_PATIENCE_MS) + HELD_PICTURES * intervalMs;
  }

  #answered(message: ReencodedPortion): void {
    const portion = this.#queue.find((item) => item instanceof Portion && item.number === message.portion);
    // It has gone on as it came.
    if (!(portion instanceof Portion)) return;
    this.#hasAnswered = true;
    portion.watchdog?.[Symbol.dispose]();
    portion.reencoded = message;
    this.#deliver();
  }

  #inOrder(call: () => void): void {
    this.#queue.push(call);
    this.#deliver();
  }

  /** Gives the recorder what is at the head of the queue and ready. */
  #deliver(): void {
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      if (head instanceof Portion && head.reencoded === undefined) break;
      this.#queue.shift();
      this.#give(head);
    }
    if (this.#queue.length === 0) this.#onEmpty();
  }

  #give(item: Portion | (() => void)): void {
    if (!(item instanceof Portion)) {
      item();
      return;
    }
    const { reencoded, packets, run } = item;
    if (reencoded?.track !== undefined) this.#track = { ...reencoded.track, index: item.track.index };
    const wasDecoded = reencoded !== undefined && reencoded.decodedPictures >= item.pictures / 2;
    if (wasDecoded && this.#track !== undefined) {
      this.#output.replace(item, reencoded.packets, this.#track);
    } else {
      const reason = reencoded === undefined ? this.#reason : HARDLY_DECODED;
      for (const packet of packets) this.#output.passOn(packet, run, reason);
    }
    this.#heldBytes -= item.bytes;
    item.release();
  }

  /** The child is of no use: what it has not answered goes on as it came, and what follows too. */
  #fail(reason: string): void {
    const stopped = `re-encoding stopped: ${reason}`;
    this.#options.log.error(`${stopped}; the video is recorded as it comes`);
    this.#giveUp(stopped);
    this.#child.kill();
  }

  #giveUp(reason: string): void {
    this.#isReady = false;
    this.#reason = reason;
    this.#open = undefined;
    this.#toldTrack = undefined;
    const rest = this.#queue;
    this.#queue = [];
    for (const item of rest) this.#give(item);
    this.#onEmpty();
  }

  async #emptied(): Promise<void> {
    if (this.#queue.length === 0) return;
    await new Promise<void>((resolve) => {
      const watchdog = new Watchdog(this.#options.clock, STOP_PATIENCE_MS, resolve);
      this.#onEmpty = () => {
        watchdog[Symbol.dispose]();
        resolve();
      };
    });
  }
}
