import { ticksToSeconds, wallMs, type MediaTicks, type WallMs } from '../base/time.ts';
import { VideoDecoder, type DecodeCounts, type DecodedPicture } from '../decode/decoder.ts';
import type { DecodedLuma } from '../decode/frame-reader.ts';
import { FrameSampler } from '../decode/frame-sampler.ts';
import { beginsAnew, isReference } from '../decode/reference.ts';
import type { VideoPacket, VideoTrack } from '../media/packet.ts';
import type { DetectionStages, MotionDetector } from '../motion/detector.ts';
import { motionSample, type MotionSample } from '../motion/motion-sample.ts';
import type { CpuShare } from './cpu-budget.ts';
import type { Glance } from './glancer.ts';
import { KeptPackets, type KeptPacket } from './kept-packets.ts';
import type { Effort } from './packet-queue.ts';

/** With so many bytes waiting, they are decoded. */
const MAX_WAITING_BYTES = 4 * 2 ** 20;

export interface AnalysisOptions {
  /** Disposed of with the session, and so is `share`. */
  readonly detector: MotionDetector;
  /** Pictures analysed a second, above 0; fewer if the camera sends fewer. */
  readonly rateFps: number;
  /** The CPU for it. */
  readonly share: CpuShare;
}

/** Told a picture with what its detector made of it (see `MotionDetector.stages`). */
export type Explain = (
  picture: DecodedPicture,
  sample: MotionSample,
  stages: DetectionStages | undefined,
) => void;

/**
 * Watches the video of one camera: analyses some of the pictures, and decodes those and what they refer to. Dispose of it.
 */
export class AnalysisSession implements Disposable {
  readonly #detector: MotionDetector;
  readonly #sampler: FrameSampler;
  readonly #decoder = new VideoDecoder();
  readonly #share: CpuShare;
  /** Only to be decoded for what refers to them: when a picture is wanted again, or never, where a GOP begins before. */
  readonly #waiting = new KeptPackets();
  /** The decoder has let pictures of this GOP out later than it got them, or not at all. */
  #isLate = false;
  #track: VideoTrack | undefined;
  #lastLuma: DecodedLuma | undefined;
  #lastDts: MediaTicks | undefined;
  /** There was no CPU left for it: the rest of the GOP is left out. */
  #isCut = false;
  #explaining: { left: number; readonly explain: Explain } | undefined;

  constructor({ detector, rateFps, share }: AnalysisOptions) {
    this.#detector = detector;
    this.#share = share;
    this.#sampler = new FrameSampler(rateFps);
  }

  /** What became of the packets; bad ones are only counted. */
  get counts(): DecodeCounts {
    return this.#decoder.counts;
  }

