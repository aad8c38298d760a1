import { describe, expect, it } from 'vitest';
import type { BitMask } from '../bit-mask.ts';
import { draw } from '../kernel/testing/any-mask.ts';
import { PlainBackground } from './plain-background.ts';
import { NO_OFFSET } from './rules.ts';

/** A background of pictures given as rows of brightnesses. */
class Watcher {
  readonly background: PlainBackground;
  readonly #size: { readonly widthPx: number; readonly heightPx: number };

  constructor(first: readonly (readonly number[])[], watched?: BitMask) {
    this.#size = { widthPx: first[0]?.length ?? 0, heightPx: first.length };
    this.background = new PlainBackground({ source: this.#size, analysed: this.#size, watched });
    this.take(first);
    this.background.begin();
  }

  take(rows: readonly (readonly number[])[]): void {
    const data = Uint8Array.from(rows.flat());
    this.background.take({ ...this.#size, stride: this.#size.widthPx, data, isFullRange: true });
  }

  learn(rows: readonly (readonly number[])[], isHasty = false, isForgetting = false): number {
    this.take(rows);
    return this.background.learn(isHasty, isForgetting);
  }
}

/** Which of a pixel's brightnesses in turn, after a first one, are foreground. */
function foregrounds(first: number, then: readonly number[], isHasty = false): number[] {
  const watcher = new Watcher([[first]]);
  return then.map((luma) => watcher.learn([[luma]], isHasty));
}

const times = (count: number, luma: number) => Array.from({ length: count }, () => luma);

describe('PlainBackground', () => {
  it('takes for background what is within the tolerance, which begins with 24', () => {
    expect(foregrounds(100, [124])).toEqual([0]);
    expect(foregrounds(100, [76])).toEqual([0]);
    expect(foregrounds(100, [125])).toEqual([1]);
    expect(foregrounds(100, [75])).toEqual([1]);
  });

  it('follows the scene by a step a picture, and becomes as tolerant as it is noisy', () => {
    // After 124 the mode is 101 and the tolerance 25.
    expect(foregrounds(100, [124, 126])).toEqual([0, 0]);
    expect(foregrounds(100, [124, 127])).toEqual([0, 1]);
    // Still, it comes down to 12 in as many pictures.
    expect(foregrounds(100, [...times(12, 100), 112]).at(-1)).toBe(0);
    expect(foregrounds(100, [...times(12, 100), 113]).at(-1)).toBe(1);
    expect(foregrounds(100, [...times(11, 100), 113]).at(-1)).toBe(0);
  });

  it('takes 25 pictures to learn what came and stays', () => {
    expect(foregrounds(100, times(30, 200))).toEqual([...times(25, 1), ...times(5, 0)]);
  });

  it('takes 3 in haste', () => {
    expect(foregrounds(100, times(6, 200), true)).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it('knows again what something stood in front of', () => {
    expect(foregrounds(100, [...times(40, 200), 100]).at(-1)).toBe(0);
  });

  it('learns quickly what blinks', () => {
    // The fourth flip brings the unrest to 61: from then on the light mode gains 12 each time.
    const blinking = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 200 : 100));
    expect(foregrounds(100, blinking)).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
  });

  it('has room for three modes, and gives up the lightest', () => {
    const [a, b, c, d] = [times(40, 50), times(40, 100), times(40, 150), times(1, 200)];
    const all = [...a, ...b, ...c];
    expect(foregrounds(50, [...all, 50, 100, 150]).slice(-3)).toEqual([0, 0, 0]);
    expect(
      foregrounds(50, [...all, ...d, 50, 100, 150])
        .slice(-3)
        .reduce((sum, one) => sum + one),
    ).toBe(1);
  });

  it('forgets what it does not see', () => {
    const watcher = new Watcher([[100]]);
    for (let i = 0; i < 60; i++) watcher.learn([[200]], false, true);
    expect(watcher.learn([[100]])).toBe(1);
  });

  it('counts by how much pixels of a grid differ from their first mode', () => {
    const row = (luma: number) => times(17, luma);
    const watcher = new Watcher([row(100), row(100), row(100), row(100), row(100)]);
    watcher.take([[...times(16, 110), 90], row(0), row(0), row(0), row(110)]);
    const offsets = watcher.background.offsets();
    expect([offsets[NO_OFFSET + 10], offsets[NO_OFFSET - 10]]).toEqual([3, 1]);
    expect(offsets.reduce((sum, count) => sum + count)).toBe(4);
  });

  it('becomes brighter with the light', () => {
    const watcher = new Watcher([[100, 250]]);
    watcher.background.brighten(40);
    expect(watcher.learn([[140, 255]])).toBe(0);
    watcher.background.brighten(-90);
    expect(watcher.learn([[50, 165]])).toBe(0);
  });

  it('drops specks and joins what is near', () => {
    const dark = Array.from({ length: 12 }, () => times(20, 50));
    const bright = dark.map((row, y) =>
      row.map((luma, x) => {
        const isSpeck = x >= 1 && x < 3 && y >= 1 && y < 7;
        const isThing = y >= 4 && y < 7 && ((x >= 7 && x < 10) || (x >= 14 && x < 17));
        return isSpeck || isThing ? 200 : luma;
      }),
    );
    const watcher = new Watcher(dark);
    expect(watcher.learn(bright)).toBe(12 + 9 + 9);
    const expected = Array.from({ length: 12 }, (_, y) =>
      y >= 1 && y < 10 ? '....################' : '....................',
    );
    expect(watcher.background.joinedForeground()).toEqual(draw(...expected));
  });

  it('finds no foreground where nobody watches', () => {
    const watcher = new Watcher([[50, 50, 50]], draw('#.#'));
    expect(watcher.learn([[200, 200, 50]])).toBe(1);
    expect(watcher.background.foreground()).toEqual(draw('#..'));
    expect(watcher.background.offsets().reduce((sum, count) => sum + count)).toBe(1);
  });
});
