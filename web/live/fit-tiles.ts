/** Where a tile lies within the grid, in CSS pixels. */
export interface TileBox {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface FittedTiles {
  /** In the order of the tiles. */
  readonly boxes: readonly TileBox[];
  /** How high all of them are; more than the window where they would get too small. */
  readonly heightPx: number;
}

export interface TileSpace {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly gapPx: number;
  /** All in the window, however small: where one drags them, nothing can be scrolled to. */
  readonly isWhole?: boolean;
}

/** Below that one sees nothing any more: rather scroll. */
const LEAST_WIDTH_PX = 200;
/** A phone held upright: one below the other. */
const ONE_COLUMN_BELOW_PX = 600;

/**
 * Lays pictures of any shape out in rows of equal height each, so that they cover as much of the space as possible.
 * @param aspects width by height of each.
 */
export function fitTiles(aspects: readonly number[], space: TileSpace): FittedTiles {
  if (aspects.length === 0) return { boxes: [], heightPx: 0 };
  if (space.isWhole === true) return place(bestRows(aspects, space, space.heightPx), space, true);
  if (space.widthPx < ONE_COLUMN_BELOW_PX && space.heightPx > space.widthPx) {
    return place(
      aspects.map((aspect) => [aspect]),
      space,
      false,
    );
  }
  const fitted = bestRows(aspects, space, space.heightPx);
  const narrowest = Math.min(...place(fitted, space, true).boxes.map(({ widthPx }) => widthPx));
  if (narrowest >= LEAST_WIDTH_PX) return place(fitted, space, true);
  const columns = Math.max(1, Math.floor((space.widthPx + space.gapPx) / (LEAST_WIDTH_PX * 1.25)));
  return place(evenRows(aspects, Math.ceil(aspects.length / columns)), space, false);
}

/** Of all numbers of rows the one whose pictures cover most. */
function bestRows(aspects: readonly number[], space: TileSpace, heightPx: number): readonly number[][] {
  let best: readonly number[][] = [[...aspects]];
  let most = 0;
  const usual = Math.sqrt((sum(aspects) * heightPx) / space.widthPx);
  for (let count = 1; count <= Math.min(aspects.length, 2 * usual + 2); count += 1) {
    const rows = evenRows(aspects, count);
    const { boxes } = place(rows, { ...space, heightPx }, true);
    const areaPx = sum(boxes.map((box) => box.widthPx * box.heightPx));
    // A little more is no reason for more rows.
    if (areaPx > most * 1.001) [best, most] = [rows, areaPx];
  }
  return best;
}

/** Cuts the list into so many rows, of widths as equal as possible: the cut that makes the squares of their sums least. */
function evenRows(aspects: readonly number[], count: number): readonly number[][] {
  const sums = aspects.reduce((before, aspect) => [...before, (before.at(-1) ?? 0) + aspect], [0]);
  const width = (from: number, to: number): number => (sums[to] ?? 0) - (sums[from] ?? 0);
  /** For `rows` rows of the first `end` tiles: the least sum, and where the last row begins. */
  let costs = aspects.map((_, at) => width(0, at + 1) ** 2);
  costs.unshift(Infinity);
  const starts: number[][] = [[]];
  for (let rows = 2; rows <= count; rows += 1) {
    const next = costs.map(() => Infinity);
    const from = costs.map(() => 0);
    for (let end = rows; end <= aspects.length; end += 1) {
      for (let start = rows - 1; start < end; start += 1) {
        const cost = (costs[start] ?? Infinity) + width(start, end) ** 2;
        if (cost < (next[end] ?? Infinity)) [next[end], from[end]] = [cost, start];
      }
    }
    costs = next;
    starts.push(from);
  }
  const cut: number[][] = [];
  let end = aspects.length;
  for (let rows = count; rows >= 1; rows -= 1) {
    const start = rows === 1 ? 0 : (starts[rows - 1]?.[end] ?? 0);
    cut.unshift(aspects.slice(start, end));
    end = start;
  }
  return cut;
}

/** @param isFitted whether all is made smaller where it would be too high. */
function place(rows: readonly number[][], space: TileSpace, isFitted: boolean): FittedTiles {
  const { widthPx, heightPx, gapPx } = space;
  const gapsPx = gapPx * (rows.length - 1);
  const heights = rows.map((row) => {
    const freePx = widthPx - gapPx * (row.length - 1);
    return freePx / sum(row);
  });
  const totalPx = sum(heights);
  const scale = isFitted ? Math.min(1, (heightPx - gapsPx) / totalPx) : 1;
  const usedPx = totalPx * scale + gapsPx;
  let topPx = isFitted ? Math.max(0, (heightPx - usedPx) / 2) : 0;
  const boxes = rows.flatMap((row, index) => {
    const rowHeightPx = (heights[index] ?? 0) * scale;
    const rowWidthPx = sum(row) * rowHeightPx + gapPx * (row.length - 1);
    let leftPx = Math.max(0, (widthPx - rowWidthPx) / 2);
    const placed = row.map((aspect) => {
      const box = { leftPx, topPx, widthPx: aspect * rowHeightPx, heightPx: rowHeightPx };
      leftPx += box.widthPx + gapPx;
      return box;
    });
    topPx += rowHeightPx + gapPx;
    return placed;
  });
  return { boxes, heightPx: usedPx };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
