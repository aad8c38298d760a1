import type { Event } from '../event/event.ts';

/** What becomes of events with other settings. */
export type Verdict = 'same' | 'appears' | 'vanishes' | 'changes';

/** Events of both settings that share moments. */
export interface ComparedEvents {
  readonly verdict: Verdict;
  /** With the present settings; empty for what appears. */
  readonly present: readonly Event[];
  /** With those tried; empty for what vanishes. */
  readonly tried: readonly Event[];
}

/**
 * Lays the events of the same footage side by side, in order of time. An event is the same when it begins and ends at
 * the same moments; what its score was is the detector's affair.
 */
export function compareEvents(present: readonly Event[], tried: readonly Event[]): readonly ComparedEvents[] {
  const all = [
    ...present.map((event) => ({ event, isTried: false })),
    ...tried.map((event) => ({ event, isTried: true })),
  ].toSorted((a, b) => a.event.triggerWallMs - b.event.triggerWallMs);
  const groups: { present: Event[]; tried: Event[] }[] = [];
  let endWallMs = -Infinity;
  for (const { event, isTried } of all) {
    let group = groups.at(-1);
    if (group === undefined || event.triggerWallMs >= endWallMs) {
      group = { present: [], tried: [] };
      groups.push(group);
    }
    (isTried ? group.tried : group.present).push(event);
    endWallMs = Math.max(endWallMs, event.untilWallMs);
  }
  return groups.map((group) => ({ ...group, verdict: verdictOf(group) }));
}

function verdictOf({ present, tried }: Omit<ComparedEvents, 'verdict'>): Verdict {
  if (present.length === 0) return 'appears';
  if (tried.length === 0) return 'vanishes';
  const isSame =
    present.length === tried.length &&
    present.every((event, index) => isSameSpan(event, tried[index] ?? event));
  return isSame ? 'same' : 'changes';
}

function isSameSpan(a: Event, b: Event): boolean {
  return a.triggerWallMs === b.triggerWallMs && a.untilWallMs === b.untilWallMs;
}

/** In words, how events that change do so; empty for others. */
export function describeChange({ verdict, present, tried }: ComparedEvents): string {
  if (verdict !== 'changes') return '';
  if (present.length !== tried.length) return `${present.length} become ${tried.length}`;
  const start = shift((tried[0]?.triggerWallMs ?? 0) - (present[0]?.triggerWallMs ?? 0));
  const end = shift((tried.at(-1)?.untilWallMs ?? 0) - (present.at(-1)?.untilWallMs ?? 0));
  return [start && `begins ${start}`, end && `ends ${end}`].filter((part) => part !== '').join(', ');
}

function shift(ms: number): string {
  if (ms === 0) return '';
  return `${(Math.abs(ms) / 1000).toFixed(1)} s ${ms > 0 ? 'later' : 'earlier'}`;
}
