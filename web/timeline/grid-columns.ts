/** How many columns as many pictures are shown in. */
export function gridColumns(pictures: number): number {
  return Math.ceil(Math.sqrt(pictures));
}
