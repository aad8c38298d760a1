import type { I420Picture } from '../i420.ts';

/** Labels stand so far from the left and the lower edge. */
const MARGIN_PX = 2;

/** Mean difference of luma between a panel and what stands where labels do. */
export function panelDifference(luma: Uint8Array, widthPx: number, panel: I420Picture): number {
  const top = luma.length / widthPx - panel.heightPx - MARGIN_PX;
  let sum = 0;
  for (const [i, wanted] of panel.y.entries()) {
    const [x, y] = [i % panel.widthPx, Math.floor(i / panel.widthPx)];
    sum += Math.abs((luma[(top + y) * widthPx + MARGIN_PX + x] ?? 0) - wanted);
  }
  return sum / panel.y.length;
}
