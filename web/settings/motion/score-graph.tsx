import { useEffect, useState, type ReactNode } from 'react';
import { useMotion, type Motion } from '../../api/changes.tsx';
import { NeededLine, scoreHeight } from '../../explained/score-axis.tsx';
import { useFormat, useText } from '../../text/text-provider.tsx';
import { Badge } from '../../ui/badge.tsx';
import { isEnough, neededAt, SHOWN_MS, withScore, type Score } from './scores.ts';

/** What a camera's detector has said lately, the newest last. */
export function useScores(camera: string): {
  readonly scores: readonly Score[];
  readonly motion: Motion | undefined;
} {
  const [scores, setScores] = useState<readonly Score[]>([]);
  const [motion, setMotion] = useState<Motion>();
  useMotion([camera], (told) => {
    setMotion(told);
    setScores((before) => withScore(before, told));
  });
  useEffect(() => {
    if (motion === undefined) return undefined;
    const timer = setTimeout(() => setMotion(undefined), BOXES_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [motion]);
  return { scores, motion };
}

const BOXES_SHOWN_MS = 1_000;
const [WIDTH, HEIGHT] = [600, 140];

interface ScoreGraphProps {
  readonly scores: readonly Score[];
  /** Of the settings in force, with which the scores were made. */
  readonly sensitivityInForce: number;
  readonly sensitivity: number;
}

/** The score of the last minute, and from where on it would be motion with another sensitivity. */
export function ScoreGraph({ scores, sensitivityInForce, sensitivity }: ScoreGraphProps): ReactNode {
  const text = useText('motion');
  const format = useFormat();
  const newest = scores.at(-1);
  if (newest === undefined) {
    return (
      <p className="flex h-36 items-center justify-center rounded-md border border-line bg-surface px-4 text-center text-faint">
        {text.waiting}
      </p>
    );
  }
  const needed = neededAt(newest.neededScore, sensitivityInForce, sensitivity);
  const most = Math.max(2 * needed, ...scores.map(({ score }) => score));
  const y = (score: number): number => HEIGHT - scoreHeight(score, most, HEIGHT - 6);
  const x = (wallMs: number): number => WIDTH - ((newest.wallMs - wallMs) / SHOWN_MS) * WIDTH;
  const moving = scores.filter(({ score }) => isEnough(score, needed));
  const isMoving = isEnough(newest.score, needed);
  return (
    <figure className="flex flex-col gap-1.5">
      <svg
        role="img"
        aria-label={text.graph(format.number(newest.score), format.number(needed))}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-36 w-full rounded-md border border-line bg-surface"
      >
        {scores.map(({ wallMs, score }) => (
          <line
            key={wallMs}
            x1={x(wallMs)}
            x2={x(wallMs)}
            y1={HEIGHT}
            y2={y(score)}
            strokeWidth={2.5}
            vectorEffect="non-scaling-stroke"
            className={isEnough(score, needed) ? 'stroke-motion' : 'stroke-control'}
          />
        ))}
        <NeededLine y={y(needed)} widthPx={WIDTH} />
      </svg>
      <figcaption className="flex flex-wrap items-center gap-x-3 gap-y-1 text-note text-muted tabular-nums">
        <Badge tone={isMoving ? 'warning' : 'neutral'}>{isMoving ? text.alarms : text.alarmsNot}</Badge>
        <span>{text.scoreNow(format.number(newest.score))}</span>
        <span className="text-accent">{text.neededNow(format.number(needed))}</span>
        <span className="sm:ml-auto">{text.share(format.percent(moving.length / scores.length))}</span>
      </figcaption>
    </figure>
  );
}
