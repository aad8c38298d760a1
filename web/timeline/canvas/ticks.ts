import type { LocalTime } from './local-time.ts';
import { spanMs, toMs, xOf, type View } from './view.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The first Monday of local time. */
const MONDAY_MS = 4 * DAY_MS;

/** How far apart ticks with labels are, and those between them. */
interface Step {
  readonly stepMs: number | 'month';
  readonly betweenMs: number;
}

const STEPS: readonly Step[] = [
  { stepMs: SECOND_MS, betweenMs: 200 },
  { stepMs: 5 * SECOND_MS, betweenMs: SECOND_MS },
  { stepMs: 10 * SECOND_MS, betweenMs: 2 * SECOND_MS },
  { stepMs: 30 * SECOND_MS, betweenMs: 5 * SECOND_MS },
  { stepMs: MINUTE_MS, betweenMs: 10 * SECOND_MS },
  { stepMs: 5 * MINUTE_MS, betweenMs: MINUTE_MS },
  { stepMs: 10 * MINUTE_MS, betweenMs: 2 * MINUTE_MS },
  { stepMs: 30 * MINUTE_MS, betweenMs: 5 * MINUTE_MS },
  { stepMs: HOUR_MS, betweenMs: 10 * MINUTE_MS },
  { stepMs: 3 * HOUR_MS, betweenMs: HOUR_MS },
  { stepMs: 6 * HOUR_MS, betweenMs: HOUR_MS },
  { stepMs: 12 * HOUR_MS, betweenMs: 3 * HOUR_MS },
  { stepMs: DAY_MS, betweenMs: 6 * HOUR_MS },
  { stepMs: 7 * DAY_MS, betweenMs: DAY_MS },
  { stepMs: 'month', betweenMs: 7 * DAY_MS },
];

export interface Tick {
  readonly ms: number;
  readonly xPx: number;
  /** `between` has no label; `day` is a midnight. */
  readonly kind: 'between' | 'time' | 'day';
  /** How its label is to be written. */
  readonly label: 'none' | 'seconds' | 'minutes' | 'day';
  /** The second time of the hour that comes twice in autumn. */
  readonly isAgain: boolean;
}

/** @param labelPx how wide a label is, with the space beside it. */
export function ticksOf(view: View, time: LocalTime, labelPx: number): readonly Tick[] {
  const step = STEPS.find(({ stepMs }) => stepMs !== 'month' && stepMs / view.msPerPx >= labelPx);
  const { stepMs, betweenMs } = step ?? STEPS[STEPS.length - 1] ?? { stepMs: 'month', betweenMs: DAY_MS };
  const labelled = stepMs === 'month' ? months(view, time) : multiples(view, time, stepMs);
  const places = new Set(labelled.map(({ ms }) => ms));
  const between = betweenMs / view.msPerPx >= 5 ? multiples(view, time, betweenMs) : [];
  const isSeconds = stepMs !== 'month' && stepMs < MINUTE_MS;
  return [
    ...between.filter(({ ms }) => !places.has(ms)).map((at) => tick(view, at, 'between', 'none')),
    ...labelled.map((at) => {
      const isMidnight = at.localMs % DAY_MS === 0;
      if (isMidnight) return tick(view, at, 'day', 'day');
      return tick(view, at, 'time', isSeconds ? 'seconds' : 'minutes');
    }),
  ];
}

interface Place {
  readonly ms: number;
  readonly localMs: number;
  readonly isAgain: boolean;
}

function tick(view: View, { ms, isAgain }: Place, kind: Tick['kind'], label: Tick['label']): Tick {
  return { ms, xPx: xOf(view, ms), kind, label, isAgain };
}

/** Where clocks show a multiple of the step. Months are longer than any day is moved by. */
function multiples(view: View, time: LocalTime, stepMs: number): readonly Place[] {
  const origin = stepMs % (7 * DAY_MS) === 0 ? MONDAY_MS : 0;
  const marginMs = Math.min(stepMs, spanMs(view));
  const untilMs = toMs(view) + marginMs;
  if (stepMs < HOUR_MS) return plainMultiples(view, time, stepMs);
  const places: Place[] = [];
  const firstMs = time.localOf(view.fromMs - marginMs) - DAY_MS / 8;
  const lastMs = time.localOf(untilMs) + DAY_MS / 8;
  for (let at = Math.floor((firstMs - origin) / stepMs); at * stepMs + origin <= lastMs; at += 1) {
    places.push(...placesOf(time, at * stepMs + origin));
  }
  return places.toSorted((a, b) => a.ms - b.ms);
}

/** Clocks are changed by quarters of an hour and on these, so what divides one is as regular as UTC. */
function plainMultiples(view: View, time: LocalTime, stepMs: number): readonly Place[] {
  const places: Place[] = [];
  // Half an hour is no divisor of some zones' offset of 45 min: its multiples are those of the local clock at each place.
  // Whole, for the rest of a fraction is never quite 0.
  let ms = Math.floor(view.fromMs) - stepMs;
  const untilMs = toMs(view) + stepMs;
  while (ms <= untilMs) {
    const localMs = time.localOf(ms);
    const rest = ((localMs % stepMs) + stepMs) % stepMs;
    ms += rest === 0 ? 0 : stepMs - rest;
    const onLocalMs = time.localOf(ms);
    if (onLocalMs % stepMs === 0) {
      const [first] = onLocalMs % (30 * MINUTE_MS) === 0 ? time.momentsOf(onLocalMs) : [ms];
      places.push({ ms, localMs: onLocalMs, isAgain: first !== undefined && first < ms });
    }
    ms += stepMs;
  }
  return places;
}

function months(view: View, time: LocalTime): readonly Place[] {
  const places: Place[] = [];
  const first = new Date(time.localOf(view.fromMs));
  for (let month = 0; ; month += 1) {
    const localMs = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
    places.push(...placesOf(time, localMs));
    if (localMs > time.localOf(toMs(view))) return places;
  }
}

function placesOf(time: LocalTime, localMs: number): readonly Place[] {
  return time.momentsOf(localMs).map((ms, at) => ({ ms, localMs, isAgain: at > 0 }));
}
