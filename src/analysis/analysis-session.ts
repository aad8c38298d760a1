import { ticksToSeconds, wallMs, type WallMs } from '../base/time.ts';
import { VideoDecoder, type DecodeCounts, type DecodedPicture } from '../decode/decoder.ts';
import { FrameSampler } from '../decode/frame-sampler.ts';
import { isReference } from '../decode/reference.ts';
import type { VideoPacket, VideoTrack } from '../media/packet.ts';
import type { DetectionStages, MotionDetector } from '../motion/detector.ts';
import { motionSample, type MotionSample } from '../motion/motion-sample.ts';
import type { Effort } from './packet-queue.ts';

export interface AnalysisOptions {
  /** Disposed of with the session. */
  readonly detector: MotionDetector;
  /** Pictures analysed a second, above 0; fewer if the camera sends fewer. */
  readonly rateFps: number;
}

/** Told a picture with what its detector made of it (see `MotionDetector.stages`). */
export type Explain = (
  picture: DecodedPicture,
  sample: MotionSample,
  stages: DetectionStages | undefined,
) => void;

/**
 * Watches the video of one camera: decodes every packet that is analysed or that others refer to, analyses some of
 * the pictures. Dispose of it.
 */
export class AnalysisSession implements Disposable {
  readonly #detector: MotionDetector;
  readonly #sampler: FrameSampler;
  readonly #decoder = new VideoDecoder();
  #track: VideoTrack | undefined;
  #explaining: { left: number; readonly explain: Explain } | undefined;

  constructor({ detector, rateFps }: AnalysisOptions) {
    this.#detector = detector;
    this.#sampler = new FrameSampler(rateFps);
  }

  /** What became of the packets; bad ones are only counted. */
  get counts(): DecodeCounts {
    return this.#decoder.counts;
  }

  /**
   * Decodes a packet; `atWallMs` is the wall time of its `pts`. After one that was left out, nothing comes out up to
   * the next key packet.
   * @returns what the picture that came out shows, which may be an earlier packet's; undefined if none did or it was
   *   not its turn. When a decoder lets several out at once, one of them at most is analysed.
   */
  push(packet: VideoPacket, atWallMs: WallMs, effort: Effort = 'all'): MotionSample | undefined {
    if (packet.track !== this.#track) this.#changeTrack(packet.track);
    if (effort === 'leave-out') {
      this.#decoder.reset();
      return undefined;
    }
    const isWanted = effort === 'all' && this.#sampler.isDue(packet.pts);
    if (!isWanted && !isReference(packet)) return undefined;
    let sample: MotionSample | undefined;
    this.#decoder.decode(packet, (picture) => {
      if (effort !== 'all' || sample !== undefined || !this.#sampler.accept(picture.pts)) return;
      const aheadTicks = picture.pts - packet.pts;
      const pictureWallMs = atWallMs + ticksToSeconds(aheadTicks, packet.track.clockRateHz) * 1000;
      sample = this.#analyse(picture, wallMs(pictureWallMs));
    });
    return sample;
  }

  /** Calls `explain` with each of the next so many analysed pictures, valid during that call only. Replaces an older one. */
  explainNext(pictures: number, explain: Explain): void {
    this.#explaining = { left: pictures, explain };
  }

  /** Whether there is somebody to call with the next picture. */
  get isExplaining(): boolean {
    return this.#explaining !== undefined && this.#explaining.left > 0;
  }

  /** Forgets the scene, as after a break in the stream: the next picture never alarms. */
  reset(): void {
    this.#decoder.reset();
    this.#detector.reset();
    this.#sampler.reset();
  }

  [Symbol.dispose](): void {
    this.#decoder[Symbol.dispose]();
    this.#detector[Symbol.dispose]();
  }

  #changeTrack(track: VideoTrack): void {
    this.reset();
    this.#track = track;
  }

  #analyse(picture: DecodedPicture, atWallMs: WallMs): MotionSample {
    const sample = motionSample(this.#detector.detect(picture.readLuma()), picture.pts, atWallMs);
    if (this.#explaining !== undefined && this.#explaining.left > 0) {
      this.#explaining.left--;
      this.#explaining.explain(picture, sample, this.#detector.stages());
    }
    return sample;
  }
}
