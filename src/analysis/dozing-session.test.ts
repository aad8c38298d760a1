import { afterEach, describe, expect, it } from 'vitest';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { encodeClip } from '../decode/testing/encode-clip.ts';
import type { VideoPacket } from '../media/packet.ts';
import { CountedMemory } from '../media/testing/counted-memory.ts';
import { DifferenceDetector } from '../motion/difference-detector.ts';
import { DIFFERENCE_PRESETS, type DifferenceSettings } from '../motion/difference-settings.ts';
import { glanceSettings } from '../motion/glance-settings.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import { AnalysisSession } from './analysis-session.ts';
import { CpuBudget } from './cpu-budget.ts';
import { DozingSession } from './dozing-session.ts';
import { Glancer } from './glancer.ts';

const RATE_FPS = 10;
const GOP = 20;
const settings: DifferenceSettings = {
  ...DIFFERENCE_PRESETS.current,
  decision: { measure: 'changed-pixels', leastPx: 200 },
};
const still: Scene = { widthPx: 96, heightPx: 64, seed: 1, noise: 3, rectangles: [] };
const walker = { x: 0, y: 20, width: 12, height: 24, dx: 3, dy: 0, shade: 200 };

/** A still scene, in which somebody walks by in the pictures from `from` up to `to`. */
function walk(from: number, to: number) {
  return (index: number) => {
    const rectangles = index >= from && index < to ? [{ ...walker, x: -walker.dx * from }] : [];
    return renderScene({ ...still, rectangles }, index);
  };
}

interface ClipOptions {
  readonly codec?: 'h264' | 'h265';
  readonly gop?: number;
  readonly bFrames?: number;
}

function clip(luma: (index: number) => Uint8Array, options: ClipOptions = {}) {
  const { widthPx, heightPx } = still;
  return encodeClip({
    codec: 'h264',
    widthPx,
    heightPx,
    pictures: 300,
    rateFps: RATE_FPS,
    gop: GOP,
    luma,
    ...options,
  });
}

const open: Disposable[] = [];
afterEach(() => open.splice(0).forEach((one) => one[Symbol.dispose]()));

function ampleShare() {
  return new CpuBudget({ clock: new SimulatedClock(), cpuMs: () => 0 }).join();
}

function newSessions(share = ampleShare()) {
  const awake = new AnalysisSession({ detector: new DifferenceDetector(settings), rateFps: 5, share });
  const glance = glanceSettings(settings);
  if (glance === undefined) throw new Error('expected a detector that may doze');
  const dozing = new DozingSession(awake, new Glancer(new DifferenceDetector(glance), share));
  open.push(dozing);
  return { awake, dozing };
}

/** What a session says, and after which packet it said it. */
function push(session: DozingSession, packets: readonly VideoPacket[]) {
  const said: { readonly sample: MotionSample; readonly afterPicture: number }[] = [];
  for (const packet of packets) {
    for (const sample of session.push(packet, wallMs(packet.pts / 90))) {
      said.push({ sample, afterPicture: Math.round((packet.pts * RATE_FPS) / 90_000) });
    }
  }
  return said;
}

/** The motion that an analysis without dozing finds. */
function motionOf(packets: readonly VideoPacket[]): readonly MotionSample[] {
  using session = new AnalysisSession({
    detector: new DifferenceDetector(settings),
    rateFps: 5,
    share: ampleShare(),
  });
  return packets
    .flatMap((packet) => session.push(packet, wallMs(packet.pts / 90)) ?? [])
    .filter(({ isMotion }) => isMotion);
}

function lastMotionPicture(said: ReturnType<typeof push>): number {
  const last = said.findLast(({ sample }) => sample.isMotion);
  return Math.round(((last?.sample.pts ?? 0) * RATE_FPS) / 90_000);
}

