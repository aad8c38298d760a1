import type { WallMs } from '../base/time.ts';
import { VideoDecoder } from '../decode/decoder.ts';
import type { VideoPacket } from '../media/packet.ts';
import type { Detection, MotionDetector } from '../motion/detector.ts';
import { motionSample, type MotionSample } from '../motion/motion-sample.ts';

/** Compares each key picture with the one before, and decodes no other. Dispose of it. */
export class Glancer implements Disposable {
  readonly #detector: MotionDetector;
  readonly #decoder = new VideoDecoder();

  /** @param detector made by `glanceSettings`; disposed of with the glancer. */
  constructor(detector: MotionDetector) {
    this.#detector = detector;
  }

  /** @returns undefined where the decoder gives no picture for a key packet alone: it reorders them, or cannot read it. */
  glance(packet: VideoPacket, atWallMs: WallMs): MotionSample | undefined {
    let detection: Detection | undefined;
    this.#decoder.decode(packet, (picture) => {
      if (picture.pts === packet.pts) detection = this.#detector.detect(picture.readLuma());
    });
    return detection === undefined ? undefined : motionSample(detection, packet.pts, atWallMs);
  }

  /** There is nothing to compare the next picture with. */
  reset(): void {
    this.#decoder.reset();
    this.#detector.reset();
  }

  [Symbol.dispose](): void {
    this.#decoder[Symbol.dispose]();
    this.#detector[Symbol.dispose]();
  }
}
