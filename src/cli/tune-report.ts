import type { Event } from '../event/event.ts';
import { describeChange, type ComparedEvents, type Verdict } from '../lab/compare-events.ts';
import { localTime } from './local-time.ts';
import type { LaneSettings } from './make-lane.ts';
import { textTable } from './text-table.ts';

/** What `preroll tune` found. */
export interface TuneResult {
  readonly name: string;
  readonly present: LaneSettings;
  readonly tried: LaneSettings;
  readonly files: number;
  readonly mediaSeconds: number;
  readonly tookSeconds: number;
  readonly rows: readonly TuneRow[];
  /** Of files that were left out. */
  readonly failures: readonly string[];
}

export interface TuneRow {
  /** The file in which the stretch of footage begins. */
  readonly file: string;
  /** Whether times are those of day; otherwise they count from the file's start. */
  readonly isDated: boolean;
  readonly events: ComparedEvents;
}

const VERDICTS: readonly Verdict[] = ['same', 'changes', 'appears', 'vanishes'];
const HEADINGS = ['present', 'length', 'peak', 'tried', 'length', 'peak', 'verdict'];

/** For people: the events side by side, and how many there are of each verdict. */
export function tuneTable(result: TuneResult): string {
  const table = textTable(HEADINGS, result.rows.flatMap(rowCells), ['length', 'peak']);
  const { name, files, mediaSeconds, tookSeconds, failures } = result;
  const speed = tookSeconds > 0 ? `, ${(mediaSeconds / tookSeconds).toFixed(1)} x real time` : '';
  return `${[
    `${name}: ${files} file${files === 1 ? '' : 's'}, ${mediaSeconds.toFixed(1)} s of footage${speed}`,
    `tried: ${describeTrial(result)}`,
    ...(result.rows.length === 0 ? ['no event with either'] : ['', ...table, '', summary(result.rows)]),
    ...failures.map((failure) => `left out: ${failure}`),
  ].join('\n')}\n`;
}

/** For scripts. */
export function tuneJson(result: TuneResult): object {
  const { name, files, mediaSeconds, tookSeconds, present, tried, rows, failures } = result;
  return {
    ok: failures.length === 0,
    input: name,
    files,
    seconds: rounded(mediaSeconds),
    tookSeconds: rounded(tookSeconds),
    settings: { present: settingsOf(present), tried: settingsOf(tried) },
    events: rows.map(({ file, isDated, events }) => ({
      file,
      verdict: events.verdict,
      change: describeChange(events) || undefined,
      present: events.present.map((event) => eventJson(event, isDated)),
      tried: events.tried.map((event) => eventJson(event, isDated)),
    })),
    counts: counts(rows),
    failures,
  };
}

function settingsOf({ motion, event }: LaneSettings): object {
  return { motion, event };
}

function eventJson({ triggerWallMs, untilWallMs, peak }: Event, isDated: boolean): object {
  return {
    start: isDated ? new Date(triggerWallMs).toISOString() : rounded(triggerWallMs / 1000),
    seconds: rounded((untilWallMs - triggerWallMs) / 1000),
    peak: rounded(peak?.score ?? 0),
  };
}

/** A line for each pair; what one side lacks is a dash. */
function rowCells({ file, isDated, events }: TuneRow): string[][] {
  const { present, tried, verdict } = events;
  return Array.from({ length: Math.max(present.length, tried.length) }, (_, index) => {
    const told = [verdict, describeChange(events)].filter((part) => part !== '').join(': ');
    const cells = (event: Event | undefined) => eventCells(event, isDated ? undefined : file);
    return [...cells(present[index]), ...cells(tried[index]), index === 0 ? told : ''];
  });
}

function eventCells(event: Event | undefined, file: string | undefined): string[] {
  if (event === undefined) return ['-', '-', '-'];
  const { triggerWallMs, untilWallMs, peak } = event;
  const start = file === undefined ? localTime(triggerWallMs) : `${file} ${clockTime(triggerWallMs)}`;
  const seconds = ((untilWallMs - triggerWallMs) / 1000).toFixed(1);
  return [start, `${seconds} s`, String(rounded(peak?.score ?? 0))];
}

function summary(rows: readonly TuneRow[]): string {
  const found = counts(rows);
  const [present, tried] = [
    rows.reduce((sum, { events }) => sum + events.present.length, 0),
    rows.reduce((sum, { events }) => sum + events.tried.length, 0),
  ];
  const parts = VERDICTS.filter((verdict) => found[verdict] > 0).map(
    (verdict) => `${found[verdict]} ${verdict}`,
  );
  return `${present} event${present === 1 ? '' : 's'} at present, ${tried} with what was tried: ${parts.join(', ')}`;
}

function counts(rows: readonly TuneRow[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict) => rows.filter(({ events }) => events.verdict === verdict).length;
  return {
    same: count('same'),
    changes: count('changes'),
    appears: count('appears'),
    vanishes: count('vanishes'),
  };
}

/** The settings that differ. */
function describeTrial({ present, tried }: TuneResult): string {
  const before = new Map<string, unknown>(Object.entries({ ...present.motion, ...present.event }));
  const changed = Object.entries({ ...tried.motion, ...tried.event }).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before.get(name)),
  );
  if (changed.length === 0) return 'the same settings';
  return changed
    .map(([name, value]) => `${name} ${shown(value)} instead of ${shown(before.get(name))}`)
    .join(', ');
}

function shown(value: unknown): string {
  if (value === undefined) return "the detector's own";
  if (Array.isArray(value)) return value.length === 0 ? 'none' : `${value.length} areas`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `1:02:03.4`, hours only where there are any. */
function clockTime(ms: number): string {
  const seconds = ms / 1000;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = (seconds % 60).toFixed(1).padStart(4, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
