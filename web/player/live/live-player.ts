import type { LiveNotice, LiveTrack, PlayRequest } from '../../../src/http/api/live.ts';
import { LiveBuffer } from './live-buffer.ts';
import { LiveConnection } from './live-connection.ts';
import { LiveEdge } from './live-edge.ts';
import { LiveViewStore, type LiveView } from './live-view.ts';
import type { MediaMessage } from './media-message.ts';
import { playableCodecs } from './playable-codecs.ts';

export interface LivePlayerOptions {
  /** Played into; the player sets its source, rate, time and volume. */
  readonly video: HTMLVideoElement;
  /** Of the WebSocket `api/live`. */
  readonly url: string;
  readonly camera: string;
  readonly stream: PlayRequest['stream'];
}

/** A page that is hidden, or a player out of sight, is given so long before it is left. */
const REST_AFTER_MS = 5_000;
/** Pictures that were left out for the slow link are told of for so long. */
const BEHIND_MS = 5_000;
/** After a browser's failure; doubles each time until pictures are shown for a while. */
const RECOVERY_MS = { first: 500, longest: 30_000, calm: 10_000 } as const;
/** Of a stream that the browser can play, something is in its buffer by then. */
const NOTHING_MS = 5_000;
/** So much is decoded at once. */
const SHORT_GOP_S = 0.3;
/** What runs dry so soon after a jump does so because of it. */
const AFTER_JUMP_MS = 3_000;

/** Plays a camera live: fragments of MP4 over a WebSocket into Media Source Extensions (design/live.md). */
export class LivePlayer {
  readonly #options: LivePlayerOptions;
  readonly #video: HTMLVideoElement;
  readonly #connection: LiveConnection;
  readonly #buffer: LiveBuffer;
  readonly #edge = new LiveEdge();
  readonly #store = new LiveViewStore();
  readonly #codecs = playableCodecs();
  readonly #disposed = new AbortController();
  #stream: PlayRequest['stream'];
  #volume = 0;
  #cameraCodec: string | undefined;
  #isVisible = true;
  #isResting = false;
  #track: LiveTrack | undefined;
  #epochUs = 0;
  /** Of this generation, until what was held for a player that joins has come. */
  #isJoining = false;
  #hasBurst = false;
  /** The key picture that it begins with, where nothing newer is on screen: looked for, and there. */
  #firstPicture: 'sought' | 'found' | undefined;
  #jumpedAtMs = 0;
  /** While nothing is left to show. */
  #dryFromMs: number | undefined;
  /** Where what had come ended when the rate was set last, in seconds of media time. */
  #steeredEndS: number | undefined;
  #begunAtMs = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #behind: ReturnType<typeof setTimeout> | undefined;
  #recovery: ReturnType<typeof setTimeout> | undefined;
  #recoveryMs: number = RECOVERY_MS.first;
  #shownFromMs: number | undefined;

