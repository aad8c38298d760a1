import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Packet } from '../media/packet.ts';
import { Caller, type Described } from './describe.ts';
import { printable, RtspError } from './error.ts';
import { parseRtpInfo } from './headers.ts';
import { KeepAlive } from './keep-alive.ts';
import type { MediaProblem } from './media-problem.ts';
import { Playing } from './playing.ts';
import { closeTracks, setUpTracks, UnusableTransport, type SetTrack, type TransportKind } from './setup.ts';
import { chooseTracks, type DescribedMedia } from './track-choice.ts';
import type { TrackStatistics } from './track-receiver.ts';
import type { StreamPace } from './stream-pace.ts';
import { controlUris, type Credentials } from './url.ts';

const DEFAULT_REQUEST_TIMEOUT_MS = 10_000;
/** A stall is to be seen within ten seconds: the last of what came before it may be read 1.6 s later, and had been under way for a while. */
const DEFAULT_STALL_MS = 7_000;
/** UDP that a firewall swallows shows within this time. */
const FIRST_UDP_MEDIA_MS = 3000;
/** How long the answer to TEARDOWN is waited for. */
const TEARDOWN_MS = 500;

export interface RtspOptions {
  /** For errors and log lines. */
  readonly camera: string;
  /** `rtsp://`, may contain credentials, percent-encoded or not. */
  readonly url: string;
  /** Win over those in the URL. */
  readonly credentials?: Credentials;
  /**
   * What is tried first. The other one follows when the camera refuses it (461) or, for UDP, when no media arrives
   * within 3 s.
   */
  readonly transport: TransportKind;
  /** Whether sound is wanted too. */
  readonly audio: boolean;
  /** For connecting, and for each answer as a whole; 10,000 by default. */
  readonly requestTimeoutMs?: number;
  /** How long no media may come while playing; 8,000 by default, noticed within a second more. */
  readonly stallMs?: number;
  /** Told what goes wrong with the media of any track; the log has it too. */
  readonly onProblem?: (problem: MediaProblem) => void;
  /**
   * Of streams whose packets may come up to 400 ms late; without it they are read as they come. What the camera had sent when the
   * signal of `play` aborts is handed out before that resolves.
   */
  readonly pace?: StreamPace;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a camera offers. Texts are as sent, empty when absent. */
export interface SessionDescription {
  /** The `Server` header. */
  readonly server: string;
  /** `s=` and `a=tool` of the session description. */
  readonly name: string;
  readonly tool: string;
  /** Methods the camera knows, in capitals. */
  readonly methods: readonly string[];
  /** All tracks, and of those that we do not play why not. */
  readonly media: readonly DescribedMedia[];
}

/** Counters since PLAY, sums over the tracks; they begin anew when the transport changes. */
export interface RtspStatistics extends TrackStatistics {
  /** The transport in use or used last. */
  readonly transport: TransportKind;
  /** Frames of channels that we did not set up, and UDP packets from elsewhere. */
  readonly strayFrames: number;
  readonly junkBytes: number;
  readonly resynchronisations: number;
}

/**
 * Connects and asks for the stream's description.
 * @throws RtspError; the signal's reason when it aborts.
 */
export async function openRtsp(options: RtspOptions, signal: AbortSignal): Promise<RtspSession> {
  const caller = new Caller({
    camera: options.camera,
    url: options.url,
    credentials: options.credentials,
    requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
    clock: options.clock,
  });
  return new RtspSession(options, caller, await caller.describe(signal));
}

/** One session with a camera: described, played at most once, and disposed of by the caller. */
export class RtspSession implements AsyncDisposable {
  readonly #options: RtspOptions;
  readonly #caller: Caller;
  #described: Described;
  #transport: TransportKind;
  #playing: Playing | undefined;

  /** @internal Use `openRtsp`. */
  constructor(options: RtspOptions, caller: Caller, described: Described) {
    this.#options = options;
    this.#caller = caller;
    this.#described = described;
    this.#transport = options.transport;
  }

  get description(): SessionDescription {
    const { sdp, server, methods } = this.#described;
    const media = chooseTracks(sdp, this.#options.audio);
    return { server, name: sdp.name, tool: sdp.tool, methods, media };
  }

  get statistics(): RtspStatistics {
    const playing = this.#playing?.statistics;
    const tracks = playing?.tracks ?? [];
    const sum = (of: (track: TrackStatistics) => number) => tracks.reduce((total, one) => total + of(one), 0);
    return {
      transport: this.#transport,
      packets: sum(({ packets }) => packets),
      bytes: sum(({ bytes }) => bytes),
      lost: sum(({ lost }) => lost),
      reordered: sum(({ reordered }) => reordered),
      duplicates: sum(({ duplicates }) => duplicates),
      discarded: sum(({ discarded }) => discarded),
      droppedUnits: sum(({ droppedUnits }) => droppedUnits),
      strayFrames: playing?.strayFrames ?? 0,
      junkBytes: playing?.junkBytes ?? 0,
      resynchronisations: playing?.resynchronisations ?? 0,
    };
  }

  /** @throws RtspError `unsupported` where there is no video that we can play. */
  requireVideo(): void {
    if (!this.description.media.some(({ isPlayed, media }) => isPlayed && media.type === 'video')) {
      throw this.#nothingToPlay();
    }
  }

  /**
   * Sets the tracks up, plays them, and calls `onPacket` for each access unit in order of arrival. Resolves when the
   * signal aborts.
   * @throws RtspError when the session ends otherwise; whatever `onPacket` throws.
   */
  async play(onPacket: (packet: Packet) => void, signal: AbortSignal): Promise<void> {
    try {
      await this.#playOverFirst(onPacket, signal);
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) throw error;
    }
  }

