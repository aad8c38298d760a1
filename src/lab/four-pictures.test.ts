import { describe, expect, it } from 'vitest';
import { mediaTicks, wallMs } from '../base/time.ts';
import type { DecodedPicture } from '../decode/decoder.ts';
import { rgb, type I420Picture } from '../media/i420.ts';
import type { DetectionStages } from '../motion/detector.ts';
import { FourPictures, PlainPicture } from './four-pictures.ts';
import type { Moment } from './lane.ts';

const WIDTH = 400;
const HEIGHT = 225;
const GREY = 126;
/** The quarters, of even sizes. */
const [TILE_WIDTH, TILE_HEIGHT] = [400, 226];

function greyPicture(): DecodedPicture {
  const luma = { widthPx: WIDTH, heightPx: HEIGHT, stride: WIDTH, data: new Uint8Array(WIDTH * HEIGHT) };
  return {
    pts: mediaTicks(0),
    readLuma: () => ({ ...luma, isFullRange: false }),
    readI420: ({ y, u, v }) => void [y.fill(GREY), u.fill(128), v.fill(128)],
  };
}

/** A square of 40 pixels, changed at its right half only. */
function squareStages(): DetectionStages {
  const planes = { changed: new Uint8Array(WIDTH * HEIGHT), mask: new Uint8Array(WIDTH * HEIGHT) };
  for (let y = 100; y < 140; y++) {
    planes.mask.fill(255, y * WIDTH + 200, y * WIDTH + 240);
    planes.changed.fill(255, y * WIDTH + 220, y * WIDTH + 240);
  }
  const points = Uint16Array.of(200, 100, 200, 139, 239, 139, 239, 100);
  const contour = { box: { x: 200, y: 100, width: 40, height: 40 }, areaPx: 1521, points };
  return { widthPx: WIDTH, heightPx: HEIGHT, ...planes, contours: [contour] };
}

function moment(rest: Partial<Moment> = {}): Moment {
  const size = { analysedWidthPx: WIDTH, analysedHeightPx: HEIGHT };
  const sample = {
    wallMs: wallMs(0),
    pts: mediaTicks(0),
    score: 1600,
    isMotion: true,
    boxes: [],
    zones: [],
    ...size,
  };
  return { sample, stages: squareStages(), secondsLeft: undefined, ...rest };
}

function draw(rest?: Partial<Moment>): I420Picture {
  return new FourPictures({ widthPx: WIDTH, heightPx: HEIGHT }).draw(greyPicture(), moment(rest));
}

function lumaAt({ widthPx, y }: I420Picture, x: number, row: number): number | undefined {
  return y[row * widthPx + x];
}

function isRed({ widthPx, y, u, v }: I420Picture, x: number, row: number): boolean {
  const red = rgb(0xff0000);
  const chroma = (row >> 1) * (widthPx >> 1) + (x >> 1);
  return (
    y[row * widthPx + x] === Math.floor(red.y) &&
    u[chroma] === Math.floor(red.u) &&
    v[chroma] === Math.floor(red.v)
  );
}

describe('FourPictures', () => {
  it('shows the source, what changed, the mask, and the source with red contours', () => {
    const all = draw();
    expect([all.widthPx, all.heightPx]).toEqual([2 * TILE_WIDTH, 2 * TILE_HEIGHT]);
    expect(lumaAt(all, 230, 120)).toBe(GREY);
    expect(lumaAt(all, TILE_WIDTH + 210, 120)).toBe(16);
    expect(lumaAt(all, TILE_WIDTH + 230, 120)).toBe(235);
    expect(lumaAt(all, 210, TILE_HEIGHT + 120)).toBe(235);
    expect(lumaAt(all, 190, TILE_HEIGHT + 120)).toBe(16);
    expect(lumaAt(all, TILE_WIDTH + 220, TILE_HEIGHT + 120)).toBe(GREY);
    for (const [x, y] of [
      [200, 120],
      [239, 120],
      [220, 100],
      [220, 140],
    ] as const) {
      expect(isRed(all, TILE_WIDTH + x, TILE_HEIGHT + y), `${x}, ${y}`).toBe(true);
    }
    expect(all.u.filter((value) => value === Math.floor(rgb(0xff0000).u)).length).toBeLessThan(100);
  });

  it('has the label while there is an alarm, and only then', () => {
    const [quiet, alarmed] = [draw(), draw({ secondsLeft: 7 })];
    const corner = (all: I420Picture) => all.y.subarray(12 * all.widthPx, 12 * all.widthPx + 200);
    expect(corner(quiet).every((luma) => luma === GREY)).toBe(true);
    expect(corner(alarmed)).toContain(205);
  });

  it('shows black masks where there was nothing to compare', () => {
    const all = draw({ stages: undefined });
    expect(lumaAt(all, TILE_WIDTH + 230, 120)).toBe(16);
    expect(lumaAt(all, 230, TILE_HEIGHT + 120)).toBe(16);
    expect(lumaAt(all, TILE_WIDTH + 200, TILE_HEIGHT + 120)).toBe(GREY);
  });

  it('forgets what it drew before', () => {
    const drawing = new FourPictures({ widthPx: WIDTH, heightPx: HEIGHT });
    drawing.draw(greyPicture(), moment({ secondsLeft: 3 }));
    const again = drawing.draw(greyPicture(), moment({ stages: undefined }));
    expect(again).toEqual(draw({ stages: undefined }));
  });

  it('enlarges small pictures, masks and contours alike', () => {
    const stages: DetectionStages = {
      widthPx: 4,
      heightPx: 2,
      changed: Uint8Array.of(0, 255, 0, 0, 0, 0, 0, 0),
      mask: new Uint8Array(8),
      contours: [],
    };
    const all = new FourPictures({ widthPx: 4, heightPx: 2 }).draw(greyPicture(), moment({ stages }));
    expect([all.widthPx, all.heightPx]).toEqual([640, 320]);
    const changed = all.y.subarray(40 * 640 + 320, 40 * 640 + 640);
    expect([changed[79], changed[80], changed[159], changed[160]]).toEqual([16, 235, 235, 16]);
  });
});

describe('PlainPicture', () => {
  it('is the source in an even size, with the label', () => {
    const { widthPx, heightPx, y } = new PlainPicture().draw(greyPicture(), moment({ secondsLeft: 9 }));
    expect([widthPx, heightPx]).toEqual([400, 226]);
    expect(y.subarray(12 * 400, 12 * 400 + 200)).toContain(205);
  });
});