  constructor(options: LivePlayerOptions) {
    this.#options = options;
    this.#stream = options.stream;
    this.#video = options.video;
    this.#connection = new LiveConnection(options.url, {
      onOpen: () => this.#buffer.empty(),
      onNotice: (notice) => this.#hear(notice),
      onMedia: (message) => this.#receive(message),
      onLost: () => this.#isLost(),
    });
    this.#buffer = new LiveBuffer(options.video, {
      onAppended: () => this.#follow(),
      onFailed: () => this.#recover(),
    });
  }

  get view(): LiveView {
    return this.#store.get();
  }

  /** Calls `listener` after each change of `view`. @returns ends that. */
  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** When the picture on screen was taken, in ms since 1970; undefined before the first one. */
  get shownWallMs(): number | undefined {
    return this.view.hasPicture ? this.wallMsOf(this.#video.currentTime) : undefined;
  }

  /** The wall time of a time of the `<video>`. */
  wallMsOf(mediaTimeS: number): number {
    return this.#epochUs / 1000 + mediaTimeS * 1000;
  }

  start(): void {
    const { signal } = this.#disposed;
    const video = this.#video;
    video.muted = true;
    video.playsInline = true;
    document.addEventListener('visibilitychange', () => this.#look(), { signal });
    video.addEventListener('waiting', () => this.#runsDry(), { signal });
    video.addEventListener('playing', () => this.#ranDry(), { signal });
    video.addEventListener('seeked', () => this.#hasSought(), { signal });
    video.addEventListener('error', () => this.#recover(), { signal });
    this.#join();
    this.#look();
  }

  /** `auto` and `main` for a large picture, `sub` for a small one. */
  setStream(stream: PlayRequest['stream']): void {
    if (stream === this.#stream) return;
    this.#stream = stream;
    if (!this.#isResting) this.#join();
  }

  /** 0..1; 0 at the beginning: without sound none is fetched. Browsers allow it only where somebody touched the page. */
  setVolume(volume: number): void {
    const isToJoin = volume > 0 !== this.#volume > 0;
    this.#volume = volume;
    this.#video.volume = volume;
    this.#video.muted = volume === 0;
    if (isToJoin && !this.#isResting) this.#join();
  }

  /**
   * What the camera's main stream is encoded in, undefined where that is not known at present. With another codec what the
   * browser could not play is tried anew.
   */
  setCameraCodec(codec: string | undefined): void {
    if (codec === undefined || codec === this.#cameraCodec) return;
    const isFirst = this.#cameraCodec === undefined;
    this.#cameraCodec = codec;
    if (!isFirst && this.#lacksCodec && !this.#isResting) this.#join();
  }

  /** Out of sight nothing is fetched. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#look();
  }

  /** Ends everything and empties the `<video>`. */
  dispose(): void {
    this.#disposed.abort();
    clearTimeout(this.#rest);
    clearTimeout(this.#behind);
    clearTimeout(this.#recovery);
    this.#connection.close();
    this.#buffer.close();
  }

  get #lacksCodec(): boolean {
    const { activity, track } = this.view;
    return activity.kind === 'refused' ? activity.code === 'codec' : track?.because === 'codec';
  }

  #join(): void {
    const { video, audio } = this.#codecs;
    if (video.length === 0) {
      const reason = 'this browser has no Media Source Extensions';
      this.#store.setActivity({ kind: 'refused', code: 'codec', reason });
      return;
    }
    this.#isResting = false;
    this.#buffer.prepare();
    this.#connection.play({
      t: 'play',
      cam: this.#options.camera,
      stream: this.#stream,
      mode: 'mse',
      v: [...video],
      a: this.#volume > 0 ? [...audio] : [],
    });
  }

  #look(): void {
    clearTimeout(this.#rest);
    if (document.hidden || !this.#isVisible) {
      this.#rest = setTimeout(() => this.#goToRest(), REST_AFTER_MS);
    } else if (this.#isResting) {
      this.#store.setActivity({ kind: 'connecting' });
      this.#join();
    } else if (this.#buffer.endS !== undefined && !this.#isJoining) {
      this.#jump();
    }
  }

  #goToRest(): void {
    this.#isResting = true;
    clearTimeout(this.#recovery);
    this.#connection.close();
    this.#video.pause();
    this.#store.setActivity({ kind: 'resting' });
  }

  #hear(notice: LiveNotice): void {
    switch (notice.t) {
      case 'track':
        this.#begin(notice);
        return;
      case 'gap':
        this.#epochUs = notice.epochUs;
        return;
      case 'dropped':
        this.#isBehind();
        return;
      case 'away':
        this.#shownFromMs = undefined;
        this.#store.setActivity({ kind: 'camera-away', reason: notice.reason });
        return;
      case 'error':
        this.#shownFromMs = undefined;
        this.#store.setActivity({ kind: 'refused', code: notice.code, reason: notice.message });
    }
  }

  #begin(track: LiveTrack): void {
    this.#track = track;
    this.#epochUs = track.epochUs;
    this.#isJoining = true;
    this.#hasBurst = track.liveFrom === 0;
    this.#firstPicture = undefined;
    this.#begunAtMs = performance.now();
    this.#edge.restart(this.#begunAtMs);
    this.#edge.setIntervalMs(1000 / (track.fps ?? 25));
    this.#store.setTrack({
      stream: track.stream,
      because: track.because,
      widthPx: track.w,
      heightPx: track.h,
    });
    this.#buffer.setType(track.mime);
  }

  #receive({ gen, seq, kind, isKey, captureMs, payload }: MediaMessage): void {
    const track = this.#track;
    if (track === undefined || gen !== track.gen || kind === 'raw') return;
    if (kind === 'fragment' && seq + 1 >= track.liveFrom) this.#hasBurst = true;
    if (this.#buffer.endS === undefined && performance.now() - this.#begunAtMs > NOTHING_MS) {
      this.#tellNothingPlays();
    }
    this.#buffer.append(payload, isKey ? captureMs / 1000 - this.#epochUs / 1_000_000 : undefined);
  }

  /** After something was appended: shows it, and stays near the end. */
  #follow(): void {
    if (this.#isJoining) {
      this.#showFirstPicture();
      if (!this.#hasBurst || this.#firstPicture === 'sought') return;
      this.#isJoining = false;
      this.#jump();
      this.#awaitPicture('live');
      return;
    }
    const endS = this.#buffer.endS;
    const startS = this.#buffer.startS;
    if (endS === undefined || startS === undefined || this.#video.seeking) return;
    const { currentTime } = this.#video;
    // With sound the end moves only when both have come.
    if (endS === this.#steeredEndS && currentTime >= startS) return;
    this.#steeredEndS = endS;
    const steering = this.#edge.steer((endS - currentTime) * 1000, performance.now());
    if (steering.kind === 'jump' || currentTime < startS) this.#jump();
    else if (this.#video.playbackRate !== steering.rate) this.#video.playbackRate = steering.rate;
    if (this.#video.paused) this.#play();
  }

  /**
   * The GOP so far takes browsers a third of a second to decode at 1080p: its key picture is shown until they have, unless what
   * is on screen is newer.
   */
  #showFirstPicture(): void {
    const { endS, startS } = this.#buffer;
    const { kind } = this.view.activity;
    if (this.#firstPicture !== undefined || kind === 'live' || kind === 'behind') return;
    if (endS === undefined || startS === undefined) return;
    if (this.#hasBurst && endS - startS < SHORT_GOP_S) return;
    this.#firstPicture = 'sought';
    this.#video.currentTime = startS;
    this.#awaitPicture('first');
  }

  #hasSought(): void {
    if (this.#firstPicture !== 'sought') return;
    this.#firstPicture = 'found';
    this.#follow();
  }

  /** Chromium takes nothing of a stream without key pictures (design/sources.md), and says nothing either. */
  #tellNothingPlays(): void {
    const reason = 'this browser plays nothing of what the camera sends';
    this.#store.setActivity({ kind: 'refused', code: 'codec', reason });
  }

  #jump(): void {
    const { endS, startS } = this.#buffer;
    if (endS === undefined || startS === undefined) return;
    const nowMs = performance.now();
    this.#jumpedAtMs = nowMs;
    this.#edge.restart(nowMs);
    this.#video.playbackRate = 1;
    this.#video.currentTime = Math.max(startS, endS - this.#edge.targetMs(nowMs) / 1000);
    this.#play();
  }

  #play(): void {
    // Refused where sound is wanted that nobody asked for with a touch; shown without it then.
    this.#video.play().catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      this.#video.muted = true;
    });
  }

  #awaitPicture(kind: 'first' | 'live'): void {
    const track = this.#track;
    this.#video.requestVideoFrameCallback(() => {
      if (this.#track !== track || this.#isResting || !this.#connection.isOpen) return;
      this.#store.setHasPicture(true);
      if (kind === 'first') return;
      this.#shownFromMs = performance.now();
      if (this.#behind === undefined) this.#store.setActivity({ kind: 'live' });
    });
  }

  #isBehind(): void {
    clearTimeout(this.#behind);
    this.#store.setActivity({ kind: 'behind' });
    this.#behind = setTimeout(() => {
      this.#behind = undefined;
      if (this.view.activity.kind === 'behind') this.#store.setActivity({ kind: 'live' });
    }, BEHIND_MS);
  }

  #runsDry(): void {
    const nowMs = performance.now();
    if (this.#isJoining || nowMs - this.#jumpedAtMs < AFTER_JUMP_MS) return;
    if (this.view.activity.kind === 'live') this.#dryFromMs = nowMs;
  }

  #ranDry(): void {
    const dryFromMs = this.#dryFromMs;
    this.#dryFromMs = undefined;
    if (dryFromMs === undefined || dryFromMs < this.#jumpedAtMs) return;
    const nowMs = performance.now();
    this.#edge.ranDry(nowMs - dryFromMs, nowMs);
  }

  #isLost(): void {
    this.#track = undefined;
    this.#shownFromMs = undefined;
    this.#store.setActivity({ kind: 'server-away' });
  }

  /** The browser has given up on the stream: all is begun anew, not too often. */
  #recover(): void {
    if (this.#disposed.signal.aborted || this.#isResting) return;
    const shownMs = performance.now() - (this.#shownFromMs ?? performance.now());
    if (shownMs > RECOVERY_MS.calm) this.#recoveryMs = RECOVERY_MS.first;
    this.#shownFromMs = undefined;
    this.#track = undefined;
    this.#connection.close();
    this.#buffer.close();
    this.#store.setHasPicture(false);
    this.#store.setActivity({ kind: 'connecting' });
    clearTimeout(this.#recovery);
    this.#recovery = setTimeout(() => this.#join(), this.#recoveryMs);
    this.#recoveryMs = Math.min(RECOVERY_MS.longest, 2 * this.#recoveryMs);
  }
}
