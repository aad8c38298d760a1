import type { DetectorSettings } from './detector-settings.ts';
import type { DifferenceDecision, DifferenceSettings } from './difference-settings.ts';

/** A glance is so many times as sensitive as the detector for which it is taken. */
const SENSITIVITY = 2;

/**
 * For glances at pictures far apart, which decide whether the detector is shown those between: it judges the difference of
 * two pictures as that does, but from half of its measure on. Undefined for a detector that learns from each picture,
 * and has to see all.
 */
export function glanceSettings(settings: DetectorSettings): DifferenceSettings | undefined {
  if (settings.kind !== 'difference') return undefined;
  return { ...settings, pictures: 2, decision: moreSensitive(settings.decision) };
}

function moreSensitive(decision: DifferenceDecision): DifferenceDecision {
  if ('leastPx' in decision) return { ...decision, leastPx: Math.max(1, decision.leastPx / SENSITIVITY) };
  if ('abovePercent' in decision) return { ...decision, abovePercent: decision.abovePercent / SENSITIVITY };
  return { ...decision, leastPercent: decision.leastPercent / SENSITIVITY };
}
