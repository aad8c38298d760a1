import { sleep, type Clock } from '../base/clock.ts';
import { describeError, PrerollError } from '../base/error.ts';
import { JoinedSignal } from '../base/joined-signal.ts';
import type { Log } from '../base/log.ts';
import { JUMP_MS } from '../base/run-clock.ts';
import { monotonicMs, wallMs } from '../base/time.ts';
import { Watchdog } from '../base/watchdog.ts';
import type { Run, RunEnd, StreamSink } from '../media/run.ts';
import { startRun } from '../media/run.ts';
import type { Packet } from '../media/packet.ts';
import { BackOff } from './back-off.ts';
import type { SourceErrorKind } from './source-error.ts';

/** An open connection to a camera, before any media flows. */
export interface PacketSource extends AsyncDisposable {
  /**
   * Delivers packets until the signal aborts (resolves) or the camera fails (rejects). Where it takes a while until a
   * packet is told, as for a picture that is encoded first, `ageMs` says how long ago it came.
   */
  play(onPacket: (packet: Packet, ageMs?: number) => void, signal: AbortSignal): Promise<void>;
  /** Told when a run has begun with a picture of it. */
  runStarted?(): void;
}

export type OpenSource = (signal: AbortSignal) => Promise<PacketSource>;

export type StreamState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'playing'; readonly sinceMs: number }
  | { readonly kind: 'waiting'; readonly reason: string };

export interface StreamOptions {
  readonly open: OpenSource;
  readonly sink: StreamSink;
  /**
   * Told when a run or an attempt at one has failed, and how long the stream has been away by then: since the attempt
   * began, or 0 if it played.
   */
  readonly onAway?: (end: RunEnd, awayForMs: number) => void;
  readonly clock: Clock;
  /** Carries the camera and stream in its fields. */
  readonly log: Log;
  readonly random?: () => number;
}

/** A run at least this long counts as success: after it the next retry comes at once again. */
const HEALTHY_RUN_MS = 10_000;
/** Key pictures are two seconds apart as a rule, and most cameras send one to whoever connects. */
const KEY_PATIENCE_MS = 10_000;
/** A source that is played once has been played: there is nothing to try again for. */
const FINISHED: SourceErrorKind = 'finished';

/**
 * Keeps one stream of a camera playing: connects, cuts the packets into runs, and on any failure tries again, at
 * once first and then with back-off. This loop is the one place that recovers from a camera's errors.
 */
export class CameraStream implements AsyncDisposable {
  readonly #options: StreamOptions;
  readonly #stopping = new AbortController();
  readonly #backOff: BackOff;
  #loop: Promise<void> | undefined;
  #source: PacketSource | undefined;
  #run: Run | undefined;
  #runCount = 0;
  #state: StreamState = { kind: 'connecting' };
  /** Ends the wait for the next attempt. */
  #wake = new AbortController();

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.random);
  }

  get state(): StreamState {
    return this.#state;
  }

  start(): void {
    this.#loop ??= this.#keepPlaying(this.#stopping.signal);
  }

  /** The camera is known to be there: if the stream waits to try again, it tries now, and soon again. */
  tryNow(): void {
    if (this.#state.kind !== 'waiting') return;
    this.#backOff.reset();
    this.#wake.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #keepPlaying(signal: AbortSignal): Promise<void> {
    const { clock, log, onAway } = this.#options;
    while (!signal.aborted) {
      this.#state = { kind: 'connecting' };
      const startedMs = clock.monotonicMs();
      const end = await this.#playOnce(signal);
      const hasPlayed = this.#run !== undefined;
      this.#endRun(end);
      if (end.kind === 'stopped') return;
      onAway?.(end, hasPlayed ? 0 : clock.monotonicMs() - startedMs);
      if (end.kind === FINISHED) {
        this.#state = { kind: 'waiting', reason: end.message };
        log.info(end.message);
        return;
      }
      if (clock.monotonicMs() - startedMs >= HEALTHY_RUN_MS) this.#backOff.reset();
      const delayMs = this.#backOff.nextDelayMs();
      this.#state = { kind: 'waiting', reason: end.message };
      const when = delayMs === 0 ? 'at once' : `in ${(delayMs / 1000).toFixed(1)} s`;
      log.warn(`${end.message}; trying again ${when}`, end.fields);
      this.#wake = new AbortController();
      using untilWoken = new JoinedSignal(signal, this.#wake.signal);
      await sleep(clock, delayMs, untilWoken.signal).catch(() => undefined);
    }
  }

  async #playOnce(signal: AbortSignal): Promise<RunEnd> {
    try {
      await using source = await this.#options.open(signal);
      this.#source = source;
      using _ = new Watchdog(this.#options.clock, KEY_PATIENCE_MS, () => this.#tellMissingKey());
      await source.play((packet, ageMs) => this.#receive(packet, ageMs), signal);
      if (!signal.aborted) return ended('closed', 'the camera ended the stream');
    } catch (error) {
      if (!signal.aborted) return endedBy(error);
    }
    return ended('stopped', 'the recorder stopped');
  }

  /** Nothing can be recorded before. It goes on waiting: with a very long GOP a key picture may be minutes away. */
  #tellMissingKey(): void {
    if (this.#run !== undefined) return;
    const { log, onAway } = this.#options;
    const message =
      `the camera sent no picture to begin with for ${KEY_PATIENCE_MS / 1000} s, ` +
      'neither a key picture nor a recovery point';
    this.#state = { kind: 'waiting', reason: message };
    log.warn(`${message}; waiting on. A shorter key frame interval in the camera's settings helps`);
    onAway?.(ended('no-key', message), KEY_PATIENCE_MS);
  }

  #receive(packet: Packet, ageMs: number = 0): void {
    const run = this.#runFor(packet, ageMs);
    if (run !== undefined) this.#options.sink.packet(packet, run);
  }

  /** The run this packet belongs to: begins with the first key picture, and anew after a jump of the host's clock. */
  #runFor(packet: Packet, ageMs: number): Run | undefined {
    const { clock, log, sink } = this.#options;
    const isPicture = packet.track.kind === 'video';
    const isStart = isPicture && packet.isKey;
    if (this.#run === undefined && !isStart) return undefined;
    const arrived = {
      wall: wallMs(clock.wallMs() - ageMs),
      monotonic: monotonicMs(clock.monotonicMs() - ageMs),
    };
    const mediaMs = (packet.dts * 1000) / packet.track.clockRateHz;
    if (this.#run !== undefined && isPicture) {
      const jumpMs = this.#run.clock.observe(mediaMs, arrived);
      if (isStart && Math.abs(jumpMs) > JUMP_MS) {
        const message = `the host's clock was set by ${(jumpMs / 1000).toFixed(1)} s`;
        log.warn(`${message}; a new run begins`);
        this.#endRun(ended('clock-jump', message));
      }
    }
    if (this.#run === undefined) {
      this.#run = startRun(++this.#runCount, mediaMs, arrived);
      this.#state = { kind: 'playing', sinceMs: arrived.wall };
      sink.runStarted(this.#run);
      this.#source?.runStarted?.();
    }
    return this.#run;
  }

  #endRun(end: RunEnd): void {
    const run = this.#run;
    this.#run = undefined;
    if (run !== undefined) this.#options.sink.runEnded(run, end);
  }
}

function ended(kind: string, message: string): RunEnd {
  return { kind, message, fields: { kind } };
}

function endedBy(error: unknown): RunEnd {
  const message = describeError(error);
  return error instanceof PrerollError
    ? { kind: error.kind, message, fields: error.fields }
    : ended('failed', message);
}
