import { describe, expect, it } from 'vitest';
import { boxesGolden, checksum, readGoldens, type MaskGolden } from '../../test/goldens/goldens.ts';
import { renderMask } from '../../test/goldens/scene.ts';
import { countMarked } from './difference.ts';
import { Morphology } from './morphology.ts';
import { RegionFinder } from './regions.ts';

/** A mask drawn with `#` for marked pixels. */
function draw(...rows: string[]): { mask: Uint8Array; finder: RegionFinder; morphology: Morphology } {
  const [widthPx, heightPx] = [rows[0]?.length ?? 0, rows.length];
  return {
    mask: Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0)),
    finder: new RegionFinder(widthPx, heightPx),
    morphology: new Morphology(widthPx, heightPx),
  };
}

function outcome({ widthPx, heightPx, seed, permille, dilateIterations, erodeIterations }: MaskGolden) {
  const mask = renderMask(widthPx, heightPx, seed, permille);
  const morphology = new Morphology(widthPx, heightPx);
  morphology.dilate(mask, dilateIterations);
  morphology.erode(mask, erodeIterations);
  const boxes = new RegionFinder(widthPx, heightPx).find(mask);
  return { mask: checksum(mask), count: countMarked(mask), ...boxesGolden(boxes) };
}

describe('Morphology and RegionFinder', () => {
  it('equal OpenCV on generated masks of every density', () => {
    const { masks } = readGoldens();
    expect(masks.length).toBeGreaterThan(50);
    for (const golden of masks) expect({ ...golden, ...outcome(golden) }).toEqual(golden);
  });
});

describe('Morphology', () => {
  it('does not erode from the edge of the picture', () => {
    const { mask, morphology } = draw('###.', '###.', '###.');
    morphology.erode(mask, 1);
    expect(mask).toEqual(draw('##..', '##..', '##..').mask);
  });

  it('dilates up to the edge of the picture', () => {
    const { mask, morphology } = draw('#...', '....', '....');
    morphology.dilate(mask, 2);
    expect(mask).toEqual(draw('###.', '###.', '###.').mask);
  });
});

describe('RegionFinder', () => {
  it('finds nothing in an empty mask', () => {
    const { mask, finder } = draw('...', '...');
    expect(finder.find(mask)).toEqual([]);
  });

  it('joins pixels that touch at a corner', () => {
    const { mask, finder } = draw('#..', '.#.', '..#');
    expect(finder.find(mask)).toEqual([{ x: 0, y: 0, width: 3, height: 3 }]);
  });

  it('counts a region in the hole of another as part of it', () => {
    const { mask, finder } = draw('#####', '#...#', '#.#.#', '#...#', '#####');
    expect(finder.find(mask)).toEqual([{ x: 0, y: 0, width: 5, height: 5 }]);
  });

  it('keeps a region apart that lies in a bay of another', () => {
    const { mask, finder } = draw('#####', '#...#', '#.#.#', '#...#', '##.##');
    expect(finder.find(mask)).toEqual([
      { x: 0, y: 0, width: 5, height: 5 },
      { x: 2, y: 2, width: 1, height: 1 },
    ]);
  });

  it('finds a full picture as one region', () => {
    const { mask, finder } = draw('###', '###');
    expect(finder.find(mask)).toEqual([{ x: 0, y: 0, width: 3, height: 2 }]);
  });

  it('starts anew with each mask', () => {
    const { mask, finder } = draw('#.#');
    expect(finder.find(mask)).toEqual(finder.find(mask));
  });
});
