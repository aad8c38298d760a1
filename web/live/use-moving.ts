import { useEffect, useState } from 'react';
import { useMotion } from '../api/changes.tsx';

/** Motion is told a few times a second; a badge that flickers tells nothing. */
const SHOWN_MS = 2_000;

/** Whether something moves on a camera. */
export function useMoving(camera: string, isWanted: boolean): boolean {
  const [movedMs, setMovedMs] = useState<number>();
  useMotion(isWanted ? [camera] : [], ({ isMotion }) => {
    if (isMotion) setMovedMs((before) => (Date.now() - (before ?? 0) > SHOWN_MS / 2 ? Date.now() : before));
  });
  useEffect(() => {
    if (movedMs === undefined) return undefined;
    const timer = setTimeout(() => setMovedMs(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [movedMs]);
  return movedMs !== undefined;
}
