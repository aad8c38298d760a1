import { createI420, type I420Picture } from './i420.ts';

/** Our own 5x7 letters, one number a row, the leftmost pixel in bit 4. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 6, 8, 16, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  A: [14, 17, 17, 31, 17, 17, 17],
  B: [30, 17, 17, 30, 17, 17, 30],
  C: [14, 17, 16, 16, 16, 17, 14],
  D: [30, 17, 17, 17, 17, 17, 30],
  E: [31, 16, 16, 30, 16, 16, 31],
  F: [31, 16, 16, 30, 16, 16, 16],
  G: [14, 17, 16, 23, 17, 17, 15],
  H: [17, 17, 17, 31, 17, 17, 17],
  I: [14, 4, 4, 4, 4, 4, 14],
  J: [7, 2, 2, 2, 2, 18, 12],
  K: [17, 18, 20, 24, 20, 18, 17],
  L: [16, 16, 16, 16, 16, 16, 31],
  M: [17, 27, 21, 21, 17, 17, 17],
  N: [17, 25, 21, 19, 17, 17, 17],
  O: [14, 17, 17, 17, 17, 17, 14],
  P: [30, 17, 17, 30, 16, 16, 16],
  Q: [14, 17, 17, 17, 21, 18, 13],
  R: [30, 17, 17, 30, 20, 18, 17],
  S: [15, 16, 16, 14, 1, 1, 30],
  T: [31, 4, 4, 4, 4, 4, 4],
  U: [17, 17, 17, 17, 17, 17, 14],
  V: [17, 17, 17, 17, 17, 10, 4],
  W: [17, 17, 17, 21, 21, 27, 17],
  X: [17, 17, 10, 4, 10, 17, 17],
  Y: [17, 17, 10, 4, 4, 4, 4],
  Z: [31, 1, 2, 4, 8, 16, 31],
  ':': [0, 4, 4, 0, 4, 4, 0],
  '.': [0, 0, 0, 0, 0, 12, 12],
  '-': [0, 0, 0, 14, 0, 0, 0],
  _: [0, 0, 0, 0, 0, 0, 31],
  '[': [14, 8, 8, 8, 8, 8, 14],
  ']': [14, 2, 2, 2, 2, 2, 14],
};
const GLYPH_WIDTH = 5;
const GLYPH_HEIGHT = 7;
const ADVANCE = 6;
/** Dots from the text to the edge of its panel. */
const BORDER = 3;
const INK = 205;
const PANEL = 38;

/** Where a text stands: its top left corner, and how many pixels wide and high a dot of its letters is. */
export interface TextPlace {
  readonly leftPx: number;
  readonly topPx: number;
  readonly dotPx: number;
}

/**
 * Burns a text into the picture, light on a dark panel three dots wider; what lies outside is cut off. Digits, capitals
 * and `: . - _ [ ]` show, anything else is a gap. By default it stands in the top left corner, a dot one pixel wide up to
 * 640x360 and more above.
 */
export function burnText(picture: I420Picture, text: string, place = topLeft(picture)): void {
  const { leftPx, topPx, dotPx } = place;
  const border = BORDER * dotPx;
  const { widthPx, heightPx } = panelSize(text, dotPx);
  fillGray(picture, leftPx - border, topPx - border, widthPx, heightPx, PANEL);
  for (let index = 0; index < text.length; index++) {
    const glyph = GLYPHS[text.charAt(index)];
    if (glyph === undefined) continue;
    for (let row = 0; row < GLYPH_HEIGHT; row++) {
      const bits = glyph[row] ?? 0;
      for (let column = 0; column < GLYPH_WIDTH; column++) {
        if ((bits & (16 >> column)) === 0) continue;
        const left = leftPx + (index * ADVANCE + column) * dotPx;
        fillLuma(picture, left, topPx + row * dotPx, dotPx, dotPx, INK);
      }
    }
  }
}

/** A picture that is all panel, for others to lay over theirs: as large as the text needs, its sizes even. */
export function textPanel(text: string, dotPx: number): I420Picture {
  const { widthPx, heightPx } = panelSize(text, dotPx);
  const panel = createI420(widthPx + (widthPx % 2), heightPx + (heightPx % 2));
  panel.y.fill(PANEL);
  burnText(panel, text, { leftPx: BORDER * dotPx, topPx: BORDER * dotPx, dotPx });
  return panel;
}

/** How large a dot is best in a picture of this height. */
export function dotSizePx(heightPx: number): number {
  return Math.max(1, Math.round(heightPx / 360));
}

function panelSize(text: string, dotPx: number): { readonly widthPx: number; readonly heightPx: number } {
  return {
    widthPx: (text.length * ADVANCE - 1 + 2 * BORDER) * dotPx,
    heightPx: (GLYPH_HEIGHT + 2 * BORDER) * dotPx,
  };
}

function topLeft({ heightPx }: I420Picture): TextPlace {
  const dotPx = dotSizePx(heightPx);
  return { leftPx: 2 * BORDER * dotPx, topPx: 2 * BORDER * dotPx, dotPx };
}

function fillGray(
  picture: I420Picture,
  left: number,
  top: number,
  width: number,
  height: number,
  luma: number,
): void {
  fillLuma(picture, left, top, width, height, luma);
  const stride = picture.widthPx / 2;
  const lastColumn = Math.min(stride, Math.ceil((left + width) / 2));
  const lastRow = Math.min(picture.heightPx / 2, Math.ceil((top + height) / 2));
  for (let row = Math.floor(top / 2); row < lastRow; row++) {
    const from = row * stride + Math.floor(left / 2);
    picture.u.fill(128, from, row * stride + lastColumn);
    picture.v.fill(128, from, row * stride + lastColumn);
  }
}

function fillLuma(
  picture: I420Picture,
  left: number,
  top: number,
  width: number,
  height: number,
  luma: number,
): void {
  const right = Math.min(picture.widthPx, left + width);
  const bottom = Math.min(picture.heightPx, top + height);
  for (let row = top; row < bottom; row++) {
    picture.y.fill(luma, row * picture.widthPx + left, row * picture.widthPx + right);
  }
}
