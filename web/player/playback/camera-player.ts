import { BufferedVideo } from './buffered-video.ts';
import { FootageError, type FootageClient } from './footage-client.ts';
import { FootageMap, type FragmentPlace } from './footage-map.ts';
import { FootageStore } from './footage-store.ts';
import type { KeyPicture } from './key-stream.ts';
import { neighbouringPicture } from './neighbouring-picture.ts';
import { NewestOnly } from './newest-only.ts';
import { canDecodePictures } from './picture-decoder.ts';
import { PictureFeeds } from './picture-feeds.ts';
import type { CameraView, PlaybackGap } from './player.ts';
import { Screen } from './screen.ts';
import { Stills, type WantedPicture } from './stills.ts';
import { untilEvent } from './until-event.ts';
import { VideoFollower } from './video-follower.ts';

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

/** A picture that stands is shown as it was recorded. */
const FULL_WIDTH_PX = 8_192;
/** Faster than that, and backward, single pictures are shown; a browser's own playing does not go much faster. */
const FASTEST_VIDEO = 4;
/** What stays known ahead of the clock, in seconds of playing. */
const KNOWN_AHEAD_SECONDS = 20;
/** Of pictures that the server decodes while the clock moves: how far apart they are asked for. Each costs it the decoding of a GOP. */
const SERVED_EVERY_MS = 1_000;
/** What could not be shown is tried again after so long while the clock goes on. */
const TRY_AGAIN_MS = 2_000;
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
  readonly #feeds: PictureFeeds;
  readonly #buffered: BufferedVideo;
  readonly #video: VideoFollower;
  /** Ends what the page no longer asks for. */
  #asked = new AbortController();
  /** Ends waiting for a picture of the video, which does not come where its footage cannot be played. */
  #failing = new AbortController();
  readonly #glances: NewestOnly<number>;
  /** The picture that is being decoded for a moving clock. */
  readonly #moving: NewestOnly<KeyPicture>;
  /** The picture that the server is decoding for a moving clock. */
  readonly #served: NewestOnly<number>;
  /** Codec of footage that this browser did not decode: the server does it instead, until the browser decodes it again. */
  #refusedCodec: string | undefined;
  #servedAtMs = 0;
  #view: CameraView;
  /** What is shown: an exact picture, pictures near a pointer, or the clock's. Pictures of another kind come too late. */
  #mode: 'exact' | 'glances' | 'clock' = 'exact';
  #isLearning = false;
  /** On the page's monotonic clock. */
  #tryAgainAtMs = 0;

  constructor({ camera, box, client, onChange }: CameraPlayerOptions) {
    this.camera = camera;
    this.#client = client;
    this.#onChange = onChange;
    this.#screen = new Screen(box);
    this.#map = new FootageMap((fromMs, toMs, signal) => client.window(fromMs, toMs, signal));
    const store = new FootageStore(client);
    this.#stills = new Stills({ client, map: this.#map, store });
    const onProblem = (error: unknown) => this.#fail(error);
    this.#feeds = new PictureFeeds({ client, map: this.#map, stills: this.#stills, onProblem });
    const { video } = this.#screen;
    const buffered = new BufferedVideo({ video, map: this.#map, store, onProblem });
    this.#buffered = buffered;
    this.#video = new VideoFollower({ video, buffered, onPicture: (wallMs) => this.#showVideo(wallMs) });
    this.#glances = new NewestOnly((wallMs) => this.#glance(wallMs));
    this.#moving = new NewestOnly((key) => this.#drawKey(key, 'clock'));
    this.#served = new NewestOnly((wallMs) => this.#serveMoving(wallMs));
    this.#view = {
      camera,
      pictureMs: undefined,
      gap: undefined,
      problem: undefined,
      isServed: false,
      hasSound: false,
      size: undefined,
    };
    this.#video.watch(this.#asked.signal);
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
    const shown = new AbortController();
    try {
      const moment = this.#askAhead(wallMs, AbortSignal.any([signal, shown.signal]));
      const found = await this.#map.find(wallMs, signal);
      signal.throwIfAborted();
      if (found.kind === 'gap') {
        this.#showGap(found.gap);
        return;
      }
      await this.#showExact({ place: found.place, wallMs, moment }, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#fail(error);
    } finally {
      shown.abort();
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
    if (found?.kind !== 'footage' || this.#isRefused(found.place)) return;
    this.#buffered.buffer(found.place, wallMs, 2_000);
    this.#buffered.moveTo(wallMs);
  }

  /** When the next picture was recorded, or the one before; undefined without any. @throws as `show` does. */
  async neighbour(wallMs: number, direction: 1 | -1, signal: AbortSignal): Promise<number | undefined> {
    const { pictureMs } = this.#view;
    const isShown = pictureMs !== undefined && pictureMs <= wallMs + 1;
    const from = { wallMs, shownMs: isShown ? pictureMs : wallMs, direction };
    return await neighbouringPicture(this.#map, this.#stills, from, signal);
  }

  /**
   * Comes along with the clock; to be called for each picture of the display.
   * @param isRunning false while the clock waits for others.
   */
  follow(nowMs: number, rate: number, isRunning: boolean): Following {
    this.#mode = 'clock';
    const { problem } = this.#view;
    // Without the server there is nothing to go on with; one file that cannot be read is passed over.
    if (problem !== undefined && performance.now() < this.#tryAgainAtMs)
      return problem.kind === 'network' ? WAITING : READY;
    this.#learnAhead(nowMs, rate);
    const found = this.#map.peek(nowMs);
    if (found === undefined) return WAITING;
    if (found.kind === 'gap') {
      this.#video.pause();
      // At the live edge the last picture stands until more has come, which is asked for then.
      if (found.gap.cause === 'present') this.#feeds.end();
      else this.#showGap(found.gap);
      return found;
    }
    if (this.#isRefused(found.place)) return this.#followServed(nowMs);
    if (rate > 0 && rate <= FASTEST_VIDEO)
      return this.#video.follow(found.place, nowMs, rate, isRunning) ? READY : WAITING;
    this.#video.pause();
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
    this.#video.pause();
    this.#feeds.end();
    this.#glances.clear();
    this.#moving.clear();
    this.#served.clear();
  }

  /** Forgets what went wrong, since something else is asked for. */
  forgive(): void {
    if (this.#view.problem !== undefined) this.#change({ problem: undefined });
  }

  setVolume(volume: number): void {
    this.#video.setVolume(volume);
  }

  [Symbol.dispose](): void {
    this.#asked.abort();
    this.halt();
    this.#buffered[Symbol.dispose]();
    this.#stills[Symbol.dispose]();
    this.#screen[Symbol.dispose]();
  }

  /** Asks for what a picture is decoded from at once with what there is, where that is not known. */
  #askAhead(wallMs: number, signal: AbortSignal): WantedPicture['moment'] {
    if (!canDecodePictures() || this.#refusedCodec !== undefined) return undefined;
    if (this.#map.peek(wallMs) !== undefined) return undefined;
    // What goes wrong is told by what is asked for otherwise.
    return this.#client.moment(wallMs, signal).catch(() => undefined);
  }

  /** By this browser; where it does not decode it, by the server. */
  async #showExact(wanted: WantedPicture, signal: AbortSignal): Promise<void> {
    const { place, wallMs } = wanted;
    const { codec } = place.segment;
    try {
      if (canDecodePictures()) await this.#showStill(wanted, signal);
      else await this.#showByVideo(place, wallMs, signal);
      this.#refusedCodec = undefined;
    } catch (error) {
      if (signal.aborted || !isOfCodec(error)) throw error;
      this.#refusedCodec = codec;
      await this.#drawServed(wallMs, FULL_WIDTH_PX, signal);
    }
  }

  async #showStill(wanted: WantedPicture, signal: AbortSignal): Promise<void> {
    const picture = await this.#stills.exact(wanted, signal);
    if (picture === undefined) return;
    if (!signal.aborted) {
      this.#screen.draw(picture.frame);
      this.#shown(wanted.place, picture.atMs);
    }
    picture.frame.close();
    signal.throwIfAborted();
  }

  /** Where pages have no WebCodecs. */
  async #showByVideo(place: FragmentPlace, wallMs: number, signal: AbortSignal): Promise<void> {
    const times = await this.#stills.times(place, signal);
    const atMs = times.findLast((time) => Math.floor(time) <= wallMs) ?? times[0] ?? wallMs;
    // Taken before: it may fail at once.
    const waiting = AbortSignal.any([signal, this.#failing.signal]);
    this.#buffered.buffer(place, wallMs, 0);
    // Within the picture, wherever rounding leads.
    this.#buffered.moveTo(atMs + 2);
    await untilEvent(this.video, 'seeked', () => !this.video.seeking && this.video.readyState >= 2, waiting);
    this.#screen.showVideo();
    this.#shown(place, atMs);
  }

  async #glance(wallMs: number): Promise<void> {
    const { signal } = this.#asked;
    try {
      if (this.#refusedCodec !== undefined || !canDecodePictures()) {
        const found = await this.#map.find(wallMs, signal);
        if (this.#mode !== 'glances') return;
        if (found.kind === 'gap') return this.#showGap(found.gap);
        if (this.#isRefused(found.place)) return await this.#drawServed(wallMs, this.#screen.widthPx, signal);
        if (!canDecodePictures()) return await this.#showByVideo(found.place, found.place.startMs, signal);
      }
      const key = await this.#stills.keyAt(wallMs, signal);
      if (key !== undefined) {
        await this.#drawKey(key, 'glances');
        return;
      }
      const found = await this.#map.find(wallMs, signal);
      if (this.#mode !== 'glances') return;
      if (found.kind === 'gap') this.#showGap(found.gap);
      else await this.#showStill({ place: found.place, wallMs }, signal);
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
          isServed: false,
          size: { widthPx, heightPx },
        });
      }
      picture.frame.close();
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** A picture that the server decodes, where this browser does not. */
  async #drawServed(wallMs: number, widthPx: number, signal: AbortSignal): Promise<void> {
    const mode = this.#mode;
    const { atMs, jpeg } = await this.#client.picture(wallMs, widthPx, signal);
    const picture = await createImageBitmap(jpeg);
    const found = this.#map.peek(atMs);
    if (!signal.aborted && this.#mode === mode && found?.kind === 'footage') {
      this.#screen.draw(picture);
      this.#shown(found.place, atMs, true);
    }
    picture.close();
    signal.throwIfAborted();
  }

  async #serveMoving(wallMs: number): Promise<void> {
    const { signal } = this.#asked;
    try {
      this.#servedAtMs = performance.now();
      await this.#drawServed(wallMs, this.#screen.widthPx, signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #followServed(nowMs: number): Following {
    this.#video.pause();
    this.#feeds.end();
    const isDue = performance.now() - this.#servedAtMs >= SERVED_EVERY_MS;
    if (isDue && !this.#served.isBusy) this.#served.ask(nowMs);
    return READY;
  }

  #isRefused({ segment }: FragmentPlace): boolean {
    return segment.codec === this.#refusedCodec;
  }

  #followByKeys(nowMs: number, rate: number): Following {
    const key = this.#feeds.key(nowMs, rate);
    if (key === 'waiting') return WAITING;
    if (key !== undefined && key.atMs !== this.#view.pictureMs) this.#moving.ask(key);
    return READY;
  }

  #followBackward(place: FragmentPlace, nowMs: number): Following {
    const found = this.#feeds.backward(place, nowMs);
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

  #showVideo(pictureMs: number): void {
    this.#screen.showVideo();
    const found = this.#map.peek(pictureMs);
    if (found?.kind === 'footage') this.#shown(found.place, pictureMs);
  }

  #shown({ segment }: FragmentPlace, pictureMs: number, isServed = false): void {
    const { widthPx, heightPx, hasSound } = segment;
    const known = this.#view.size;
    const size = known?.widthPx === widthPx && known.heightPx === heightPx ? known : { widthPx, heightPx };
    this.#change({ pictureMs, gap: undefined, problem: undefined, isServed, hasSound, size });
  }

  #showGap(gap: PlaybackGap): void {
    const { gap: known, problem } = this.#view;
    if (
      problem === undefined &&
      known?.fromMs === gap.fromMs &&
      known.toMs === gap.toMs &&
      known.cause === gap.cause
    )
      return;
    this.#screen.hide();
    this.#change({ pictureMs: undefined, gap, problem: undefined, isServed: false });
  }

  #fail(error: unknown): void {
    const problem =
      error instanceof FootageError ? error.problem : ({ kind: 'missing', detail: String(error) } as const);
    this.#feeds.end();
    this.#failing.abort(error);
    this.#failing = new AbortController();
    if (problem.kind === 'codec') {
      // What follows is asked of the server.
      this.#refusedCodec = problem.detail;
      return;
    }
    // It may have been deleted since it was told of.
    this.#map.forget();
    this.#tryAgainAtMs = performance.now() + TRY_AGAIN_MS;
    this.#change({ problem });
  }

  #change(changes: Partial<CameraView>): void {
    this.#view = { ...this.#view, ...changes };
    this.#onChange();
  }
}

function isOfCodec(error: unknown): boolean {
  return error instanceof FootageError && error.problem.kind === 'codec';
}
