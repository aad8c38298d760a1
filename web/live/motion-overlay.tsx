import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import type { WatchedAreas } from '../../src/http/api/watched-areas.ts';
import { useMotion, type Motion } from '../api/changes.tsx';
import { ask } from '../api/client.ts';

const BOXES_SHOWN_MS = 1_000;

interface MotionOverlayProps {
  readonly camera: string;
  /** Width by height of the picture. */
  readonly aspect: number;
}

/** Where motion is looked for and where it is found, over a camera's picture. */
export function MotionOverlay({ camera, aspect }: MotionOverlayProps): ReactNode {
  const { data: areas } = useQuery({
    queryKey: ['settings', 'areas', camera],
    queryFn: ({ signal }) => ask<WatchedAreas>(`api/cameras/${encodeURIComponent(camera)}/areas`, { signal }),
  });
  const motion = useNewestMotion(camera);
  const [width, height] = [1_000, 1_000 / aspect];
  const points = (polygon: readonly { readonly x: number; readonly y: number }[]): string =>
    polygon.map(({ x, y }) => `${x * width},${y * height}`).join(' ');
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-0 size-full"
    >
      {areas?.masks.map((polygon, at) => (
        <polygon key={at} points={points(polygon)} fillRule="evenodd" className="fill-black/45" />
      ))}
      {areas?.zones.map(({ name, polygon }) => {
        const isMoving = motion?.zones.includes(name) === true;
        return (
          <polygon
            key={name}
            points={points(polygon)}
            fillRule="evenodd"
            vectorEffect="non-scaling-stroke"
            className={isMoving ? 'fill-motion/20 stroke-motion' : 'fill-accent/10 stroke-accent'}
            strokeWidth={1.5}
          />
        );
      })}
      {motion?.boxes.map((box, at) => (
        <rect
          key={at}
          x={box.x * width}
          y={box.y * height}
          width={box.width * width}
          height={box.height * height}
          vectorEffect="non-scaling-stroke"
          className={motion.isMotion ? 'fill-none stroke-motion' : 'fill-none stroke-white/60'}
          strokeWidth={2}
        />
      ))}
    </svg>
  );
}

function useNewestMotion(camera: string): Motion | undefined {
  const [motion, setMotion] = useState<Motion>();
  useMotion([camera], setMotion);
  useEffect(() => {
    if (motion === undefined) return undefined;
    const timer = setTimeout(() => setMotion(undefined), BOXES_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [motion]);
  return motion;
}