  /**
   * Decodes a packet; `atWallMs` is the wall time of its `pts`. After one that was left out, here for want of CPU or as `effort`
   * says, nothing comes out up to the next key packet.
   * @returns what the picture that came out shows, which may be an earlier packet's; undefined if none did or it was
   *   not its turn. When a decoder lets several out at once, one of them at most is analysed.
   */
  push(packet: VideoPacket, atWallMs: WallMs, effort: Effort = 'all'): MotionSample | undefined {
    if (packet.track !== this.#track) this.#changeTrack(packet.track);
    if (effort === 'leave-out') {
      this.#lastDts = packet.dts;
      this.#resetDecoder();
      return undefined;
    }
    if (this.#isTooMuch(packet)) return undefined;
    const isWanted = effort === 'all' && this.#sampler.isDue(packet.pts);
    if (!isWanted && !isReference(packet)) return undefined;
    const pushed = { packet, atWallMs };
    if (!isWanted && effort === 'all' && this.#mayWait(packet)) {
      this.#waiting.add(pushed);
      return undefined;
    }
    return this.#share.spend(() => this.#decode(pushed, effort));
  }

  /**
   * As `push`, with a key packet that is decoded already; the session goes on from there, and `decoder` from where
   * the session was.
   */
  goOnFrom({ luma, sample, decoder }: Glance): MotionSample | undefined {
    this.#waiting.drop();
    this.#decoder.changePlaces(decoder);
    this.#lastDts = undefined;
    this.#isCut = false;
    if (!this.#sampler.accept(sample.pts)) return undefined;
    // The seconds dozed through are not noted: counted as spent, the cost would grow all night.
    return this.#share.glance(() => this.#detect(luma, sample.pts, sample.wallMs));
  }

  /** Of the picture analysed last, until the next packet is pushed. */
  get lastLuma(): DecodedLuma | undefined {
    return this.#lastLuma;
  }

  /** Calls `explain` with each of the next so many analysed pictures, valid during that call only. Replaces an older one. */
  explainNext(pictures: number, explain: Explain): void {
    this.#explaining = { left: pictures, explain };
  }

  /** Whether there is somebody to call with the next picture. */
  get isExplaining(): boolean {
    return this.#explaining !== undefined && this.#explaining.left > 0;
  }

  /** Begins anew, as after a break in the stream. */
  reset(): void {
    this.#resetDecoder();
    this.#lastDts = undefined;
    this.#isCut = false;
    this.forgetScene();
  }

  /** The next picture is compared with none, and never alarms. */
  forgetScene(): void {
    this.#detector.reset();
    this.#sampler.reset();
  }

  [Symbol.dispose](): void {
    this.#waiting.drop();
    this.#decoder[Symbol.dispose]();
    this.#detector[Symbol.dispose]();
    this.#share[Symbol.dispose]();
  }

  #changeTrack(track: VideoTrack): void {
    this.reset();
    this.#track = track;
  }

  #resetDecoder(): void {
    this.#waiting.drop();
    this.#decoder.reset();
  }

  #mayWait({ isKey, data }: VideoPacket): boolean {
    return !isKey && !this.#isLate && this.#waiting.bytes + data.byteLength <= MAX_WAITING_BYTES;
  }

  /** A key picture never is: what the budget pays for is the first part of each GOP. */
  #isTooMuch(packet: VideoPacket): boolean {
    const { isKey, dts, track } = packet;
    if (isKey) this.#isCut = false;
    else if (!this.#isCut && this.#share.isSpent) {
      this.#isCut = true;
      this.#resetDecoder();
    }
    const seconds = this.#lastDts === undefined ? 0 : ticksToSeconds(dts - this.#lastDts, track.clockRateHz);
    this.#lastDts = dts;
    this.#share.note(seconds, this.#isCut);
    return this.#isCut;
  }

  /** Decodes what waits and a packet. */
  #decode(pushed: KeptPacket, effort: Effort): MotionSample | undefined {
    let sample: MotionSample | undefined;
    let isOut = false;
    const { packet: last } = pushed;
    if (beginsAnew(last)) this.#waiting.drop();
    for (const { packet, atWallMs } of [...this.#waiting, pushed]) {
      this.#decoder.decode(packet, (picture) => {
        isOut ||= picture.pts === last.pts;
        if (effort !== 'all' || sample !== undefined || !this.#sampler.accept(picture.pts)) return;
        const aheadTicks = picture.pts - packet.pts;
        const pictureWallMs = atWallMs + ticksToSeconds(aheadTicks, packet.track.clockRateHz) * 1000;
        sample = this.#analyse(picture, wallMs(pictureWallMs));
      });
    }
    this.#waiting.drop();
    this.#isLate = !isOut || (this.#isLate && !last.isKey);
    return sample;
  }

  #analyse(picture: DecodedPicture, atWallMs: WallMs): MotionSample {
    const sample = this.#detect(picture.readLuma(), picture.pts, atWallMs);
    if (this.#explaining !== undefined && this.#explaining.left > 0) {
      this.#explaining.left--;
      this.#explaining.explain(picture, sample, this.#detector.stages());
    }
    return sample;
  }

  #detect(luma: DecodedLuma, pts: MediaTicks, atWallMs: WallMs): MotionSample {
    this.#lastLuma = luma;
    return motionSample(this.#detector.detect(luma), pts, atWallMs);
  }
}
