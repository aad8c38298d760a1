import type { I420Picture } from './i420.ts';

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
  ':': [0, 4, 4, 0, 4, 4, 0],
  '.': [0, 0, 0, 0, 0, 12, 12],
};
const GLYPH_WIDTH = 5;
const GLYPH_HEIGHT = 7;
const ADVANCE = 6;
const INK = 205;
const PANEL = 38;

/** The text for a moment of the loop: `hh:mm:ss.f` and the frame's number in six digits. */
export function clockText(frame: number, rateFps: number): string {
  const tenths = Math.floor((frame * 10) / rateFps + 1e-6);
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(tenths / 10);
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${time}.${tenths % 10} ${String(frame).padStart(6, '0')}`;
}

/** Burns a text into the top left corner; letters are one pixel a dot up to 640x360, more above. */
export function burnText(picture: I420Picture, text: string): void {
  const dot = Math.max(1, Math.round(picture.heightPx / 360));
  const margin = 6 * dot;
  const left = margin;
  const top = margin;
  fillGray(
    picture,
    left - 3 * dot,
    top - 3 * dot,
    (text.length * ADVANCE + 5) * dot,
    (GLYPH_HEIGHT + 6) * dot,
    PANEL,
  );
  for (let index = 0; index < text.length; index++) {
    const glyph = GLYPHS[text.charAt(index)];
    if (glyph === undefined) continue;
    for (let row = 0; row < GLYPH_HEIGHT; row++) {
      const bits = glyph[row] ?? 0;
      for (let column = 0; column < GLYPH_WIDTH; column++) {
        if ((bits & (16 >> column)) === 0) continue;
        fillLuma(picture, left + (index * ADVANCE + column) * dot, top + row * dot, dot, dot, INK);
      }
    }
  }
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
