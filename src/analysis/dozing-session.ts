import type { MediaTicks, WallMs } from '../base/time.ts';
import { VIDEO_CLOCK_RATE_HZ, type VideoPacket, type VideoTrack } from '../media/packet.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import type { AnalysisSession, Explain } from './analysis-session.ts';
import type { Glancer } from './glancer.ts';
import type { Effort } from './packet-queue.ts';
import { QuietSizes } from './quiet-sizes.ts';

/** Without motion for so long, it dozes off. Woken for nothing it does at the next key picture. */
const CALM_TICKS = 4 * VIDEO_CLOCK_RATE_HZ;
/**
 * Key pictures farther apart than this are too rare to doze between: what is seen late has to be within the recorder's ring,
 * and the recorder takes a camera for unwatched that it hears nothing of.
 */
const LONGEST_GOP_TICKS = 2.2 * VIDEO_CLOCK_RATE_HZ;
/** A GOP of more bytes is not kept. */
const MAX_KEPT_BYTES = 4 * 2 ** 20;

interface Kept {
  readonly packet: VideoPacket;
  readonly atWallMs: WallMs;
}

/**
 * Watches the video of one camera, and dozes while nothing moves: then only key pictures are decoded and compared, and
 * the packets since the last one kept. When two key pictures differ, or a packet is strikingly large, it wakes up and sees what
 * it kept as if it had been awake: so what it finds is what it would have found, some time later. It misses what comes
 * and goes between two key pictures without costing more bits than a quiet scene. Dispose of it.
 */
export class DozingSession implements Disposable {
  readonly #session: AnalysisSession;
  readonly #glancer: Glancer | undefined;
  readonly #sizes = new QuietSizes();
  #track: VideoTrack | undefined;
  #canDoze = true;
  /** What came from the last key packet on; undefined while awake. */
  #kept: Kept[] | undefined;
  #keptBytes = 0;
  #lastKeyTicks: MediaTicks | undefined;
  /** The last motion, or the first picture. */
  #stirredTicks: MediaTicks | undefined;

  /**
   * @param session disposed of with this.
   * @param glancer likewise; without one it never dozes.
   */
  constructor(session: AnalysisSession, glancer: Glancer | undefined) {
    this.#session = session;
    this.#glancer = glancer;
  }

  get isDozing(): boolean {
    return this.#kept !== undefined;
  }

  /** As `AnalysisSession.push`, but with the samples of all that was looked at, in order. */
  push(packet: VideoPacket, atWallMs: WallMs, effort: Effort = 'all'): readonly MotionSample[] {
    if (packet.track !== this.#track) this.#changeTrack(packet.track);
    this.#stirredTicks ??= packet.pts;
    const gopTicks = this.#noteSize(packet);
    if (effort !== 'all') return [...this.#wake(), ...this.#look(packet, atWallMs, effort)];
    if (this.#kept !== undefined) return this.#doze({ packet, atWallMs });
    if (packet.isKey && this.#isCalm(packet, gopTicks)) this.#dozeOff({ packet, atWallMs });
    return this.#look(packet, atWallMs, effort);
  }

  /** See `AnalysisSession`. Nobody dozes who is asked. */
  explainNext(pictures: number, explain: Explain): void {
    this.#session.explainNext(pictures, explain);
  }

  /** Forgets the scene. */
  reset(): void {
    this.#drop();
    this.#sizes.reset();
    this.#lastKeyTicks = undefined;
    this.#stirredTicks = undefined;
    this.#session.reset();
  }

  [Symbol.dispose](): void {
    this.#drop();
    this.#session[Symbol.dispose]();
    this.#glancer?.[Symbol.dispose]();
  }

  #changeTrack(track: VideoTrack): void {
    this.reset();
    this.#track = track;
    this.#canDoze = this.#glancer !== undefined;
  }

  /** @returns with a key packet, how long after the one before it comes. */
  #noteSize({ isKey, data, pts }: VideoPacket): number {
    if (!isKey) {
      this.#sizes.add(data.byteLength);
      return Number.POSITIVE_INFINITY;
    }
    this.#sizes.endGop();
    const gopTicks = pts - (this.#lastKeyTicks ?? Number.NEGATIVE_INFINITY);
    this.#lastKeyTicks = pts;
    return gopTicks;
  }

  #isCalm({ pts }: VideoPacket, gopTicks: number): boolean {
    if (!this.#canDoze || this.#session.isExplaining || gopTicks > LONGEST_GOP_TICKS) return false;
    return this.#stirredTicks !== undefined && pts - this.#stirredTicks >= CALM_TICKS;
  }

  #look(packet: VideoPacket, atWallMs: WallMs, effort: Effort): readonly MotionSample[] {
    const sample = this.#session.push(packet, atWallMs, effort);
    if (sample === undefined) return [];
    if (sample.isMotion) this.#stirredTicks = sample.pts;
    return [sample];
  }

  #dozeOff(key: Kept): void {
    this.#glancer?.reset();
    if (this.#glancer?.glance(key.packet, key.atWallMs) === undefined) this.#canDoze = false;
    else this.#keepFrom(key);
  }

  #doze(kept: Kept): readonly MotionSample[] {
    const { packet, atWallMs } = kept;
    if (packet.isKey) {
      const sample = this.#glancer?.glance(packet, atWallMs);
      if (sample?.isMotion === false && !this.#session.isExplaining) {
        this.#keepFrom(kept);
        return [sample];
      }
      this.#canDoze = sample !== undefined;
      return [...this.#wake(), ...this.#look(packet, atWallMs, 'all')];
    }
    this.#keep(kept);
    const sinceKeyTicks = packet.pts - (this.#lastKeyTicks ?? packet.pts);
    const isTooMuch = sinceKeyTicks > LONGEST_GOP_TICKS || this.#keptBytes > MAX_KEPT_BYTES;
    if (isTooMuch || this.#session.isExplaining || this.#sizes.isStriking(packet.data.byteLength)) {
      return this.#wake();
    }
    return [];
  }

  /** Looks at what was kept, as if for the first time. */
  #wake(): readonly MotionSample[] {
    const kept = this.#kept;
    if (kept === undefined) return [];
    this.#session.reset();
    const samples = kept.flatMap(({ packet, atWallMs }) => this.#look(packet, atWallMs, 'all'));
    this.#drop();
    return samples;
  }

  #keepFrom(key: Kept): void {
    this.#drop();
    this.#kept = [];
    this.#keep(key);
  }

  #keep(kept: Kept): void {
    kept.packet.memory?.hold();
    this.#keptBytes += kept.packet.data.byteLength;
    this.#kept?.push(kept);
  }

  #drop(): void {
    for (const { packet } of this.#kept ?? []) packet.memory?.release();
    this.#kept = undefined;
    this.#keptBytes = 0;
  }
}
