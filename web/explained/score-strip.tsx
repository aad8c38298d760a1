import type { PointerEvent, ReactNode } from 'react';
import type { MomentPicture } from '../../src/http/api/moment.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { NeededLine, scoreHeight } from './score-axis.tsx';

interface ScoreStripProps {
  readonly pictures: readonly MomentPicture[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

const [WIDTH, HEIGHT] = [600, 72];

/** The scores of pictures side by side, and from where on it is motion; a press chooses one. */
export function ScoreStrip({ pictures, chosen, onChoose }: ScoreStripProps): ReactNode {
  const text = useText('explained');
  const format = useFormat();
  const needed = Math.max(0, ...pictures.map(({ neededScore }) => neededScore));
  const highest = Math.max(0, ...pictures.map(({ score }) => score));
  const most = Math.max(2 * needed, highest, 1);
  const heightOf = (score: number): number => scoreHeight(score, most, HEIGHT - 4);
  const columnPx = WIDTH / Math.max(1, pictures.length);
  const choose = ({ clientX, currentTarget, buttons }: PointerEvent): void => {
    if (buttons === 0) return;
    const { left, width } = currentTarget.getBoundingClientRect();
    const index = Math.floor(((clientX - left) / width) * pictures.length);
    onChoose(Math.min(pictures.length - 1, Math.max(0, index)));
  };
  return (
    <svg
      role="img"
      aria-label={text.graph(format.number(highest), format.number(needed))}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-18 w-full cursor-pointer touch-none rounded-md border border-line bg-surface"
      onPointerDown={choose}
      onPointerMove={choose}
    >
      <rect x={chosen * columnPx} width={columnPx} y={0} height={HEIGHT} className="fill-accent/30" />
      {pictures.map(({ wallMs, score, isMotion }, i) => (
        <rect
          key={wallMs}
          x={(i + 0.15) * columnPx}
          width={0.7 * columnPx}
          y={HEIGHT - heightOf(score)}
          height={heightOf(score)}
          className={isMotion ? 'fill-motion' : 'fill-control'}
        />
      ))}
      <NeededLine y={HEIGHT - heightOf(needed)} widthPx={WIDTH} />
    </svg>
  );
}
