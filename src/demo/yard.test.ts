import { describe, expect, test } from 'vitest';
import { createI420 } from '../media/i420.ts';
import { DifferenceDetector } from '../motion/difference-detector.ts';
import { DIFFERENCE_PRESETS } from '../motion/difference-settings.ts';
import { Painter, PAINTING_HEIGHT } from './painter.ts';
import { paintWalker, walkerAt } from './walker.ts';
import { Yard, yardFrames, yardTruth, type YardOptions } from './yard.ts';

const YARD: YardOptions = { widthPx: 640, heightPx: 360, rateFps: 10, loopSeconds: 20, variant: 0 };

describe('the yard', () => {
  test('draws the same frame the same way each time', () => {
    const small = { ...YARD, widthPx: 320, heightPx: 180 };
    const first = Buffer.from(new Yard(small).draw(90).y);
    const other = new Yard(small);
    other.draw(3);
    expect(first.equals(other.draw(90).y)).toBe(true);
    expect(first.equals(other.draw(90 + yardFrames(small)).y)).toBe(true);
  });

  test('stays within the limited range', () => {
    const { y, u, v } = new Yard({ ...YARD, widthPx: 320, heightPx: 180 }).draw(80);
    expect(Math.min(...y)).toBeGreaterThanOrEqual(16);
    expect(Math.max(...y)).toBeLessThanOrEqual(235);
    expect(Math.min(...u, ...v)).toBeGreaterThanOrEqual(16);
    expect(Math.max(...u, ...v)).toBeLessThanOrEqual(240);
  });

  test('looks different in another variant', () => {
    const small = { ...YARD, widthPx: 320, heightPx: 180 };
    const other = new Yard({ ...small, variant: 1 }).draw(0);
    expect(Buffer.from(new Yard(small).draw(0).y).equals(other.y)).toBe(false);
  });

  test('refuses sizes that 4:2:0 cannot have', () => {
    expect(() => new Yard({ ...YARD, widthPx: 641 })).toThrow(RangeError);
  });

  test('alarms the detector while someone walks and never otherwise', () => {
    const options = { ...YARD, loopSeconds: 15 };
    const yard = new Yard(options);
    const detector = new DifferenceDetector(DIFFERENCE_PRESETS.current);
    for (let frame = 0; frame < yardFrames(options); frame += 2) {
      const { isMotion } = detector.detect({
        widthPx: YARD.widthPx,
        heightPx: YARD.heightPx,
        stride: YARD.widthPx,
        data: yard.draw(frame).y,
        isFullRange: false,
      });
      const now = yardTruth(options, frame).walker;
      const before = yardTruth(options, Math.max(0, frame - 2)).walker;
      if (now === undefined && before === undefined)
        expect({ frame, isMotion }).toEqual({ frame, isMotion: false });
      const isWhole = now !== undefined && now.x > 0 && now.x + now.width < YARD.widthPx;
      if (isWhole && before !== undefined) expect({ frame, isMotion }).toEqual({ frame, isMotion: true });
    }
  });
});

describe('the truth about the yard', () => {
  test('has someone walking through for about seven of twenty seconds', () => {
    const present = Array.from({ length: yardFrames(YARD) }, (_, frame) => yardTruth(YARD, frame)).filter(
      ({ walker }) => walker !== undefined,
    );
    expect(present[0]?.seconds).toBeGreaterThanOrEqual(6);
    expect(present.at(-1)?.seconds).toBeLessThan(13);
    expect(present.length).toBeGreaterThan(60);
  });

  test('leaves out a walk that the end of the loop would cut', () => {
    const short = { ...YARD, loopSeconds: 10 };
    for (let frame = 0; frame < 100; frame++) expect(yardTruth(short, frame).walker).toBeUndefined();
  });

  test('gives the box of the pixels that the walker changes, to three pixels', () => {
    for (const frame of [75, 83, 88, 95, 104, 117]) {
      const { truth, changed } = boxesOn(frame);
      expect(isInside(changed, truth)).toBe(true);
      const shrunk = {
        left: truth.left + 3,
        top: truth.top + 3,
        right: truth.right - 3,
        bottom: truth.bottom - 3,
      };
      expect(isInside(shrunk, changed)).toBe(true);
    }
  });

  test('cuts the box at the picture, where the walker comes and goes', () => {
    for (const frame of [62, 127]) {
      const { truth, changed } = boxesOn(frame);
      expect(isInside(changed, truth)).toBe(true);
      expect(isInside(truth, { left: 0, top: 0, right: YARD.widthPx, bottom: YARD.heightPx })).toBe(true);
    }
  });
});

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function isInside(inner: Bounds, outer: Bounds): boolean {
  const fitsAcross = inner.left >= outer.left && inner.right <= outer.right;
  return fitsAcross && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

function boxesOn(frame: number): { readonly truth: Bounds; readonly changed: Bounds } {
  const { walker } = yardTruth(YARD, frame);
  const changed = changedBox(frame);
  if (walker === undefined || changed === undefined) throw new Error(`nobody on frame ${frame}`);
  const { x, y, width, height } = walker;
  return { truth: { left: x, top: y, right: x + width, bottom: y + height }, changed };
}

/** The bounds, right and bottom exclusive, of what painting the walker changes on an even gray. */
function changedBox(frame: number): Bounds | undefined {
  const picture = createI420(YARD.widthPx, YARD.heightPx);
  picture.y.fill(220);
  const painter = new Painter(picture);
  const width = (YARD.widthPx * PAINTING_HEIGHT) / YARD.heightPx;
  const walker = walkerAt(frame / YARD.rateFps, YARD.loopSeconds, width);
  if (walker === undefined) return undefined;
  paintWalker(painter, walker);
  const box = { left: Infinity, top: Infinity, right: 0, bottom: 0 };
  for (let at = 0; at < picture.y.length; at++) {
    if (picture.y[at] === 220) continue;
    const x = at % YARD.widthPx;
    const y = Math.floor(at / YARD.widthPx);
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + 1);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + 1);
  }
  return box;
}
