/* All in pixels of an ordinary window; on large screens they are larger, as letters are. */
const LEAST_CARD_PX = 212;
const LEAST_CARD_ON_PHONE_PX = 150;
const PHONE_PX = 560;
const GAP_PX = 6;
const PADDING_PX = 12;
/** On both sides of a card's picture. */
const CARD_PADDING_PX = 8;
/** Below the picture of a card, and around it. */
const TEXT_PX = 48;
const DAY_PX = 40;
/** Where there is room for more, pictures are larger instead. */
const MOST_COLUMNS = 7;

/** How the list's rows are laid out, in the window's pixels. */
export interface CardSizes {
  readonly columns: number;
  readonly rowPx: number;
  readonly dayPx: number;
  readonly gapPx: number;
  readonly paddingPx: number;
}

/** @param scale how much larger than ordinary letters are. */
export function cardSizes(windowPx: number, scale: number): CardSizes {
  const widthPx = windowPx / scale;
  const innerPx = Math.max(0, widthPx - 2 * PADDING_PX);
  const leastPx = widthPx < PHONE_PX ? LEAST_CARD_ON_PHONE_PX : LEAST_CARD_PX;
  const fitting = Math.floor((innerPx + GAP_PX) / (leastPx + GAP_PX));
  const columns = Math.max(1, Math.min(MOST_COLUMNS, fitting));
  const cardPx = (innerPx - (columns - 1) * GAP_PX) / columns;
  const picturePx = ((cardPx - CARD_PADDING_PX) * 9) / 16;
  return {
    columns,
    rowPx: Math.ceil(scale * (picturePx + TEXT_PX + GAP_PX)),
    dayPx: scale * DAY_PX,
    gapPx: scale * GAP_PX,
    paddingPx: scale * PADDING_PX,
  };
}
