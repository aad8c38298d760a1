import type { Clock, Timer } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { MonotonicMs } from '../base/time.ts';
import { socketsRead } from '../base/sockets-read.ts';
import { Watchdog } from '../base/watchdog.ts';
import { shownAtMs, type Packet } from '../media/packet.ts';
import type { LentMemory } from '../media/slab.ts';
import type { FrameSink, RtspConnection } from './connection.ts';
import { printable, type RtspErrorKind } from './error.ts';
import type { RtpInfo } from './headers.ts';
import type { MediaProblem } from './media-problem.ts';
import { ProblemLog } from './problem-log.ts';
import { RunOrigin } from './rtp-clock.ts';
import type { SetTrack } from './setup.ts';
import type { StreamPace } from './stream-pace.ts';
import { TrackReceiver } from './track-receiver.ts';

/** How often it reports back, or more often where the session is shorter. */
const LONGEST_TICK_MS = 5_000;
/** A tick that comes so late was held up by a standstill. */
const LATE_MS = 1_000;
/** What may come before the answer to PLAY, kept until that brings RTP-Info. */
const MAX_EARLY_BYTES = 2 * 1024 * 1024;
/** A camera that said goodbye (RTCP BYE) and means it sends nothing for so long. */
const GOODBYE_MS = 2000;

/** RTCP packet types (RFC 3550 12.1, RFC 5761 4): on a channel of RTP they tell that it carries both. */
const FIRST_RTCP_TYPE = 200;
const LAST_RTCP_TYPE = 206;

export interface PlayingOptions {
  readonly connection: RtspConnection;
  readonly tracks: readonly SetTrack[];
  /** No media for so long ends it with `stall`. */
  readonly stallMs: number;
  /** The same before the first packet. */
  readonly firstMediaMs: number;
  readonly keepAliveMs: number;
  /** Called about every `keepAliveMs`; must not throw. */
  readonly keepAlive: () => void;
  readonly onPacket: (packet: Packet) => void;
  readonly onProblem: ((problem: MediaProblem) => void) | undefined;
  readonly pace: StreamPace | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

interface PlayedTrack {
  readonly set: SetTrack;
  readonly receiver: TrackReceiver;
  readonly problems: ProblemLog;
}

interface EarlyFrame {
  readonly track: PlayedTrack;
  readonly isRtcp: boolean;
  readonly bytes: Uint8Array;
  readonly arrivalMs: MonotonicMs;
}

/**
 * Takes in the media of a session from before PLAY until it ends: deals packets out to the tracks' receivers, watches
 * for a stall, reports back by RTCP and keeps the session alive.
 */
export class Playing implements FrameSink {
  readonly #options: PlayingOptions;
  readonly #tracks: readonly PlayedTrack[];
  readonly #rtpOfChannel: (PlayedTrack | undefined)[] = Array.from({ length: 256 });
  readonly #rtcpOfChannel: (PlayedTrack | undefined)[] = Array.from({ length: 256 });
  /** Undefined once the answer to PLAY is there. */
  #early: EarlyFrame[] | undefined = [];
  #earlyBytes = 0;
  #hasMedia = false;
  #silence: Watchdog | undefined;
  #lastKeepAliveMs: MonotonicMs;
  #goodbye: { readonly saidMs: MonotonicMs; readonly watchdog: Watchdog } | undefined;
  #strayFrames = 0;
  #junkBytes = 0;
  #resynchronisations = 0;
  /** Undefined before it runs, and once it is finished. */
  #timer: Timer | undefined;
  #failure: { readonly error: unknown } | undefined;
  #consumerFailed = false;
  #settle: () => void = () => {};

  constructor(options: PlayingOptions) {
    this.#options = options;
    const nowMs = options.clock.monotonicMs();
    this.#lastKeepAliveMs = nowMs;
    const run = new RunOrigin({ hasVideo: options.tracks.some(({ media }) => media.type === 'video') });
    this.#tracks = options.tracks.map((set, index) => this.#receive(set, index, run));
  }

  get statistics() {
    const foreign = this.#tracks.map(({ set }) =>
      set.channel.kind === 'udp' ? set.channel.sockets.foreignPackets : 0,
    );
    return {
      tracks: this.#tracks.map(({ receiver }) => receiver.statistics),
      strayFrames: this.#strayFrames + foreign.reduce((sum, count) => sum + count, 0),
      junkBytes: this.#junkBytes,
      resynchronisations: this.#resynchronisations,
    };
  }

  /** True once a packet of the track that matters came. */
  get hasMedia(): boolean {
    return this.#hasMedia;
  }

