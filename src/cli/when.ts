import { wallMs, type WallMs } from '../base/time.ts';
import { parseDurationMs } from '../config/quantity.ts';

const DAY_MS = 86_400_000;

/**
 * A moment of the past: `2026-11-20`, `2026-11-20T13:00` (local time, unless it says otherwise), or how long ago: `7d`.
 * @param edge which end of a whole day is meant.
 * @returns undefined if it is none.
 */
export function parseWhen(text: string, edge: 'from' | 'to', now: WallMs): WallMs | undefined {
  const ago = parseDurationMs(text);
  if (ago !== undefined) return wallMs(now - ago);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!isDay && !/^\d{4}-\d{2}-\d{2}T/.test(text)) return undefined;
  const ms = Date.parse(isDay ? `${text}T00:00` : text);
  if (Number.isNaN(ms)) return undefined;
  return wallMs(isDay && edge === 'to' ? ms + DAY_MS - 1 : ms);
}