describe('DozingSession', () => {
  it('decodes key pictures only after four seconds without motion', () => {
    const { awake, dozing } = newSessions();
    const said = push(dozing, clip(walk(0, 0)));
    expect(dozing.isDozing).toBe(true);
    // All up to picture 40 but the last of each GOP.
    expect(awake.counts.packets).toBe(39);
    expect(said.slice(21).map(({ sample }) => sample.pts / 90_000)).toEqual([
      6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28,
    ]);
    expect(said.every(({ sample }) => !sample.isMotion)).toBe(true);
  });

  it('says the same of what looking costs, however long it dozes', () => {
    let cpuMs = 0;
    // All that is measured takes a millisecond.
    const share = new CpuBudget({ clock: new SimulatedClock(), cpuMs: () => cpuMs++ }).join();
    // Awake for four seconds would be too little to tell.
    share.note(10, false);
    const { dozing } = newSessions(share);
    const packets = clip(walk(0, 0));
    push(dozing, packets.slice(0, 50));
    expect(dozing.isDozing).toBe(true);
    const { cost } = share;
    push(dozing, packets.slice(50));
    expect(dozing.isDozing).toBe(true);
    expect(share.cost).toEqual(cost);
  });

  // The key pictures of this H.265 are CRA pictures: a decoder does not forget at them what it had decoded before.
  it.each(['h264', 'h265'] as const)(
    'finds in %s, when key pictures differ, the very motion that it would have found awake',
    (codec) => {
      const packets = clip(walk(207, 235), { codec });
      const { dozing } = newSessions();
      const moved = push(dozing, packets).filter(({ sample }) => sample.isMotion);
      expect(moved.length).toBeGreaterThan(5);
      expect(moved.map(({ sample }) => sample)).toEqual(motionOf(packets));
      expect(moved[0]?.afterPicture).toBe(220);
    },
  );

  it('wakes up at a strikingly large packet, and sees what came since the key picture', () => {
    const packets = clip(walk(207, 212));
    const striking = packets.map((packet, index) =>
      index === 209 ? { ...packet, data: Buffer.concat([packet.data, FILLER]) } : packet,
    );
    const { dozing } = newSessions();
    const moved = push(dozing, striking).filter(({ sample }) => sample.isMotion);
    expect(moved.map(({ sample }) => sample)).toEqual(motionOf(packets));
    expect(moved[0]?.afterPicture).toBe(209);
  });

  it('stays awake for four seconds after motion, and decodes each picture once', () => {
    const { awake, dozing } = newSessions();
    const said = push(dozing, clip(walk(60, 81)));
    expect(lastMotionPicture(said)).toBe(82);
    // Awake up to 40; from the packet after it on up to 122, but for key picture 60, which was glanced at; and each time
    // but for the last picture of a GOP, for which nobody asks.
    expect(awake.counts.packets).toBe(39 + 82 - 1 - 4);
  });

  it('goes on in the middle of a GOP where it dozed off', () => {
    const again = walk(132, 155);
    const packets = clip((index) => (index < 90 ? walk(60, 81)(index) : again(index)));
    const { dozing } = newSessions();
    const first = push(dozing, packets.slice(0, 125));
    expect(dozing.isDozing).toBe(true);
    const moved = [...first, ...push(dozing, packets.slice(125))].filter(({ sample }) => sample.isMotion);
    expect(moved.map(({ sample }) => sample)).toEqual(motionOf(packets));
    expect(moved.filter(({ sample }) => sample.pts > 13 * 90_000 && sample.pts < 14 * 90_000)).toHaveLength(
      4,
    );
  });

  it('compares how large packets are with quiet ones only', () => {
    const packets = clip(walk(160, 181)).map((packet, index) =>
      index === 165 || index === 225 ? { ...packet, data: Buffer.concat([packet.data, FILLER]) } : packet,
    );
    const { dozing } = newSessions();
    push(dozing, packets.slice(0, 225));
    expect(dozing.isDozing).toBe(true);
    push(dozing, packets.slice(225, 226));
    expect(dozing.isDozing).toBe(false);
  });

  it('stays awake up to the next key picture when it was woken for nothing', () => {
    const packets = clip(walk(0, 0)).map((packet, index) =>
      index === 205 ? { ...packet, data: Buffer.concat([packet.data, FILLER]) } : packet,
    );
    const { dozing } = newSessions();
    push(dozing, packets.slice(0, 220));
    expect(dozing.isDozing).toBe(false);
    push(dozing, packets.slice(220, 221));
    expect(dozing.isDozing).toBe(true);
  });

  it('never dozes between key pictures that are far apart', () => {
    const { awake, dozing } = newSessions();
    push(dozing, clip(walk(0, 0), { gop: 30 }));
    // Each but the last of a GOP.
    expect(awake.counts.packets).toBe(290);
  });

  it('never dozes where the decoder holds pictures back', () => {
    const { dozing } = newSessions();
    push(dozing, clip(walk(0, 0), { bFrames: 2 }));
    expect(dozing.isDozing).toBe(false);
  });

  it('is awake again when packets have to be left out', () => {
    const packets = clip(walk(0, 0));
    const { dozing } = newSessions();
    push(dozing, packets.slice(0, 150));
    expect(dozing.isDozing).toBe(true);
    dozing.push(packets[150] ?? missing(), wallMs(15_000), 'leave-out');
    expect(dozing.isDozing).toBe(false);
  });

  it('shows the pictures that somebody asks for', () => {
    const packets = clip(walk(0, 0));
    const { dozing } = newSessions();
    push(dozing, packets.slice(0, 150));
    let shown = 0;
    dozing.explainNext(3, () => shown++);
    push(dozing, packets.slice(150, 165));
    expect(shown).toBe(3);
  });

  it('forgets the scene, and how large its packets were, with the run', () => {
    const packets = clip(walk(0, 0));
    const { dozing } = newSessions();
    push(dozing, packets.slice(0, 150));
    dozing.reset();
    expect(dozing.isDozing).toBe(false);
    expect(push(dozing, packets.slice(0, 20))).toHaveLength(10);
  });

  it('holds the memory of what it keeps, and no longer', () => {
    const memory = new CountedMemory();
    const packets = clip(walk(207, 235)).map((packet) => ({ ...packet, memory }));
    const { dozing } = newSessions();
    push(dozing, packets.slice(0, 150));
    expect(memory.holders).toBe(9);
    push(dozing, packets.slice(150, 241));
    expect(dozing.isDozing).toBe(false);
    expect(memory.holders).toBe(0);
    push(newSessions().dozing, packets.slice(0, 150));
    open.splice(0).forEach((one) => one[Symbol.dispose]());
    expect(memory.holders).toBe(0);
  });
});

/** NAL unit of type 12, filler data (ISO 14496-10 7.3.2.7), with its length before it: decoders skip it. */
const FILLER = Buffer.alloc(20_000, 0xff);
FILLER.writeUInt32BE(FILLER.length - 4, 0);
FILLER[4] = 12;
FILLER[FILLER.length - 1] = 0x80;

function missing(): never {
  throw new Error('no such packet');
}
