import type { ReactNode } from 'react';

/** How high a score stands. Square roots: what just alarms and what fills the picture are both seen. */
export function scoreHeight(score: number, most: number, heightPx: number): number {
  return heightPx * Math.sqrt(Math.min(1, score / most));
}

interface NeededLineProps {
  readonly y: number;
  readonly widthPx: number;
}

/** From where on scores are motion, across a graph of them. */
export function NeededLine({ y, widthPx }: NeededLineProps): ReactNode {
  return (
    <line
      x1={0}
      x2={widthPx}
      y1={y}
      y2={y}
      strokeWidth={1.5}
      strokeDasharray="6 4"
      vectorEffect="non-scaling-stroke"
      className="stroke-accent"
    />
  );
}
