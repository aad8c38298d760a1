import { useEffect, useState } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { thumbnailUrl } from './events-api.ts';

/** Passing over a card asks for nothing yet. */
const DELAY_MS = 180;
const EACH_MS = 450;
const MOST = 8;
/** Key pictures are seldom closer to each other. */
const APART_MS = 2_000;

/** The moments of an event that its preview shows. */
export function previewMoments({ startMs, endMs }: Pick<EventSummaryJson, 'startMs' | 'endMs'>): number[] {
  const lengthMs = Math.max(0, endMs - startMs);
  const count = Math.min(MOST, Math.max(3, Math.round(lengthMs / APART_MS)));
  return Array.from({ length: count }, (_, i) => Math.round(startMs + ((i + 0.5) * lengthMs) / count));
}

/** Goes through pictures of an event while it is wanted. @returns the URL of the one to show; undefined: the still one. */
export function usePreview(event: EventSummaryJson, isWanted: boolean): string | undefined {
  const [shown, setShown] = useState<string>();
  const { camera, triggerMs, startMs, endMs } = event;
  useEffect(() => {
    if (!isWanted) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const urls = previewMoments({ startMs, endMs }).map((atMs) => thumbnailUrl({ camera, triggerMs }, atMs));
    let isOver = false;
    const show = (index: number): void => {
      const url = urls[index % urls.length];
      if (url === undefined) return;
      const next = (): void => {
        if (!isOver) timer = setTimeout(() => show(index + 1), EACH_MS);
      };
      // Each is shown once it is there, so that nothing flickers.
      const picture = new Image();
      picture.addEventListener('load', () => {
        if (isOver) return;
        setShown(url);
        next();
      });
      picture.addEventListener('error', next);
      picture.src = url;
    };
    timer = setTimeout(() => show(0), DELAY_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
      setShown(undefined);
    };
  }, [isWanted, camera, triggerMs, startMs, endMs]);
  return shown;
}
