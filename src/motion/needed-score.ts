import type { DetectorSettings } from './detector-settings.ts';

/** Per cent in what the `adaptive` detector scores by: hundredths of one. */
const ADAPTIVE_STEPS = 100;

/** The score from which on a detector calls a picture of this size motion. */
export function neededScore(settings: DetectorSettings, sizePx: number): number {
  if (settings.kind === 'adaptive') return ADAPTIVE_STEPS * settings.minimalPercent;
  const { decision } = settings;
  if ('leastPx' in decision) return decision.leastPx;
  if ('leastPercent' in decision) return Math.ceil((decision.leastPercent * sizePx) / 100);
  return Math.floor((decision.abovePercent * sizePx) / 100) + 1;
}
