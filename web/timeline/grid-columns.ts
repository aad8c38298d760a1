/** Most cameras' pictures. */
const SHAPE = 16 / 9;

/** In how many columns pictures are largest. */
export function gridColumns(pictures: number, widthPx: number, heightPx: number): number {
  let best = { columns: 1, pictureWidthPx: 0 };
  for (let columns = 1; columns <= pictures; columns += 1) {
    const rows = Math.ceil(pictures / columns);
    const pictureWidthPx = Math.min(widthPx / columns, (heightPx / rows) * SHAPE);
    if (pictureWidthPx > best.pictureWidthPx) best = { columns, pictureWidthPx };
  }
  return best.columns;
}
