import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { MonotonicMs } from '../base/time.ts';
import type { Generation } from './generation.ts';
import type { MediaMessage } from './live-message.ts';
import {
  liveRequest,
  type FallbackReason,
  type LiveNotice,
  type LiveStreamName,
  type PlayRequest,
} from './protocol.ts';
import { SendQueue } from './send-queue.ts';
import type { StreamFollower } from './shared-stream.ts';

/** Where a player's messages go: a WebSocket. */
export interface PlayerSocket {
  sendText(text: string): void;
  /** A message as it goes over the wire: see `encodeLiveFrame`. */
  sendFrame(frame: Uint8Array): void;
  /** Ends the connection with a player that does not answer. */
  close(reason: string): void;
}

/** The streams of the server's cameras. */
export interface LiveStreams {
  /** Undefined for a camera that there is not. */
  hasSub(camera: string): boolean | undefined;
  follow(camera: string, stream: LiveStreamName, follower: StreamFollower): Disposable;
}

export interface LivePlayerOptions {
  readonly socket: PlayerSocket;
  readonly streams: LiveStreams;
  /** Whether the user may watch the camera. */
  readonly mayWatch: (camera: string) => boolean;
  /** Told each time the user begins to watch a camera. */
  readonly onWatch: (camera: string) => void;
  readonly clock: Clock;
}

/** What is played. */
interface Playing {
  readonly request: PlayRequest;
  readonly hasSub: boolean;
  readonly stream: LiveStreamName;
  readonly because: FallbackReason | null;
}

/** A player that has acknowledged nothing for so long has gone without saying so. */
const LONGEST_UNACKNOWLEDGED_MS = 30_000;
/** After a fall-back for a slow link main is tried again after so long, and twice as long each time it fails. */
const SLOW_LINK_MS = { first: 60_000, longest: 16 * 60_000 } as const;

/** One player: a browser's picture of one camera, on a WebSocket of its own (design/live.md). */
export class LivePlayer implements StreamFollower, Disposable {
  readonly #options: LivePlayerOptions;
  readonly #queue: SendQueue;
  #playing: Playing | undefined;
  #following: Disposable | undefined;
  #generation: Generation | undefined;
  #withSound = false;
  #epochUs = 0;
  /** Until when main is not tried again. */
  #slowUntilMs: MonotonicMs | undefined;
  #slowForMs: number = SLOW_LINK_MS.first;

