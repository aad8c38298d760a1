import { describe, expect, test } from 'vitest';
import { mediaTicks } from '../base/time.ts';
import { makePicture, makePictures, makeSound } from '../media/testing/make-packet.ts';
import { FragmentCutter, type Mp4Packet } from './fragment-cutter.ts';

/** Start times in ms of the fragments that these packets make, the last one included. */
function fragmentStartsMs(packets: readonly Mp4Packet[]): number[] {
  const cutter = new FragmentCutter();
  const fragments = [...packets.map((packet) => cutter.push(packet)), cutter.cut(undefined)];
  return fragments.flatMap((runs) => runs?.[0]?.packets[0]?.dts ?? []).map((ticks) => ticks / 90);
}

describe('FragmentCutter', () => {
  test('makes fragments of half a GOP, of half a second before it knows how long one is', () => {
    expect(fragmentStartsMs(makePictures(6_000, 100, 20))).toEqual([
      0, 500, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000,
    ]);
    expect(fragmentStartsMs(makePictures(3_000, 100, 10))).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500]);
  });

  test('keeps GOPs of half a second whole', () => {
    expect(fragmentStartsMs(makePictures(2_000, 100, 5))).toEqual([0, 500, 1_000, 1_500]);
  });

  test('leaves no picture over behind the second half of a GOP that is a little longer than the one before', () => {
    const packets = makePictures(6_000, 40, 50).map((packet) =>
      packet.dts >= 4_000 * 90 ? { ...packet, dts: mediaTicks(packet.dts + 20 * 90) } : packet,
    );
    expect(fragmentStartsMs(packets).filter((ms) => ms >= 2_000)).toEqual([2_000, 3_040, 4_020, 5_060]);
  });

  test('cuts a long GOP so that no fragment lasts more than two seconds', () => {
    expect(fragmentStartsMs(makePictures(20_000, 100, 100)).filter((ms) => ms >= 10_000)).toEqual([
      10_000, 12_000, 14_000, 16_000, 18_000,
    ]);
  });

  test('gives each picture of a stream slower than the limit its own fragment', () => {
    expect(fragmentStartsMs(makePictures(12_000, 4_000, 100))).toEqual([0, 4_000, 8_000]);
  });

  test('read in long turns, ends fragments with them and on key pictures, but keeps the last picture', () => {
    const cutter = new FragmentCutter();
    const fragments = makePictures(8_000, 100, 20).flatMap((packet, index) => {
      const cut = cutter.push(packet);
      const turn = (index + 1) % 16 === 0 ? cutter.allRead(true) : undefined;
      return [cut, turn].flatMap((runs) => runs?.[0] ?? []);
    });
    expect(
      fragments.map(({ packets, nextDts }) =>
        [packets[0]?.dts ?? 0, nextDts ?? 0].map((ticks) => ticks / 90),
      ),
    ).toEqual([
      [0, 500],
      [500, 1_000],
      [1_000, 1_500],
      [1_500, 2_000],
      [2_000, 3_100],
      [3_100, 4_000],
      [4_000, 4_700],
      [4_700, 6_000],
      [6_000, 6_300],
      [6_300, 7_900],
    ]);
  });

  test('read in long turns, a single picture waits for the next one, and short turns end no fragment', () => {
    const cutter = new FragmentCutter();
    expect(cutter.allRead(true)).toBeUndefined();
    cutter.push(makePicture(0));
    cutter.push(makeSound(10));
    expect(cutter.allRead(true)).toBeUndefined();
    cutter.push(makePicture(100, { isKey: false }));
    expect(cutter.allRead(false)).toBeUndefined();
    cutter.push(makeSound(110));
    expect(cutter.allRead(true)?.map((run) => run.packets.length)).toEqual([1, 2]);
    expect(cutter.cut(undefined)?.map((run) => run.packets.length)).toEqual([1]);
  });

  test('tells when the next fragment begins, and puts sound beside the pictures it came with', () => {
    const cutter = new FragmentCutter();
    for (const packet of [
      makePicture(0),
      makeSound(10),
      makePicture(200, { isKey: false }),
      makeSound(210),
    ]) {
      expect(cutter.push(packet)).toBeUndefined();
    }
    const runs = cutter.push(makePicture(400));
    expect(runs?.map((run) => run.packets.length)).toEqual([2, 2]);
    expect(runs?.map((run) => run.nextDts)).toEqual([36_000, undefined]);
  });

  test('begins a fragment after a hole, and does not stretch the picture before it', () => {
    const before = makePictures(500, 100, 5);
    const after = makePictures(4_500, 100, 5, 4_100).map((packet) => ({ ...packet, isKey: false }));
    expect(fragmentStartsMs([...before, ...after])).toEqual([0, 4_100]);
    const cutter = new FragmentCutter();
    for (const packet of before) cutter.push(packet);
    expect(cutter.cut(makePicture(4_100).dts)?.[0]?.nextDts).toBeUndefined();
  });

  test('lets each picture of a time-lapse last until the next, however irregular they are', () => {
    const cutter = new FragmentCutter(true);
    const fragments = [0, 2_000, 4_000, 20_000, 22_000].map((atMs) => cutter.push(makePicture(atMs)));
    expect(fragments.flatMap((runs) => runs ?? []).map(({ nextDts }) => (nextDts ?? 0) / 90)).toEqual([
      2_000, 4_000, 20_000, 22_000,
    ]);
  });

  test('takes what pauses for a second, or is as slow as before, for no hole', () => {
    const nextOf = (packets: readonly Mp4Packet[], nextMs: number) => {
      const cutter = new FragmentCutter();
      for (const packet of packets) cutter.push(packet);
      return cutter.cut(makePicture(nextMs).dts)?.[0]?.nextDts;
    };
    expect(nextOf(makePictures(1_000, 100, 10), 2_000)).toBe(2_000 * 90);
    expect(nextOf(makePictures(20_000, 5_000, 1), 25_000)).toBe(25_000 * 90);
    expect(nextOf(makePictures(20_000, 5_000, 1), 35_000)).toBeUndefined();
  });
});
