import type { MediaTicks, WallMs } from '../base/time.ts';
import { VIDEO_CLOCK_RATE_HZ, type VideoPacket, type VideoTrack } from '../media/packet.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import type { AnalysisSession, Explain } from './analysis-session.ts';
import type { Glancer } from './glancer.ts';
import { KeptPackets, type KeptPacket } from './kept-packets.ts';
import type { Effort } from './packet-queue.ts';
import { QuietSizes } from './quiet-sizes.ts';

/**
 * Without motion for so long, it dozes off: people who leave stir a last time two or three seconds later, and what that prolongs is to end
 * where it would have ended. Woken for nothing, it stays awake up to the next key picture.
 */
const CALM_TICKS = 4 * VIDEO_CLOCK_RATE_HZ;
/**
 * Key pictures farther apart than this are too rare to doze between: what is seen late has to be within the recorder's ring,
 * and the recorder takes a camera for unwatched that it hears nothing of.
 */
const LONGEST_GOP_TICKS = 2.2 * VIDEO_CLOCK_RATE_HZ;
/** A GOP of more bytes is not kept. */
const MAX_KEPT_BYTES = 4 * 2 ** 20;

/**
 * Watches the video of one camera, and dozes while nothing moves: then only key pictures are decoded and compared, and
 * other packets kept. When a key picture differs from the one before, or a packet is strikingly large, it wakes up and sees what
 * it kept as if it had been awake: so what it finds is what it would have found, some time later; when a key picture does not, it
 * goes on from there, and what it kept is never decoded. It misses what comes and goes between two key pictures without
 * costing more bits than a quiet scene. Dispose of it.
 */
export class DozingSession implements Disposable {
  readonly #session: AnalysisSession;
  readonly #glancer: Glancer | undefined;
  readonly #sizes = new QuietSizes();
  #track: VideoTrack | undefined;
  #canDoze = true;
  #isDozing = false;
  /** What came since it dozed off, or since the key picture it has glanced at. */
  readonly #kept = new KeptPackets();
  /** Woken since the last key packet. */
  #wasWoken = false;
  #lastKeyTicks: MediaTicks | undefined;
  /** From the last key packet but one to the last. */
  #gopTicks = Number.POSITIVE_INFINITY;
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
    return this.#isDozing;
  }

  /** As `AnalysisSession.push`, but with the samples of all that was looked at, in order. */
  push(packet: VideoPacket, atWallMs: WallMs, effort: Effort = 'all'): readonly MotionSample[] {
    if (packet.track !== this.#track) this.#changeTrack(packet.track);
    this.#stirredTicks ??= packet.pts;
    if (!packet.isKey) {
      this.#sizes.add(packet.data.byteLength);
      return this.#take({ packet, atWallMs }, effort);
    }
    const gopFromTicks = this.#lastKeyTicks ?? Number.NEGATIVE_INFINITY;
    this.#gopTicks = packet.pts - gopFromTicks;
    this.#lastKeyTicks = packet.pts;
    this.#wasWoken = false;
    const samples = this.#take({ packet, atWallMs }, effort);
    // Of a GOP dozed through it is known with the next key picture only whether anything moved in it.
    this.#sizes.endGop(this.#stirredTicks <= gopFromTicks);
    return samples;
  }

  #take(taken: KeptPacket, effort: Effort): readonly MotionSample[] {
    if (effort === 'all' && this.#isDozing) return this.#doze(taken);
    const samples = [...this.#wake(), ...this.#look(taken, effort)];
    if (effort === 'all' && samples.length > 0 && this.#isCalm(taken.packet)) this.#dozeOff();
    return samples;
  }

  /** See `AnalysisSession`. Nobody dozes who is asked. */
  explainNext(pictures: number, explain: Explain): void {
    this.#session.explainNext(pictures, explain);
  }

  /** Forgets the scene. */
  reset(): void {
    this.#endDoze();
    this.#sizes.reset();
    this.#wasWoken = false;
    this.#lastKeyTicks = undefined;
    this.#gopTicks = Number.POSITIVE_INFINITY;
    this.#stirredTicks = undefined;
    this.#session.reset();
    this.#glancer?.reset();
  }

  [Symbol.dispose](): void {
    this.#endDoze();
    this.#session[Symbol.dispose]();
    this.#glancer?.[Symbol.dispose]();
  }

  #changeTrack(track: VideoTrack): void {
    this.reset();
    this.#track = track;
    this.#canDoze = this.#glancer !== undefined;
  }

  #isCalm({ pts }: VideoPacket): boolean {
    if (!this.#canDoze || this.#wasWoken || this.#gopTicks > LONGEST_GOP_TICKS) return false;
    if (this.#session.isExplaining || this.#stirredTicks === undefined) return false;
    return pts - this.#stirredTicks >= CALM_TICKS;
  }

  #look({ packet, atWallMs }: KeptPacket, effort: Effort): readonly MotionSample[] {
    return this.#note(this.#session.push(packet, atWallMs, effort));
  }

  #note(sample: MotionSample | undefined): readonly MotionSample[] {
    if (sample === undefined) return [];
    if (sample.isMotion) this.#stirredTicks = sample.pts;
    return [sample];
  }

  #dozeOff(): void {
    if (this.#session.lastLuma === undefined) return;
    this.#glancer?.see(this.#session.lastLuma);
    this.#isDozing = true;
  }

  #doze(taken: KeptPacket): readonly MotionSample[] {
    const { packet } = taken;
    if (packet.isKey) return this.#glance(taken);
    this.#kept.add(taken);
    const sinceKeyTicks = packet.pts - (this.#lastKeyTicks ?? packet.pts);
    const isTooMuch = sinceKeyTicks > LONGEST_GOP_TICKS || this.#kept.bytes > MAX_KEPT_BYTES;
    if (isTooMuch || this.#session.isExplaining || this.#sizes.isStriking(packet.data.byteLength)) {
      return this.#wake();
    }
    return [];
  }

  #glance(key: KeptPacket): readonly MotionSample[] {
    if (this.#session.isExplaining) return [...this.#wake(), ...this.#look(key, 'all')];
    const glance = this.#glancer?.glance(key.packet, key.atWallMs);
    if (glance === undefined) {
      this.#canDoze = false;
      return [...this.#wake(), ...this.#look(key, 'all')];
    }
    if (glance.sample.isMotion) return [...this.#wake(), ...this.#note(this.#session.goOnFrom(glance))];
    this.#kept.drop();
    this.#session.forgetScene();
    this.#session.goOnFrom(glance);
    return [glance.sample];
  }

  /** Looks at what was kept, as if it came now. */
  #wake(): readonly MotionSample[] {
    if (!this.#isDozing) return [];
    const samples = Array.from(this.#kept).flatMap((taken) => this.#look(taken, 'all'));
    this.#endDoze();
    this.#wasWoken = true;
    return samples;
  }

  #endDoze(): void {
    this.#kept.drop();
    this.#isDozing = false;
  }
}
