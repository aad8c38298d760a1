import type { BufferedVideo } from './buffered-video.ts';
import type { FragmentPlace } from './footage-map.ts';

/** The video may be that far from the clock: a picture at 25 a second. Beyond, its speed is changed a little. */
const IN_STEP_MS = 40;
const BACK_IN_STEP_MS = 10;
/** Beyond, it is set. */
const LOST_MS = 400;
const NUDGE = 0.06;

export interface VideoFollowerOptions {
  readonly video: HTMLVideoElement;
  readonly buffered: BufferedVideo;
  /** Told of each picture that is shown while it follows, as far as the page can tell. */
  readonly onPicture: (wallMs: number) => void;
}

/** Keeps a video, whose footage is buffered ahead of it, in step with a clock. */
export class VideoFollower {
  readonly #video: HTMLVideoElement;
  readonly #buffered: BufferedVideo;
  readonly #onPicture: (wallMs: number) => void;
  #isWanted = false;
  #volume = 0;

  constructor({ video, buffered, onPicture }: VideoFollowerOptions) {
    this.#video = video;
    this.#buffered = buffered;
    this.#onPicture = onPicture;
  }

  setVolume(volume: number): void {
    this.#volume = volume;
  }

  /**
   * To be called for each picture of the display.
   * @param isRunning false while the clock waits for others.
   * @returns whether it is in step; if not, the clock should wait.
   */
  follow(place: FragmentPlace, nowMs: number, rate: number, isRunning: boolean): boolean {
    const [video, buffered] = [this.#video, this.#buffered];
    this.#isWanted = true;
    buffered.buffer(place, nowMs, 4_000 + 6_000 * rate);
    const positionMs = buffered.positionMs;
    if (positionMs === undefined) return false;
    const behindMs = nowMs - positionMs;
    const isLost = Math.abs(behindMs) > (isRunning ? LOST_MS * Math.max(1, rate) : IN_STEP_MS);
    // A seek that began before may be to where nothing is buffered any more.
    if (isLost && (video.seeking || !buffered.isLast(nowMs))) {
      buffered.moveTo(nowMs);
      return false;
    }
    // At the end of what was recorded there is no next picture to wait for.
    const isReady = !video.seeking && (video.readyState >= 3 || buffered.isLast(nowMs));
    if (!isRunning || !isReady) {
      // What stands still for want of footage goes on by itself when that comes; Chromium lets it sleep once it is paused for long.
      if (!isRunning && isReady) video.pause();
      return isReady;
    }
    this.#setSpeed(rate, behindMs);
    if (video.paused) this.#play();
    return true;
  }

  pause(): void {
    this.#isWanted = false;
    if (!this.#video.paused) this.#video.pause();
  }

  /** Tells the video's pictures as they are shown, until the signal. */
  watch(signal: AbortSignal): void {
    const video = this.#video;
    const tell = (mediaSeconds: number): void => {
      const pictureMs = this.#buffered.wallOf(mediaSeconds);
      if (this.#isWanted && pictureMs !== undefined) this.#onPicture(pictureMs);
    };
    if (typeof video.requestVideoFrameCallback !== 'function') {
      video.addEventListener('timeupdate', () => tell(video.currentTime), { signal });
      return;
    }
    const onFrame = (_now: number, { mediaTime }: { readonly mediaTime: number }): void => {
      if (signal.aborted) return;
      tell(mediaTime);
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
  }

  /** Where the video is not in step with the clock, it goes a little faster or slower until it is. */
  #setSpeed(rate: number, behindMs: number): void {
    const video = this.#video;
    const isNudged = video.playbackRate !== rate;
    const limitMs = isNudged ? BACK_IN_STEP_MS : IN_STEP_MS;
    const wanted = Math.abs(behindMs) > limitMs ? rate * (1 + Math.sign(behindMs) * NUDGE) : rate;
    if (video.playbackRate !== wanted) video.playbackRate = wanted;
    const isMuted = this.#volume === 0 || rate !== 1;
    if (video.muted !== isMuted) video.muted = isMuted;
    if (!isMuted && video.volume !== this.#volume) video.volume = this.#volume;
  }

  #play(): void {
    void this.#video.play().catch((error: unknown) => {
      // Nobody has touched the page yet: it may be seen, not heard.
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#volume = 0;
    });
  }
}
