import { afterEach, describe, expect, it } from 'vitest';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { isReference } from '../decode/reference.ts';
import { encodeClip } from '../decode/testing/encode-clip.ts';
import type { VideoPacket } from '../media/packet.ts';
import type { Box, Detection, LumaPlane, MotionDetector } from '../motion/detector.ts';
import { DifferenceDetector } from '../motion/difference-detector.ts';
import { DIFFERENCE_PRESETS } from '../motion/difference-settings.ts';
import { MAX_SAMPLE_BOXES, type MotionSample } from '../motion/motion-sample.ts';
import { AnalysisSession } from './analysis-session.ts';
import { BUDGET_MS, CpuBudget } from './cpu-budget.ts';

const START_WALL_MS = 1_700_000_000_000;
const scene: Scene = { widthPx: 160, heightPx: 96, seed: 1, noise: 2, rectangles: [] };
const rectangle = { x: 20, y: 32, width: 40, height: 32, dx: 0, dy: 0, shade: 220 };

/** A still scene, in which a rectangle stands from picture 15 on. */
function appearance(index: number): Uint8Array {
  return renderScene(index < 15 ? scene : { ...scene, rectangles: [rectangle] }, index);
}

function clip(options: { bFrames?: number; luma?: (index: number) => Uint8Array } = {}): VideoPacket[] {
  const { widthPx, heightPx } = scene;
  return encodeClip({
    codec: 'h264',
    widthPx,
    heightPx,
    pictures: 45,
    rateFps: 15,
    gop: 15,
    luma: appearance,
    ...options,
  });
}

const open: AnalysisSession[] = [];
afterEach(() => open.splice(0).forEach((session) => session[Symbol.dispose]()));

function newSession(
  detector: MotionDetector = new DifferenceDetector(DIFFERENCE_PRESETS.current),
  share = new CpuBudget({ clock: new SimulatedClock(), cpuMs: () => 0 }).join(),
): AnalysisSession {
  const session = new AnalysisSession({ detector, rateFps: 5, share });
  open.push(session);
  return session;
}

function pushAll(session: AnalysisSession, packets: readonly VideoPacket[]): MotionSample[] {
  return packets.flatMap((packet) => session.push(packet, wallMs(START_WALL_MS + packet.pts / 90)) ?? []);
}

/** Answers every picture with the same boxes, in the zone "door". */
class FakeDetector implements MotionDetector {
  readonly #boxes: readonly Box[];

  constructor(boxes: readonly Box[]) {
    this.#boxes = boxes;
  }

