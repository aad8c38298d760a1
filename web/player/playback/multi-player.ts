import { CameraPlayer, type Following } from './camera-player.ts';
import { footageClient } from './footage-client.ts';
import type { Activity, PlaybackView, Player, PlayerOptions } from './player.ts';
import { WallClock } from './wall-clock.ts';

const SLOWEST = 1 / 8;
const FASTEST = 64;
/** Playing backward ends a little before a gap, where there are pictures. */
const BEFORE_GAP_MS = 40;
/** How often the page is told of the picture on screen while it plays. */
const TOLD_EVERY_MS = 250;
/** After a picture has stood that long, what follows is fetched, so that playing begins at once. */
const WARM_AFTER_MS = 250;
/** Shorter waiting is not told. */
const PATIENCE_MS = 200;
/** A gap without an end that began that recently is the live edge: more is being recorded. */
const LIVE_EDGE_MS = 30_000;

/** Makes a player. It begins `idle`: ask it to `seek`. */
export function createPlayer(options: PlayerOptions): Player {
  return new MultiPlayer(options);
}

/** Keeps the clock: it runs only while every camera comes along. */
class MultiPlayer implements Player {
  readonly #cameras: readonly CameraPlayer[];
  readonly #clock = new WallClock(() => performance.now());
  readonly #listeners = new Set<() => void>();
  #view: PlaybackView;
  #activity: Activity = 'idle';
  #rate = 1;
  #wantsToPlay = false;
  #skipsGaps = true;
  #volume = 0;
  /** Ends what was asked for before. */
  #asked = new AbortController();
  #frame: number | undefined;
  #warming: ReturnType<typeof setTimeout> | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #waitingSinceMs: number | undefined;
  readonly #onVisibility = () => this.#onHidden();

  constructor({ places, apiUrl }: PlayerOptions) {
    const onChange = () => this.#tellSoon();
    this.#cameras = places.map(
      ({ camera, box }) => new CameraPlayer({ camera, box, client: footageClient(apiUrl, camera), onChange }),
    );
    this.#view = this.#makeView();
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  get view(): PlaybackView {
    return this.#view;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  nowMs(): number {
    return this.#clock.nowMs;
  }