  /** Says goodbye to the camera, within half a second, and closes the connection. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hangUp();
  }

  async #playOverFirst(onPacket: (packet: Packet) => void, signal: AbortSignal): Promise<void> {
    const first = this.#options.transport;
    try {
      await this.#playOver(first, onPacket, signal);
      return;
    } catch (error) {
      if (!(error instanceof UnusableTransport)) throw error;
      this.#transport = first === 'tcp' ? 'udp' : 'tcp';
      const { message, fields } = error.cause;
      this.#options.log.warn(`cannot play over ${first}, trying ${this.#transport}: ${message}`, fields);
    }
    try {
      await this.#hangUp();
      this.#described = await this.#caller.describe(signal);
      await this.#playOver(this.#transport, onPacket, signal);
    } catch (error) {
      throw error instanceof UnusableTransport ? error.cause : error;
    }
  }

  async #playOver(
    transport: TransportKind,
    onPacket: (packet: Packet) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const tracks = await setUpTracks(this.#described, this.#playedMedia(), transport, signal);
    const keepAlive = this.#newKeepAlive();
    const isFirstUdp = transport === 'udp' && this.#options.transport === 'udp';
    const playing = this.#newPlaying(tracks, isFirstUdp, onPacket, keepAlive);
    this.#playing = playing;
    try {
      await this.#run(playing, signal);
    } catch (error) {
      const isStall = error instanceof RtspError && error.kind === 'stall';
      throw transport === 'udp' && isStall && !playing.hasMedia ? new UnusableTransport(error) : error;
    } finally {
      closeTracks(tracks);
      await keepAlive.stop();
    }
  }

  /** Video first: it is the track with index 0 and the one whose silence is a stall. */
  #playedMedia() {
    const { media } = this.description;
    const played = media.filter((one) => one.isPlayed).map((one) => one.media);
    if (played.length > 0)
      return played.toSorted((a, b) => Number(b.type === 'video') - Number(a.type === 'video'));
    throw this.#nothingToPlay();
  }

  #nothingToPlay(): RtspError {
    const found = this.description.media
      .map(({ media }) => `${media.type} ${printable(media.encoding) || '(unknown)'}`)
      .join(', ');
    const message = `choosing a track: expected H.264 or H.265, found ${found || 'no track'}`;
    return this.#described.dialogue.connection.error('unsupported', message);
  }

  #newPlaying(
    tracks: readonly SetTrack[],
    isFirstUdp: boolean,
    onPacket: (packet: Packet) => void,
    keepAlive: KeepAlive,
  ): Playing {
    const { clock, log, onProblem, stallMs = DEFAULT_STALL_MS } = this.#options;
    const { connection, sessionTimeoutMs } = this.#described.dialogue;
    return new Playing({
      connection,
      tracks,
      stallMs,
      firstMediaMs: isFirstUdp ? Math.min(FIRST_UDP_MEDIA_MS, stallMs) : stallMs,
      keepAliveMs: sessionTimeoutMs / 2,
      keepAlive: () => keepAlive.send(),
      onPacket,
      onProblem,
      pace: this.#options.pace,
      clock,
      log,
    });
  }

  #newKeepAlive(): KeepAlive {
    const { dialogue, methods } = this.#described;
    const { log, requestTimeoutMs = DEFAULT_REQUEST_TIMEOUT_MS } = this.#options;
    const timeoutMs = Math.min(requestTimeoutMs, dialogue.sessionTimeoutMs / 2);
    return new KeepAlive({ dialogue, uri: this.#aggregateUri(), methods, timeoutMs, log });
  }

  async #run(playing: Playing, signal: AbortSignal): Promise<void> {
    playing.start();
    try {
      const question = {
        method: 'PLAY',
        uri: this.#aggregateUri(),
        headers: [['Range', 'npt=0.000-']] as const,
      };
      const answer = await this.#described.dialogue.demand(question, signal);
      await playing.run(parseRtpInfo(answer.headers.get('RTP-Info') ?? ''), signal);
    } finally {
      playing.finish();
    }
  }

  /** The session as a whole (RFC 2326 C.1.1), for PLAY, keep-alive and TEARDOWN. */
  #aggregateUri(): string {
    const { base, sdp } = this.#described;
    return controlUris(base, sdp.control)[0] ?? base;
  }

  async #hangUp(): Promise<void> {
    const { dialogue } = this.#described;
    dialogue.connection.readInTurns(undefined);
    try {
      if (dialogue.hasSession && !dialogue.connection.isEnded) {
        const question = { method: 'TEARDOWN', uri: this.#aggregateUri() };
        await dialogue.ask(question, new AbortController().signal, TEARDOWN_MS);
      }
    } catch (error) {
      this.#options.log.debug(`the camera did not confirm the end: ${describeError(error)}`);
    } finally {
      dialogue.connection.destroy();
    }
  }
}
