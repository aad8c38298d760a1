/** The value of a plane between its pixels; `x` and `y` have a pixel to the right and below. */
export function bilinear(plane: Uint8Array, stride: number, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [right, down] = [x - column, y - row];
  const at = row * stride + column;
  const above = (plane[at] ?? 0) * (1 - right) + (plane[at + 1] ?? 0) * right;
  const below = (plane[at + stride] ?? 0) * (1 - right) + (plane[at + stride + 1] ?? 0) * right;
  return above * (1 - down) + below * down;
}
