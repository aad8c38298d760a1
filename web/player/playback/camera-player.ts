import { BufferedVideo } from './buffered-video.ts';
import { FootageError, type FootageClient } from './footage-client.ts';
import { FootageMap, SHORTEST_GAP_MS, type FragmentPlace } from './footage-map.ts';
import { FootageStore } from './footage-store.ts';
import { KeyFeed } from './key-feed.ts';
import type { KeyPicture } from './key-stream.ts';
import { NewestOnly } from './newest-only.ts';
import { canDecodePictures } from './picture-decoder.ts';
import type { CameraView, PlaybackGap } from './player.ts';
import { ReverseFeed } from './reverse-feed.ts';
import { Screen } from './screen.ts';
import { Stills } from './stills.ts';

/** How a camera comes along with the clock. */
export type Following =
  | { readonly kind: 'ready' }
  /** Its footage has not come yet: the clock should wait. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'gap'; readonly gap: PlaybackGap };

export interface CameraPlayerOptions {
  readonly camera: string;
  readonly box: HTMLElement;
  readonly client: FootageClient;
  readonly onChange: () => void;
}

/** Faster than that, and backward, single pictures are shown; a browser's own playing does not go much faster. */
const FASTEST_VIDEO = 4;
/** At speeds at which only key pictures are shown: how many a second. */
const KEYS_PER_SECOND = 16;
/** The video may be that far from the clock: a picture at 25 a second. Beyond, its speed is changed a little. */
const IN_STEP_MS = 40;
const BACK_IN_STEP_MS = 10;
/** Beyond, it is set. */
const LOST_MS = 400;
const NUDGE = 0.06;
/** What stays known ahead of the clock, in seconds of playing. */
const KNOWN_AHEAD_SECONDS = 20;
const READY: Following = { kind: 'ready' };
const WAITING: Following = { kind: 'waiting' };

/** One camera's recordings in its box. It follows the clock of a `MultiPlayer`, and shows single moments. */
export class CameraPlayer implements Disposable {
  readonly camera: string;
  readonly #client: FootageClient;
  readonly #onChange: () => void;
  readonly #screen: Screen;
  readonly #map: FootageMap;
  readonly #stills: Stills;
  readonly #buffered: BufferedVideo;
  /** Ends what the page no longer asks for. */
  #asked = new AbortController();
  readonly #glances: NewestOnly<number>;
  /** The picture that is being decoded for a moving clock. */
  readonly #moving: NewestOnly<KeyPicture>;
  #keys: KeyFeed | undefined;
  #reverse: ReverseFeed | undefined;
  #view: CameraView;
  /** What is shown: an exact picture, pictures near a pointer, or the clock's. Pictures of another kind come too late. */
  #mode: 'exact' | 'glances' | 'clock' = 'exact';
  #isLearning = false;
  #isVideoWanted = false;
  #volume = 0;

