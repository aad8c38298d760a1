import type { WallMs } from '../base/time.ts';
import { VideoDecoder } from '../decode/decoder.ts';
import type { DecodedLuma } from '../decode/frame-reader.ts';
import { beginsAnew } from '../decode/reference.ts';
import type { VideoPacket } from '../media/packet.ts';
import type { MotionDetector } from '../motion/detector.ts';
import { motionSample, type MotionSample } from '../motion/motion-sample.ts';
import type { CpuShare } from './cpu-budget.ts';

/** A key picture, decoded, and how it differs from the picture seen before. */
export interface Glance {
  readonly sample: MotionSample;
  /** Valid until the next picture is read of the decoder's. */
  readonly luma: DecodedLuma;
  /** It has decoded the picture, and nothing since. */
  readonly decoder: VideoDecoder;
}

/** Compares key pictures with the pictures seen before them, and decodes no others. Dispose of it. */
export class Glancer implements Disposable {
  readonly #detector: MotionDetector;
  readonly #share: CpuShare;
  readonly #decoder = new VideoDecoder();

  /**
   * @param detector made by `glanceSettings`; disposed of with the glancer.
   * @param share the CPU for it, that of the session.
   */
  constructor(detector: MotionDetector, share: CpuShare) {
    this.#detector = detector;
    this.#share = share;
  }

  /** The next key picture is compared with this one. */
  see(luma: DecodedLuma): void {
    this.#detector.reset();
    this.#detector.detect(luma);
  }

  /**
   * Compares a key picture with the one seen last, and has seen it then.
   * @returns undefined where the decoder gives no picture for a key packet alone: it reorders them, or cannot read it.
   */
  glance(packet: VideoPacket, atWallMs: WallMs): Glance | undefined {
    return this.#share.glance(() => this.#glance(packet, atWallMs));
  }

  /** Forgets what it has seen and decoded. */
  reset(): void {
    this.#decoder.reset();
    this.#detector.reset();
  }

  [Symbol.dispose](): void {
    this.#decoder[Symbol.dispose]();
    this.#detector[Symbol.dispose]();
  }

  #glance(packet: VideoPacket, atWallMs: WallMs): Glance | undefined {
    if (!beginsAnew(packet)) this.#decoder.reset();
    let luma: DecodedLuma | undefined;
    this.#decoder.decode(packet, (picture) => {
      if (picture.pts === packet.pts) luma = picture.readLuma();
    });
    if (luma === undefined) return undefined;
    const sample = motionSample(this.#detector.detect(luma), packet.pts, atWallMs);
    return { sample, luma, decoder: this.#decoder };
  }
}