  async seek(wallMs: number): Promise<boolean> {
    const signal = this.#begin();
    this.#clock.run(false);
    this.#clock.set(wallMs);
    this.#become('seeking');
    try {
      await Promise.all(this.#cameras.map((camera) => camera.show(wallMs, signal)));
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
    if (signal.aborted) return false;
    if (this.#wantsToPlay) this.#run();
    else {
      this.#become('paused');
      this.#warmSoon(wallMs);
    }
    return true;
  }

  scrub(wallMs: number): void {
    this.#begin();
    this.#clock.run(false);
    this.#clock.set(wallMs);
    this.#become('scrubbing');
    for (const camera of this.#cameras) camera.glance(wallMs);
  }

  play(): void {
    this.#wantsToPlay = true;
    if (this.#activity === 'idle' || this.#activity === 'seeking' || this.#frame !== undefined) return;
    this.#begin();
    this.#run();
  }

  pause(): void {
    this.#wantsToPlay = false;
    if (this.#activity === 'idle' || this.#activity === 'paused' || this.#activity === 'seeking') return;
    void this.seek(Math.floor(this.nowMs()));
  }

  setRate(rate: number): void {
    const speed = Math.min(FASTEST, Math.max(SLOWEST, Math.abs(rate)));
    this.#rate = rate < 0 ? -speed : speed;
    this.#clock.setRate(this.#rate);
    if (this.#activity === 'end' && this.#wantsToPlay) this.play();
    for (const camera of this.#cameras) camera.halt();
    this.#tell();
  }

  async step(direction: 1 | -1): Promise<boolean> {
    this.#wantsToPlay = false;
    const [first] = this.#cameras;
    if (first === undefined) return false;
    const nowMs = Math.floor(this.nowMs());
    const signal = this.#begin();
    this.#clock.run(false);
    this.#clock.set(nowMs);
    try {
      const nextMs = await first.neighbour(nowMs, direction, signal);
      if (signal.aborted) return false;
      return await this.seek(nextMs === undefined ? nowMs : Math.floor(nextMs));
    } catch (error) {
      if (signal.aborted) return false;
      // What is wrong with the footage, showing it tells.
      void error;
      return await this.seek(nowMs);
    }
  }

  setVolume(volume: number): void {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#giveVolume();
  }

  setSkipsGaps(skips: boolean): void {
    this.#skipsGaps = skips;
  }

  dispose(): void {
    this.#begin();
    clearTimeout(this.#telling);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#listeners.clear();
    for (const camera of this.#cameras) camera[Symbol.dispose]();
  }

  /** Ends what was asked for before. */
  #begin(): AbortSignal {
    this.#asked.abort();
    this.#asked = new AbortController();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    clearTimeout(this.#warming);
    this.#waitingSinceMs = undefined;
    for (const camera of this.#cameras) camera.forgive();
    return this.#asked.signal;
  }

  #run(): void {
    this.#clock.setRate(this.#rate);
    this.#become('playing');
    this.#follow();
  }

  /** Once for each picture of the display. */
  #follow(): void {
    this.#frame = requestAnimationFrame(() => this.#follow());
    const nowMs = this.#clock.nowMs;
    const isRunning = this.#clock.isRunning;
    const all = this.#cameras.map((camera) => camera.follow(nowMs, this.#rate, isRunning));
    this.#giveVolume();
    if (all.some(({ kind }) => kind === 'waiting')) {
      this.#wait();
      return;
    }
    if (all.every(({ kind }) => kind === 'gap') && !this.#passGap(all, nowMs)) return;
    this.#waitingSinceMs = undefined;
    this.#clock.run(true);
    if (this.#activity !== 'playing') this.#become('playing');
  }

  #wait(): void {
    this.#clock.run(false);
    this.#waitingSinceMs ??= performance.now();
    const isLong = performance.now() - this.#waitingSinceMs > PATIENCE_MS;
    if (isLong && this.#activity !== 'waiting') this.#become('waiting');
  }

  /** Where no camera has footage. @returns whether the clock goes on. */
  #passGap(all: readonly Following[], nowMs: number): boolean {
    const gaps = all.flatMap((one) => (one.kind === 'gap' ? [one.gap] : []));
    const isForward = this.#rate > 0;
    const edgeMs = isForward
      ? Math.min(...gaps.map(({ toMs }) => toMs))
      : Math.max(...gaps.map(({ fromMs }) => fromMs)) - BEFORE_GAP_MS;
    if (Number.isFinite(edgeMs) && edgeMs > 0) {
      if (this.#skipsGaps) {
        this.#clock.run(false);
        this.#clock.set(edgeMs);
        return false;
      }
      return true;
    }
    // The server's clock may be another, but footage that ended just now goes on.
    const isLiveEdge = isForward && gaps.some(({ fromMs }) => nowMs - fromMs < LIVE_EDGE_MS && isNow(fromMs));
    if (isLiveEdge) {
      // A fast clock has run on beyond it.
      this.#clock.set(Math.min(nowMs, Math.max(...gaps.map(({ fromMs }) => fromMs))));
      this.#wait();
      return false;
    }
    this.#begin();
    this.#clock.run(false);
    this.#become('end');
    return false;
  }

  /** The first camera that has sound is heard. */
  #giveVolume(): void {
    const heard = this.#cameras.find(({ view }) => view.hasSound && view.gap === undefined);
    for (const camera of this.#cameras) camera.setVolume(camera === heard ? this.#volume : 0);
  }

  #warmSoon(wallMs: number): void {
    this.#warming = setTimeout(() => {
      if (this.#rate > 0) for (const camera of this.#cameras) camera.warm(wallMs);
    }, WARM_AFTER_MS);
  }

  /** Nobody sees it: browsers stop what paces us, and it costs the camera's footage for nothing. */
  #onHidden(): void {
    if (document.visibilityState === 'hidden' && this.#frame !== undefined) {
      this.#begin();
      this.#clock.run(false);
      for (const camera of this.#cameras) camera.halt();
    } else if (document.visibilityState === 'visible' && this.#wantsToPlay && this.#activity !== 'end') {
      this.play();
    }
  }

  #become(activity: Activity): void {
    this.#activity = activity;
    this.#tell();
  }

  #tellSoon(): void {
    const isMoving = this.#activity === 'playing' || this.#activity === 'waiting';
    if (!isMoving) this.#tell();
    else this.#telling ??= setTimeout(() => this.#tell(), TOLD_EVERY_MS);
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#view = this.#makeView();
    for (const listener of this.#listeners) listener();
  }

  #makeView(): PlaybackView {
    return { activity: this.#activity, rate: this.#rate, cameras: this.#cameras.map(({ view }) => view) };
  }
}

function isNow(wallMs: number): boolean {
  return Math.abs(Date.now() - wallMs) < 2 * LIVE_EDGE_MS;
}
