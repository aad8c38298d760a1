import { describe, expect, it } from 'vitest';
import { Tally } from '../bench/quality/tally.ts';
import { SCENE_SIZE, type Passage } from '../bench/scenes/scene.ts';
import { FAR, NEAR, PassingWalker, SLOW, walkersLayer } from '../bench/scenes/walkers.ts';
import { gustyWind } from '../bench/scenes/wind.ts';
import type { Box, Detection } from '../src/motion/detector.ts';

const { widthPx, heightPx } = SCENE_SIZE;

function detection(...boxes: readonly Box[]): Detection {
  const isMotion = boxes.length > 0;
  return {
    score: 0,
    isMotion,
    boxes,
    zones: [],
    analysedWidthPx: widthPx / 2,
    analysedHeightPx: heightPx / 2,
  };
}

const box: Box = { x: 10, y: 10, width: 20, height: 20 };
const passage: Passage = {
  fromSeconds: 20,
  toSeconds: 30,
  boxAt: () => ({ x: 50, y: 50, width: 10, height: 30 }),
};

/** What a detector's quality is that alarms with a box at each of the seconds. */
function qualityOf(boxes: Readonly<Record<number, Box>>) {
  const tally = new Tally([passage], 1, 0);
  for (let seconds = 0; seconds < 100; seconds++) {
    const found = boxes[seconds];
    tally.add(seconds, found === undefined ? detection() : detection(found));
  }
  return tally.quality();
}

describe('the bench of motion quality', () => {
  it('finds a passage when an alarm marks something where someone is', () => {
    expect(qualityOf({ 23: box, 24: box })).toMatchObject({
      found: 1,
      delaysSeconds: [3],
      alarmedPictures: 2,
    });
    expect(qualityOf({ 23: { ...box, x: 60 } })).toMatchObject({ found: 0, alarmedPictures: 1 });
    expect(qualityOf({ 19: box, 31: box })).toMatchObject({ found: 0, alarmedPictures: 0 });
  });

  it('counts events that open while nobody is there', () => {
    // The first two are one event, for the second comes within 10 s.
    expect(qualityOf({ 2: box, 9: box, 60: box, 80: box })).toMatchObject({
      falseEvents: 3,
      falsePictures: 4,
    });
    expect(qualityOf({ 20: box, 30: box, 39: box })).toMatchObject({ falseEvents: 0, falsePictures: 0 });
    expect(qualityOf({}).quietPictures).toBe(100 - 22);
  });

  it.each([
    ['near', NEAR],
    ['far', FAR],
    ['slow', SLOW],
  ])('knows where walkers are: %s', (_, walk) => {
    const walker = new PassingWalker(walk, 10, 3);
    const layer = walkersLayer([walker]);
    for (const share of [0.1, 0.5, 0.8]) {
      const seconds = walker.fromSeconds + share * (walker.toSeconds - walker.fromSeconds);
      const luma = new Uint8Array(widthPx * heightPx).fill(120);
      layer(luma, seconds);
      const there = walker.boxAt(seconds) ?? { x: 0, y: 0, width: 0, height: 0 };
      const isInside = (x: number, y: number) =>
        x > there.x - 2 && x < there.x + there.width + 1 && y > there.y - 2 && y < there.y + there.height + 1;
      const changed = Array.from(luma.entries()).filter(([, value]) => Math.abs(value - 120) > 2);
      expect(changed.length).toBeGreaterThan((there.width * there.height) / 6);
      expect(changed.every(([i]) => isInside(i % widthPx, Math.floor(i / widthPx)))).toBe(true);
    }
    expect(walker.boxAt(walker.toSeconds + 1)).toBeUndefined();
  });

  it('has wind in gusts, the same each time', () => {
    const [wind, again] = [gustyWind(600, 3), gustyWind(600, 3)];
    const strengths = Array.from({ length: 600 }, (_, seconds) => wind(seconds));
    expect(strengths).toEqual(Array.from({ length: 600 }, (_, seconds) => again(seconds)));
    const strong = strengths.filter((strength) => strength > 0.5).length;
    expect(strong).toBeGreaterThan(60);
    expect(strong).toBeLessThan(300);
    expect(Math.max(...strengths)).toBeLessThanOrEqual(1);
    expect(Math.min(...strengths)).toBeGreaterThan(0);
  });
});