  /** Begins to take in; what comes is kept until `run`. */
  start(): void {
    const { connection } = this.#options;
    connection.deliverFramesTo(this);
    for (const track of this.#tracks) this.#listen(track);
  }

  /**
   * Hands out packets until the signal aborts; with a pace also those that had come by then and were still to be read.
   * @param rtpInfo of the answer to PLAY.
   * @throws RtspError; whatever `onPacket` threw.
   */
  async run(rtpInfo: readonly RtpInfo[], signal: AbortSignal): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#settle = resolve;
    });
    const { connection, pace } = this.#options;
    const abort = () => {
      if (pace === undefined) connection.deliverFramesTo(undefined);
      this.#settle();
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (signal.aborted) return;
      this.#watchForStall(this.#options.firstMediaMs, 'PLAY');
      this.#scheduleTick();
      this.#useRtpInfo(rtpInfo);
      this.#deliverEarly(signal);
      // What comes as datagrams is read as it comes.
      if (this.#tracks.some(({ set }) => set.channel.kind === 'tcp')) pace?.begin(connection);
      if (this.#failure === undefined) await ended;
      if (signal.aborted && pace !== undefined) await connection.readRest();
    } finally {
      signal.removeEventListener('abort', abort);
    }
    if (this.#failure !== undefined && !signal.aborted) throw this.#failure.error;
  }

  /** Stops taking in, emits what the receivers hold back, and writes the last of the log. */
  finish(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#silence?.[Symbol.dispose]();
    this.#goodbye?.watchdog[Symbol.dispose]();
    this.#options.connection.deliverFramesTo(undefined);
    this.#options.pace?.end(this.#options.connection);
    for (const { receiver, problems } of this.#tracks) {
      if (!this.#consumerFailed) receiver.flush();
      problems.write(this.#options.clock.monotonicMs(), true);
    }
  }

  onEnd(error: unknown): void {
    this.#failure ??= { error };
    this.#settle();
  }

  /** Video is most of what comes: the rest is copied out of its memory. */
  lend(aheadBytes: number): LentMemory | undefined {
    const first = this.#tracks[0];
    if (this.#early !== undefined || first?.set.channel.kind !== 'tcp') return undefined;
    return first.receiver.lend(aheadBytes);
  }

  onFrame(channel: number, bytes: Uint8Array, from: number, to: number, arrivalMs: MonotonicMs): void {
    const rtp = this.#rtpOfChannel[channel];
    if (rtp !== undefined) {
      this.#deliver(rtp, false, bytes, from, to, arrivalMs);
      return;
    }
    const rtcp = this.#rtcpOfChannel[channel];
    if (rtcp !== undefined) this.#deliver(rtcp, true, bytes, from, to, arrivalMs);
    // Old live555 servers send what belonged to an earlier connection here: not ours, not worth an error.
    else this.#strayFrames++;
  }

  onResynchronised(junkBytes: number): void {
    this.#junkBytes += junkBytes;
    this.#resynchronisations++;
    this.#options.log.warn('the camera sent stray bytes between frames; found the next frame again', {
      junkBytes,
      resynchronisations: this.#resynchronisations,
    });
  }

  isPlausibleFrame(channel: number, first: number, second: number): boolean {
    if (first >> 6 !== 2) return false;
    const rtp = this.#rtpOfChannel[channel];
    if (rtp !== undefined) return (second & 0x7f) === rtp.set.media.payloadType;
    return this.#rtcpOfChannel[channel] !== undefined && isRtcpType(second);
  }

  #receive(set: SetTrack, index: number, run: RunOrigin): PlayedTrack {
    const problems = new ProblemLog(this.#options.log.with({ track: set.media.type }));
    const receiver = new TrackReceiver({
      media: set.media,
      index,
      transport: set.channel.kind,
      run,
      onPacket: (packet) => this.#emit(packet),
      onProblem: (problem) => this.#note(problem, problems, set),
    });
    return { set, receiver, problems };
  }

  /** Should the consumer throw, it gets nothing more. */
  #emit(packet: Packet): void {
    if (packet.isKey && packet.track.kind === 'video') {
      const { pace, connection } = this.#options;
      pace?.keyPicture(shownAtMs(packet), connection.receivedBytes);
    }
    this.#consumerFailed = true;
    this.#options.onPacket(packet);
    this.#consumerFailed = false;
  }

  #listen(track: PlayedTrack): void {
    const { channel } = track.set;
    if (channel.kind === 'tcp') {
      this.#rtpOfChannel[channel.rtp] = track;
      this.#rtcpOfChannel[channel.rtcp] = track;
      return;
    }
    const { clock, connection } = this.#options;
    const guarded = (isRtcp: boolean) => (bytes: Uint8Array) => {
      try {
        this.#deliver(track, isRtcp, bytes, 0, bytes.length, clock.monotonicMs());
      } catch (error) {
        this.onEnd(error);
      }
    };
    channel.sockets.onRtp = guarded(false);
    channel.sockets.onRtcp = guarded(true);
    channel.sockets.onError = (cause) =>
      this.onEnd(connection.error('closed', 'receiving by UDP failed', {}, { cause }));
  }

  #deliver(
    track: PlayedTrack,
    isRtcp: boolean,
    bytes: Uint8Array,
    from: number,
    to: number,
    arrivalMs: MonotonicMs,
  ): void {
    if (this.#early !== undefined) {
      this.#keepEarly({ track, isRtcp, bytes: Uint8Array.from(bytes.subarray(from, to)), arrivalMs });
      return;
    }
    if (isRtcp || (to - from > 1 && isRtcpType(bytes[from + 1] ?? 0))) {
      track.receiver.receiveRtcp(bytes.subarray(from, to), arrivalMs);
      return;
    }
    // With video in it, a session whose sound goes on alone has stalled.
    if (track === this.#tracks[0]) this.#noteMedia(arrivalMs);
    track.receiver.receiveRtp(bytes, arrivalMs, from, to);
  }

  #noteMedia(arrivalMs: MonotonicMs): void {
    if (this.#hasMedia) this.#silence?.calm(arrivalMs);
    else this.#watchForStall(this.#options.stallMs, 'the last packet');
    this.#hasMedia = true;
    if (this.#goodbye === undefined || arrivalMs <= this.#goodbye.saidMs) return;
    this.#goodbye.watchdog[Symbol.dispose]();
    this.#goodbye = undefined;
  }

  #keepEarly(frame: EarlyFrame): void {
    if (this.#earlyBytes + frame.bytes.length > MAX_EARLY_BYTES) return;
    this.#earlyBytes += frame.bytes.length;
    this.#early?.push(frame);
  }

  #deliverEarly(signal: AbortSignal): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const { track, isRtcp, bytes, arrivalMs } of early) {
      if (signal.aborted) return;
      this.#deliver(track, isRtcp, bytes, 0, bytes.length, arrivalMs);
    }
  }

  /** Entries are matched by the end of their URL, which cameras write in many ways, else by their order. */
  #useRtpInfo(entries: readonly RtpInfo[]): void {
    for (const [index, { set, receiver }] of this.#tracks.entries()) {
      const byUrl = entries.find(({ url }) => url !== '' && (set.uri.endsWith(url) || url.endsWith(set.uri)));
      const entry = byUrl ?? (entries.length === this.#tracks.length ? entries[index] : undefined);
      if (entry?.rtptime !== undefined) receiver.useRtpInfo(entry.rtptime);
    }
  }

  #note(problem: MediaProblem, problems: ProblemLog, { channel }: SetTrack): void {
    problems.note(problem);
    this.#options.onProblem?.(problem);
    if (problem.kind === 'bye') this.#goodbye ??= this.#watchGoodbye();
    if (problem.kind !== 'time-jump') return;
    const message = `playing: the camera's media clock jumped by ${problem.jumpSeconds.toFixed(3)} s`;
    this.#fail('media', message, {
      sequence: problem.sequence,
      channel: channel.kind === 'tcp' ? channel.rtp : channel.sockets.rtpPort,
    });
  }

  get #tickMs(): number {
    return Math.min(LONGEST_TICK_MS, this.#options.keepAliveMs);
  }

  #scheduleTick(): void {
    const { clock } = this.#options;
    const dueMs = clock.monotonicMs() + this.#tickMs;
    this.#timer = clock.setTimer(this.#tickMs, () => {
      const nowMs = clock.monotonicMs();
      this.#scheduleTick();
      // After a standstill what has come is read first: writing to a camera that has left meanwhile would lose it.
      if (nowMs - dueMs < LATE_MS) void this.#tick(nowMs);
    });
  }

  async #tick(nowMs: MonotonicMs): Promise<void> {
    // A pause may end with this tick: what has come is read first here too.
    await socketsRead();
    if (this.#timer === undefined) return;
    const { keepAlive, keepAliveMs } = this.#options;
    for (const { problems } of this.#tracks) problems.write(nowMs);
    this.#report(nowMs);
    // Ticks come a little early or late.
    if (nowMs - this.#lastKeepAliveMs + this.#tickMs / 2 >= keepAliveMs) {
      this.#lastKeepAliveMs = nowMs;
      keepAlive();
    }
  }

  #watchForStall(limitMs: number, since: string): void {
    this.#silence?.[Symbol.dispose]();
    this.#silence = new Watchdog(this.#options.clock, limitMs, () =>
      this.#fail('stall', `playing: found no media for ${limitMs} ms since ${since}`),
    );
  }

  #watchGoodbye() {
    const { clock } = this.#options;
    const watchdog = new Watchdog(clock, GOODBYE_MS, () =>
      this.#fail('closed', 'playing: the camera ended the stream'),
    );
    return { saidMs: clock.monotonicMs(), watchdog };
  }

  #report(nowMs: MonotonicMs): void {
    for (const { set, receiver } of this.#tracks) {
      const report = receiver.receiverReport(nowMs);
      if (report === undefined) continue;
      if (set.channel.kind === 'tcp') this.#options.connection.sendFrame(set.channel.rtcp, report);
      else set.channel.sockets.sendRtcp(report);
    }
  }

  #fail(kind: RtspErrorKind, message: string, context: { sequence?: number; channel?: number } = {}): void {
    this.onEnd(this.#options.connection.error(kind, printable(message, 200), context));
  }
}

function isRtcpType(type: number): boolean {
  return type >= FIRST_RTCP_TYPE && type <= LAST_RTCP_TYPE;
}
