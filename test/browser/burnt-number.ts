/** Dots of the burnt-in text (src/media/burnt-text.ts): its letters are 5 dots wide, 7 high and 6 apart, 6 dots from the corner. */
const TEXT_AT = 6;
const ADVANCE = 6;
/** After `hh:mm:ss.f `. */
const NUMBER_AT = 11;
const DIGITS = 6;
const GLYPHS: readonly (readonly number[])[] = [
  [14, 17, 19, 21, 25, 17, 14],
  [4, 12, 4, 4, 4, 4, 14],
  [14, 17, 1, 6, 8, 16, 31],
  [31, 2, 4, 2, 1, 17, 14],
  [2, 6, 10, 18, 31, 2, 2],
  [31, 16, 30, 1, 1, 17, 14],
  [6, 8, 16, 30, 17, 17, 14],
  [31, 1, 2, 4, 8, 8, 8],
  [14, 17, 17, 14, 17, 17, 14],
  [14, 17, 17, 15, 1, 2, 12],
];
/** Between the panel's gray and the ink's. */
const THRESHOLD = 122;

/**
 * Reads the frame's number that the demo camera burns into its pictures.
 * @param luma of the top left corner, row-major, `widthPx` wide.
 * @param dotPx how wide a dot of its letters is there.
 * @returns undefined where a digit cannot be made out.
 */
export function readBurntNumber(luma: ArrayLike<number>, widthPx: number, dotPx: number): number | undefined {
  let number = 0;
  for (let place = 0; place < DIGITS; place += 1) {
    const column = TEXT_AT + (NUMBER_AT + place) * ADVANCE;
    const rows = Array.from({ length: 7 }, (_, row) => {
      let bits = 0;
      for (let dot = 0; dot < 5; dot += 1) {
        const x = Math.floor((column + dot + 0.5) * dotPx);
        const y = Math.floor((TEXT_AT + row + 0.5) * dotPx);
        bits = bits * 2 + ((luma[y * widthPx + x] ?? 0) > THRESHOLD ? 1 : 0);
      }
      return bits;
    });
    const digit = GLYPHS.findIndex((glyph) => glyph.every((bits, row) => bits === rows[row]));
    if (digit < 0) return undefined;
    number = number * 10 + digit;
  }
  return number;
}
