/**
 * Rows under headings, their cells one below the other.
 * @param rightAligned headings of the columns of numbers.
 */
export function textTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  rightAligned: readonly string[] = [],
): readonly string[] {
  const widths = headings.map((heading, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), heading.length),
  );
  return [headings, ...rows].map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return rightAligned.includes(headings[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