  constructor({ camera, box, client, onChange }: CameraPlayerOptions) {
    this.camera = camera;
    this.#client = client;
    this.#onChange = onChange;
    this.#screen = new Screen(box);
    this.#map = new FootageMap((fromMs, toMs, signal) => client.window(fromMs, toMs, signal));
    const store = new FootageStore(client);
    this.#stills = new Stills({ client, map: this.#map, store });
    const onProblem = (error: unknown) => this.#fail(error);
    this.#buffered = new BufferedVideo({ video: this.#screen.video, map: this.#map, store, onProblem });
    this.#glances = new NewestOnly((wallMs) => this.#glance(wallMs));
    this.#moving = new NewestOnly((key) => this.#drawKey(key, 'clock'));
    this.#view = {
      camera,
      pictureMs: undefined,
      gap: undefined,
      problem: undefined,
      hasSound: false,
      size: undefined,
    };
    this.#watchFrames();
  }

  get view(): CameraView {
    return this.#view;
  }

  get video(): HTMLVideoElement {
    return this.#screen.video;
  }

  /**
   * Shows the picture of a moment, or that there is none.
   * @throws the signal's reason. What else goes wrong is in the view.
   */
  async show(wallMs: number, signal: AbortSignal): Promise<void> {
    this.halt();
    this.#mode = 'exact';
    try {
      const found = await this.#map.find(wallMs, signal);
      signal.throwIfAborted();
      if (found.kind === 'gap') {
        this.#showGap(found.gap);
        return;
      }
      if (canDecodePictures()) await this.#showStill(found.place, wallMs, signal);
      else await this.#showByVideo(found.place, wallMs, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#fail(error);
    }
  }

  /** Shows the nearest key picture as soon as can be; the newest request wins. */
  glance(wallMs: number): void {
    if (this.#mode !== 'glances') this.halt();
    this.#mode = 'glances';
    this.#glances.ask(wallMs);
  }

  /** Makes ready to play forward from a moment at which it stands, without being asked to show anything. */
  warm(wallMs: number): void {
    const found = this.#map.peek(wallMs);
    if (found?.kind !== 'footage') return;
    this.#buffered.buffer(found.place, wallMs, 2_000);
    this.#buffered.moveTo(wallMs);
  }

  /** When the next picture was recorded, or the one before; undefined without any. @throws as `show` does. */
  async neighbour(wallMs: number, direction: 1 | -1, signal: AbortSignal): Promise<number | undefined> {
    const found = await this.#map.find(wallMs, signal);
    if (found.kind === 'gap') return edgeOf(found.gap, direction);
    const isBeyond = (atMs: number) =>
      direction > 0 ? Math.floor(atMs) > wallMs : Math.floor(atMs) < Math.floor(this.#pictureOr(wallMs));
    for (let place = found.place; ;) {
      const times = (await this.#stills.times(place, signal)).filter(isBeyond);
      const nearest = direction > 0 ? times[0] : times.at(-1);
      if (nearest !== undefined) return nearest;
      const edgeMs = direction > 0 ? place.endMs + SHORTEST_GAP_MS : place.startMs - 1;
      const edge = await this.#map.find(edgeMs, signal);
      if (edge.kind === 'gap') return edgeOf(edge.gap, direction);
      const next = direction > 0 ? this.#map.after(place) : this.#map.before(place);
      if (next === undefined) return undefined;
      place = next;
    }
  }

  /**
   * Comes along with the clock; to be called for each picture of the display.
   * @param isRunning false while the clock waits for others.
   */
  follow(nowMs: number, rate: number, isRunning: boolean): Following {
    this.#mode = 'clock';
    this.#learnAhead(nowMs, rate);
    const found = this.#map.peek(nowMs);
    if (found === undefined) return WAITING;
    if (found.kind === 'gap') {
      this.#pauseVideo();
      this.#showGap(found.gap);
      return found;
    }
    if (this.#view.problem !== undefined) return READY;
    if (rate > 0 && rate <= FASTEST_VIDEO) return this.#followByVideo(found.place, nowMs, rate, isRunning);
    this.#pauseVideo();
    if (!canDecodePictures()) {
      if (!this.#glances.isBusy) this.#glances.ask(nowMs);
      return READY;
    }
    return rate < 0 && rate >= -FASTEST_VIDEO
      ? this.#followBackward(found.place, nowMs)
      : this.#followByKeys(nowMs, rate);
  }

  /** Stops following. */
  halt(): void {
    this.#pauseVideo();
    this.#keys?.stop();
    this.#keys = undefined;
    this.#reverse?.stop();
    this.#reverse = undefined;
    this.#glances.clear();
    this.#moving.clear();
  }

  /** Forgets what went wrong, since something else is asked for. */
  forgive(): void {
    if (this.#view.problem !== undefined) this.#change({ problem: undefined });
  }

  setVolume(volume: number): void {
    this.#volume = volume;
  }

  [Symbol.dispose](): void {
    this.#asked.abort();
    this.halt();
    this.#buffered[Symbol.dispose]();
    this.#stills[Symbol.dispose]();
    this.#screen[Symbol.dispose]();
  }

  async #showStill(place: FragmentPlace, wallMs: number, signal: AbortSignal): Promise<void> {
    const picture = await this.#stills.exact(place, wallMs, signal);
    if (picture === undefined) return;
    if (!signal.aborted) {
      this.#screen.draw(picture.frame);
      this.#shown(place, picture.atMs);
    }
    picture.frame.close();
    signal.throwIfAborted();
  }

  /** Where pages have no WebCodecs. */
  async #showByVideo(place: FragmentPlace, wallMs: number, signal: AbortSignal): Promise<void> {
    const times = await this.#stills.times(place, signal);
    const atMs = times.findLast((time) => Math.floor(time) <= wallMs) ?? times[0] ?? wallMs;
    this.#buffered.buffer(place, wallMs, 0);
    // Within the picture, wherever rounding leads.
    this.#buffered.moveTo(atMs + 2);
    await until(this.video, 'seeked', () => !this.video.seeking && this.video.readyState >= 2, signal);
    this.#screen.showVideo();
    this.#shown(place, atMs);
  }

  async #glance(wallMs: number): Promise<void> {
    const { signal } = this.#asked;
    try {
      if (!canDecodePictures()) {
        const found = await this.#map.find(wallMs, signal);
        if (found.kind === 'gap') this.#showGap(found.gap);
        else await this.#showByVideo(found.place, found.place.startMs, signal);
        return;
      }
      const key = await this.#stills.keyAt(wallMs, signal);
      if (key !== undefined) {
        await this.#drawKey(key, 'glances');
        return;
      }
      const found = await this.#map.find(wallMs, signal);
      if (this.#mode !== 'glances') return;
      if (found.kind === 'gap') this.#showGap(found.gap);
      else await this.#showStill(found.place, wallMs, signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  async #drawKey(key: KeyPicture, mode: 'glances' | 'clock'): Promise<void> {
    const { signal } = this.#asked;
    try {
      const picture = await this.#stills.key(key, signal);
      if (picture === undefined) return;
      const { displayWidth: widthPx, displayHeight: heightPx } = picture.frame;
      if (this.#mode === mode) {
        this.#screen.draw(picture.frame);
        this.#change({
          pictureMs: key.atMs,
          gap: undefined,
          problem: undefined,
          size: { widthPx, heightPx },
        });
      }
      picture.frame.close();
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #followByVideo(place: FragmentPlace, nowMs: number, rate: number, isRunning: boolean): Following {
    const { video } = this;
    const buffered = this.#buffered;
    this.#isVideoWanted = true;
    buffered.buffer(place, nowMs, 4_000 + 6_000 * rate);
    const positionMs = buffered.positionMs;
    if (positionMs === undefined) return WAITING;
    const behindMs = nowMs - positionMs;
    const isLost = Math.abs(behindMs) > (isRunning ? LOST_MS * Math.max(1, rate) : IN_STEP_MS);
    if (isLost && !video.seeking && !buffered.isLast(nowMs)) {
      buffered.moveTo(nowMs);
      return WAITING;
    }
    // At the end of what was recorded there is no next picture to wait for.
    const isReady = !video.seeking && (video.readyState >= 3 || buffered.isLast(nowMs));
    if (!isRunning || !isReady) {
      if (!isRunning) video.pause();
      return isReady ? READY : WAITING;
    }
    this.#setSpeed(rate, behindMs);
    if (video.paused) this.#playVideo();
    return READY;
  }

  /** Where the video is not in step with the clock, it goes a little faster or slower until it is. */
  #setSpeed(rate: number, behindMs: number): void {
    const { video } = this;
    const isNudged = video.playbackRate !== rate;
    const limitMs = isNudged ? BACK_IN_STEP_MS : IN_STEP_MS;
    const wanted = Math.abs(behindMs) > limitMs ? rate * (1 + Math.sign(behindMs) * NUDGE) : rate;
    if (video.playbackRate !== wanted) video.playbackRate = wanted;
    const isMuted = this.#volume === 0 || rate !== 1;
    if (video.muted !== isMuted) video.muted = isMuted;
    if (!isMuted && video.volume !== this.#volume) video.volume = this.#volume;
  }

  #playVideo(): void {
    const { video } = this;
    void video.play().catch((error: unknown) => {
      // Nobody has touched the page yet: it may be seen, not heard.
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#volume = 0;
    });
  }

  #pauseVideo(): void {
    this.#isVideoWanted = false;
    if (!this.video.paused) this.video.pause();
  }

  #followByKeys(nowMs: number, rate: number): Following {
    const everyMs = (Math.abs(rate) * 1000) / KEYS_PER_SECOND;
    if (this.#keys?.everyMs !== Math.round(everyMs) || this.#keys.isFarFrom(nowMs)) {
      this.#keys?.stop();
      const onProblem = (error: unknown) => this.#fail(error);
      this.#keys = new KeyFeed({
        client: this.#client,
        atMs: nowMs,
        everyMs,
        isForward: rate > 0,
        onProblem,
      });
    }
    const key = this.#keys.at(nowMs);
    if (key === 'waiting') return WAITING;
    if (key !== undefined && key.atMs !== this.#view.pictureMs) this.#moving.ask(key);
    return READY;
  }

  #followBackward(place: FragmentPlace, nowMs: number): Following {
    this.#reverse ??= new ReverseFeed(this.#stills, this.#map, (error) => this.#fail(error));
    const found = this.#reverse.at(place, nowMs);
    if (found === 'waiting') return WAITING;
    if (found !== undefined && found.atMs !== this.#view.pictureMs) {
      this.#screen.draw(found.picture);
      this.#shown(place, found.atMs);
    }
    return READY;
  }

  /** Keeps the map ahead of the clock. */
  #learnAhead(nowMs: number, rate: number): void {
    if (this.#isLearning) return;
    const reachMs = Math.max(1_000, KNOWN_AHEAD_SECONDS * 1000 * Math.min(Math.abs(rate), FASTEST_VIDEO));
    const [fromMs, toMs] = rate < 0 ? [nowMs - reachMs, nowMs + 1] : [nowMs, nowMs + reachMs];
    this.#isLearning = true;
    this.#map
      .ensure(fromMs, toMs, this.#asked.signal)
      .catch((error: unknown) => {
        if (!this.#asked.signal.aborted) this.#fail(error);
      })
      .finally(() => (this.#isLearning = false));
  }

  /** The video's pictures as they are shown. */
  #watchFrames(): void {
    const { video } = this;
    const onPicture = (mediaSeconds: number) => {
      const pictureMs = this.#buffered.wallOf(mediaSeconds);
      if (!this.#isVideoWanted || pictureMs === undefined) return;
      this.#screen.showVideo();
      const found = this.#map.peek(pictureMs);
      if (found?.kind === 'footage') this.#shown(found.place, pictureMs);
    };
    if (typeof video.requestVideoFrameCallback !== 'function') {
      video.addEventListener('timeupdate', () => onPicture(video.currentTime));
      return;
    }
    const onFrame = (_now: number, { mediaTime }: { readonly mediaTime: number }) => {
      if (this.#asked.signal.aborted) return;
      onPicture(mediaTime);
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
  }

  #pictureOr(wallMs: number): number {
    const { pictureMs } = this.#view;
    return pictureMs !== undefined && pictureMs <= wallMs + 1 ? pictureMs : wallMs;
  }

  #shown({ segment }: FragmentPlace, pictureMs: number): void {
    const { widthPx, heightPx, hasSound } = segment;
    const known = this.#view.size;
    const size = known?.widthPx === widthPx && known.heightPx === heightPx ? known : { widthPx, heightPx };
    this.#change({ pictureMs, gap: undefined, problem: undefined, hasSound, size });
  }

  #showGap(gap: PlaybackGap): void {
    const known = this.#view.gap;
    if (known?.fromMs === gap.fromMs && known.toMs === gap.toMs && known.cause === gap.cause) return;
    this.#screen.hide();
    this.#change({ pictureMs: undefined, gap, problem: undefined });
  }

  #fail(error: unknown): void {
    const problem =
      error instanceof FootageError ? error.problem : ({ kind: 'missing', detail: String(error) } as const);
    if (problem.kind === 'codec') this.#screen.hide();
    this.#change({ problem });
  }

  #change(changes: Partial<CameraView>): void {
    this.#view = { ...this.#view, ...changes };
    this.#onChange();
  }
}

/** Where there is footage again. */
function edgeOf({ fromMs, toMs }: PlaybackGap, direction: 1 | -1): number | undefined {
  if (direction > 0) return Number.isFinite(toMs) ? toMs : undefined;
  return fromMs > 0 ? fromMs - 1 : undefined;
}

async function until(
  target: EventTarget,
  event: string,
  isSo: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  while (!isSo()) {
    await new Promise<void>((resolve, reject) => {
      const settle = () => {
        target.removeEventListener(event, settle);
        signal.removeEventListener('abort', settle);
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      };
      target.addEventListener(event, settle);
      signal.addEventListener('abort', settle);
      if (signal.aborted) settle();
    });
  }
}
