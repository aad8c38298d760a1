import type { Box, Detection } from './detector.ts';
import type { DifferenceDecision } from './difference-settings.ts';
import type { CountedMask, PixelWeights } from './pixel-weights.ts';

/** What is decided on: the mask of a picture, and what can be measured of it. */
export interface MeasuredMask extends CountedMask {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Bounding boxes of the outermost regions, in raster order of their first pixels. */
  boxes(): readonly Box[];
  /** The area of the largest of `boxes`, 0 when there is none. */
  largestBoxPx(): number;
  /** The areas of all contours together. */
  contourAreaPx(): number;
}

export function decide(decision: DifferenceDecision, weights: PixelWeights, mask: MeasuredMask): Detection {
  const measured = measure(decision, weights, mask);
  const isMotion = isEnough(decision, measured, mask);
  return {
    score: decision.measure === 'contour-area' ? measured : Math.round(measured),
    isMotion,
    boxes: isMotion ? mask.boxes() : [],
    zones: isMotion ? movedZones(decision, weights, mask) : [],
    analysedWidthPx: mask.widthPx,
    analysedHeightPx: mask.heightPx,
  };
}

function measure(decision: DifferenceDecision, weights: PixelWeights, mask: MeasuredMask): number {
  if (decision.measure === 'largest-box') return mask.largestBoxPx();
  if (decision.measure === 'contour-area') return mask.contourAreaPx();
  return weights.ofPicture(mask);
}

function isEnough(decision: DifferenceDecision, px: number, { widthPx, heightPx }: MeasuredMask): boolean {
  const percent = (100 * px) / (widthPx * heightPx);
  if (decision.measure === 'largest-box') return percent >= decision.leastPercent;
  if (decision.measure === 'changed-share') return percent > decision.abovePercent;
  return px >= decision.leastPx;
}

/** Contours are judged whole, wherever they lie: then a zone has moved when anything in it is marked. */
function movedZones(decision: DifferenceDecision, weights: PixelWeights, mask: MeasuredMask): string[] {
  const judgesContours = decision.measure === 'largest-box' || decision.measure === 'contour-area';
  const hasMoved = (px: number) => (judgesContours ? px > 0 : isEnough(decision, px, mask));
  return weights.zones.filter((zone) => hasMoved(weights.ofZone(mask, zone))).map(({ name }) => name);
}