  constructor(options: LivePlayerOptions) {
    this.#options = options;
    this.#queue = new SendQueue({
      send: (message) => this.#sendMedia(message),
      onLate: () => this.#late(),
      onDropped: (frames) => this.#tell({ t: 'dropped', frames }),
      clock: options.clock,
    });
  }

  /** What the player sent as text. */
  receive(text: string): void {
    const request = liveRequest.safeParse(parsed(text));
    if (!request.success) {
      this.#tell({
        t: 'error',
        code: 'bad-message',
        message: 'expected play, ack or pause, found something else',
      });
      return;
    }
    switch (request.data.t) {
      case 'play':
        this.#slowUntilMs = undefined;
        this.#play(request.data);
        return;
      case 'ack':
        this.#queue.acknowledge(request.data.seq);
        return;
      case 'pause':
        this.#leave();
    }
  }

  generation(generation: Generation, messages: readonly MediaMessage[]): void {
    const playing = this.#playing;
    if (playing === undefined) return;
    const { v, a, mode } = playing.request;
    const isPlayed = v.includes(family(generation.track(false).video));
    if (!isPlayed) {
      this.#fallBackForCodec(playing, generation);
      return;
    }
    const sound = generation.track(true).audio;
    this.#generation = generation;
    this.#withSound = sound !== null && a.includes(family(sound));
    this.#queue.clear();
    try {
      const inits = generation.init(mode, this.#withSound);
      this.#tellTrack(playing, generation, messages);
      for (const init of inits) this.#options.socket.sendFrame(init);
    } catch (error) {
      this.#generation = undefined;
      this.#tell({ t: 'away', reason: `the stream cannot be shown: ${describeError(error)}` });
      return;
    }
    for (const message of messages) this.#push(message, 'burst');
  }

  message(message: MediaMessage): void {
    if (this.#queue.unacknowledgedMs > LONGEST_UNACKNOWLEDGED_MS) {
      this.#leave();
      this.#options.socket.close('nothing was acknowledged');
      return;
    }
    if (message.isKey && this.#isToTryMain()) return;
    this.#push(message, 'live');
  }

  away(reason: string): void {
    this.#generation = undefined;
    this.#queue.clear();
    this.#tell({ t: 'away', reason });
  }

  [Symbol.dispose](): void {
    this.#leave();
  }

  #play(request: PlayRequest): void {
    const { streams, mayWatch, onWatch } = this.#options;
    const hasSub = mayWatch(request.cam) ? streams.hasSub(request.cam) : undefined;
    if (hasSub === undefined) {
      this.#leave();
      const message = `there is no camera ${JSON.stringify(request.cam)} that you may watch`;
      this.#tell({ t: 'error', code: 'no-camera', message });
      return;
    }
    onWatch(request.cam);
    this.#follow(request, hasSub, request.stream === 'sub' && hasSub ? 'sub' : 'main', null);
  }

  #follow(
    request: PlayRequest,
    hasSub: boolean,
    stream: LiveStreamName,
    because: FallbackReason | null,
  ): void {
    this.#leave();
    const playing: Playing = { request, hasSub, stream, because };
    this.#playing = playing;
    const following = this.#options.streams.follow(request.cam, stream, this);
    // A stream that plays tells its generation at once: it may have been left for another one by now.
    if (this.#playing === playing) this.#following = following;
    else following[Symbol.dispose]();
  }

  #leave(): void {
    this.#following?.[Symbol.dispose]();
    this.#following = undefined;
    this.#playing = undefined;
    this.#generation = undefined;
    this.#queue.clear();
  }

  #push(message: MediaMessage, kind: 'live' | 'burst'): void {
    if (this.#generation === undefined || (message.isSound && !this.#withSound)) return;
    this.#queue.push(message, kind);
  }

  #sendMedia(message: MediaMessage): void {
    const { socket } = this.#options;
    if (message.epochUs !== this.#epochUs) {
      this.#epochUs = message.epochUs;
      this.#tell({ t: 'gap', epochUs: message.epochUs });
    }
    socket.sendFrame(this.#playing?.request.mode === 'wc' ? message.raw : message.fragment);
  }

  #tellTrack(playing: Playing, generation: Generation, messages: readonly MediaMessage[]): void {
    const { stream, because, hasSub } = playing;
    this.#epochUs = messages[0]?.epochUs ?? generation.epochUs;
    const track = generation.track(this.#withSound);
    const liveFrom = messages.at(-1)?.seq;
    this.#tell({
      t: 'track',
      ...track,
      stream,
      because,
      hasSub,
      liveFrom: liveFrom === undefined ? 0 : liveFrom + 1,
      epochUs: this.#epochUs,
    });
  }

  #fallBackForCodec({ request, hasSub, stream }: Playing, generation: Generation): void {
    if (stream === 'main' && hasSub) {
      this.#follow(request, hasSub, 'sub', 'codec');
      return;
    }
    this.#leave();
    const { video } = generation.track(false);
    const message = `${request.cam}: this browser plays none of its streams; the last one tried is ${video}`;
    this.#tell({ t: 'error', code: 'codec', message });
  }

  #late(): void {
    const playing = this.#playing;
    if (
      playing === undefined ||
      playing.request.stream !== 'auto' ||
      playing.stream !== 'main' ||
      !playing.hasSub
    )
      return;
    this.#slowUntilMs = (this.#options.clock.monotonicMs() + this.#slowForMs) as MonotonicMs;
    this.#slowForMs = Math.min(SLOW_LINK_MS.longest, this.#slowForMs * 2);
    this.#follow(playing.request, playing.hasSub, 'sub', 'slow-link');
  }

  /** Goes back to main when the link has had its time to recover. */
  #isToTryMain(): boolean {
    const playing = this.#playing;
    if (playing?.because !== 'slow-link' || this.#slowUntilMs === undefined) return false;
    if (this.#options.clock.monotonicMs() < this.#slowUntilMs) return false;
    this.#follow(playing.request, playing.hasSub, 'main', null);
    return true;
  }

  #tell(notice: LiveNotice): void {
    this.#options.socket.sendText(JSON.stringify(notice));
  }
}

/** Of a codec string, such as `avc1`. */
function family(codecString: string): string {
  return codecString.slice(0, 4);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