  detect({ widthPx, heightPx }: LumaPlane): Detection {
    const analysed = { analysedWidthPx: widthPx, analysedHeightPx: heightPx };
    return { score: 1, isMotion: true, boxes: this.#boxes, zones: ['door'], ...analysed };
  }

  stages(): undefined {}

  reset(): void {}

  [Symbol.dispose](): void {}
}

describe('AnalysisSession', () => {
  it('analyses 5 pictures a second and tells when each was taken', () => {
    const samples = pushAll(newSession(), clip());
    expect(samples).toHaveLength(15);
    for (const [i, { wallMs: atMs, pts }] of samples.entries()) {
      expect(pts).toBe(i * 18_000);
      expect(atMs).toBe(START_WALL_MS + i * 200);
    }
  });

  it('tells the time of the picture, not that of the packet which let it out', () => {
    const packets = clip({ bFrames: 2, luma: (index) => renderScene(scene, index) });
    const samples = pushAll(newSession(), packets);
    expect(samples.length).toBeGreaterThanOrEqual(14);
    for (const { wallMs: atMs, pts } of samples) expect(atMs).toBeCloseTo(START_WALL_MS + pts / 90, 6);
  });

  it('leaves B pictures that are not wanted undecoded, and loses no sample by it', () => {
    const packets = clip({ bFrames: 2, luma: (index) => renderScene(scene, index) });
    const session = newSession();
    const samples = pushAll(session, packets);
    expect(session.counts.packets).toBeLessThan(packets.length * 0.9);
    const ptsOf = (all: readonly MotionSample[]) => all.map(({ pts }) => pts);
    expect(ptsOf(samples)).toEqual(samples.map((_, i) => i * 18_000));
    expect(samples.length).toBeGreaterThanOrEqual(13);
  });

  it('decodes but does not analyse when told so, and goes on with the next picture', () => {
    const session = newSession();
    const packets = clip();
    const late = packets.slice(0, 30).map((packet) => session.push(packet, wallMs(START_WALL_MS), 'decode'));
    expect(late.every((sample) => sample === undefined)).toBe(true);
    expect(session.counts.pictures).toBeGreaterThan(25);
    expect(pushAll(session, packets.slice(30)).length).toBeGreaterThanOrEqual(5);
  });

  it('does not decode what follows the last picture of a GOP that is analysed', () => {
    const session = newSession();
    expect(pushAll(session, clip()).map(({ pts }) => pts / 6_000)).toEqual([
      0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42,
    ]);
    expect(session.counts.packets).toBe(45 - 3 * 2);
  });

  it('does so too in GOPs after one of which much was left out', () => {
    const session = newSession();
    const packets = clip();
    pushAll(session, packets.slice(0, 3));
    session.push(packets[3] ?? expect.fail(), wallMs(START_WALL_MS), 'leave-out');
    pushAll(session, packets.slice(4, 15));
    const { packets: before } = session.counts;
    pushAll(session, packets.slice(15));
    expect(session.counts.packets - before).toBe(30 - 2 * 2);
  });

  it('decodes what follows at once where the decoder holds pictures back, so that none comes later for it', () => {
    const session = newSession();
    const packets = clip({ bFrames: 2 });
    pushAll(session, packets);
    // And three that nothing refers to, which are analysed themselves.
    expect(session.counts.packets).toBe(packets.filter(isReference).length + 3);
  });

  it('shows nothing between a packet that was left out and the next key packet', () => {
    const session = newSession();
    const packets = clip();
    pushAll(session, packets.slice(0, 3));
    for (const packet of packets.slice(3, 6)) session.push(packet, wallMs(START_WALL_MS), 'leave-out');
    expect(pushAll(session, packets.slice(6, 15))).toEqual([]);
    expect(pushAll(session, packets.slice(15))[0]?.pts).toBe(90_000);
  });

  it('decodes of each GOP only the first pictures where there is no CPU for more, and sees what changes all the same', () => {
    const cpuMs = (): number => session.counts.packets * (BUDGET_MS / 2);
    const budget = new CpuBudget({ clock: new SimulatedClock(), cpuMs });
    const session = newSession(undefined, budget.join());
    const samples = pushAll(session, clip());
    // Time stands still: when all is spent, key pictures are what is left.
    expect(session.counts.packets).toBeLessThan(15);
    expect(samples.at(-1)?.pts).toBe(180_000);
    expect(samples.filter(({ isMotion }) => isMotion).map(({ pts }) => pts)).toEqual([90_000]);
  });

  it('sees a change once, where and when it happens', () => {
    const samples = pushAll(newSession(), clip());
    const motion = samples.filter(({ isMotion }) => isMotion);
    expect(motion.map(({ pts }) => pts)).toEqual([90_000]);
    const [box] = motion[0]?.boxes ?? [];
    // The blur and the dilation reach beyond the rectangle, by less than 10 pixels.
    expect(Math.abs((box?.x ?? 0) - 20 / 160)).toBeLessThan(10 / 160);
    expect(Math.abs((box?.y ?? 0) - 32 / 96)).toBeLessThan(10 / 96);
    expect(Math.abs((box?.width ?? 0) - 40 / 160)).toBeLessThan(20 / 160);
    expect(Math.abs((box?.height ?? 0) - 32 / 96)).toBeLessThan(20 / 96);
    expect(motion[0]).toMatchObject({ analysedWidthPx: 160, analysedHeightPx: 96 });
  });

  it('does not alarm when the scene changes across a reset', () => {
    const session = newSession();
    const packets = clip();
    const before = pushAll(session, packets.slice(0, 15));
    session.reset();
    const after = pushAll(session, packets.slice(15));
    expect([...before, ...after].filter(({ isMotion }) => isMotion)).toEqual([]);
    expect(after[0]?.pts).toBe(90_000);
  });

  it('does not alarm when the scene changes with the track', () => {
    const session = newSession();
    pushAll(session, clip().slice(0, 15));
    const others = clip({ luma: () => new Uint8Array(160 * 96).fill(200) });
    const samples = pushAll(session, others);
    expect(samples.length).toBeGreaterThan(10);
    expect(samples.filter(({ isMotion }) => isMotion)).toEqual([]);
  });

  it('keeps the largest boxes when there are too many', () => {
    const small = Array.from({ length: MAX_SAMPLE_BOXES }, (_, i) => ({ x: i, y: 0, width: 1, height: 1 }));
    const large = { x: 80, y: 48, width: 40, height: 24 };
    const [sample] = pushAll(newSession(new FakeDetector([...small, large])), clip().slice(0, 1));
    expect(sample?.boxes).toHaveLength(MAX_SAMPLE_BOXES);
    expect(sample?.boxes[0]).toEqual({ x: 0.5, y: 0.5, width: 0.25, height: 0.25 });
  });

  it('tells the zones that moved', () => {
    const [sample] = pushAll(newSession(new FakeDetector([])), clip().slice(0, 1));
    expect(sample?.zones).toEqual(['door']);
  });

  it('counts bad packets and goes on', () => {
    const session = newSession();
    const packets = clip().map((packet, i) =>
      i === 4 ? { ...packet, data: Buffer.alloc(40, 0xa5) } : packet,
    );
    const samples = pushAll(session, packets);
    expect(session.counts.failedPackets).toBe(1);
    expect(samples.at(-1)?.pts).toBe(14 * 18_000);
  });
});
