import type { WallMs } from '../base/time.ts';
import { account, type AccountEntry } from '../db/account.ts';
import type { CameraTimeline, Span } from '../db/archive-index.ts';
import type { GapCause } from '../db/records.ts';
import { localTime } from './local-time.ts';
import { textTable } from './text-table.ts';

/** What became of one camera's time. */
export interface CameraReport extends Span {
  readonly camera: string;
  readonly recordedMs: number;
  /** The most first. */
  readonly missing: readonly { readonly cause: GapCause; readonly ms: number }[];
  /** Neither recorded nor missing for a cause: there should be none. */
  readonly unaccountedMs: number;
  /** All that is not recorded, in order of time. */
  readonly gaps: readonly Exclude<AccountEntry, { kind: 'recorded' }>[];
}

export function reportOn(span: Span, timeline: CameraTimeline): CameraReport {
  const entries = account(span, timeline);
  const sums = new Map<GapCause, number>();
  for (const entry of entries) {
    if (entry.kind === 'missing') sums.set(entry.cause, (sums.get(entry.cause) ?? 0) + lengthOf(entry));
  }
  return {
    camera: timeline.camera,
    ...span,
    recordedMs: totalOf(entries.filter(({ kind }) => kind === 'recorded')),
    missing: [...sums].map(([cause, ms]) => ({ cause, ms })).toSorted((a, b) => b.ms - a.ms),
    unaccountedMs: totalOf(entries.filter(({ kind }) => kind === 'unaccounted')),
    gaps: entries.filter((entry) => entry.kind !== 'recorded'),
  };
}

/** For people: every gap, then each camera's sums. */
export function gapTable(reports: readonly CameraReport[]): string {
  const rows = reports.flatMap(({ camera, gaps }) => gaps.map((gap) => gapCells(camera, gap)));
  const table = rows.length === 0 ? [] : [...textTable(HEADINGS, rows, ['length']), ''];
  return `${[...table, ...reports.map(summary)].join('\n')}\n`;
}

const HEADINGS = ['camera', 'from', 'to', 'length', 'cause', 'detail'];

function gapCells(camera: string, gap: CameraReport['gaps'][number]): readonly string[] {
  const { startWallMs, endWallMs } = gap;
  const [cause, detail] = gap.kind === 'missing' ? [gap.cause, gap.detail] : ['?', 'nobody knows why'];
  return [camera, localTime(startWallMs), localTime(endWallMs), lengthText(lengthOf(gap)), cause, detail];
}

function summary(report: CameraReport): string {
  const { camera, recordedMs, missing, unaccountedMs } = report;
  const wholeMs = lengthOf(report);
  const parts = missing.map(({ cause, ms }) => `${cause} ${lengthText(ms)}`);
  const lacking = parts.length === 0 ? '' : `; not recorded: ${parts.join(', ')}`;
  const unknown = unaccountedMs === 0 ? '' : `; NOT ACCOUNTED FOR: ${lengthText(unaccountedMs)}`;
  return `${camera}: recorded ${shareText(recordedMs, wholeMs)} of ${lengthText(wholeMs)}${lacking}${unknown}`;
}

/** For scripts. */
export function gapJson(reports: readonly CameraReport[]): object {
  return {
    ok: reports.every(({ unaccountedMs }) => unaccountedMs === 0),
    cameras: reports.map((report) => ({
      camera: report.camera,
      from: isoTime(report.startWallMs),
      to: isoTime(report.endWallMs),
      recordedSeconds: report.recordedMs / 1000,
      missingSeconds: Object.fromEntries(report.missing.map(({ cause, ms }) => [cause, ms / 1000])),
      unaccountedSeconds: report.unaccountedMs / 1000,
      gaps: report.gaps.map((gap) => ({
        from: isoTime(gap.startWallMs),
        to: isoTime(gap.endWallMs),
        seconds: lengthOf(gap) / 1000,
        ...(gap.kind === 'missing' ? { cause: gap.cause, detail: gap.detail } : {}),
      })),
    })),
  };
}

/**
 * For Prometheus, in its text format (version 0.0.4), to be put where its node exporter's textfile collector looks.
 */
export function gapMetrics(reports: readonly CameraReport[]): string {
  const gauge = (name: string, help: string, lines: readonly string[]) =>
    [`# HELP preroll_${name} ${help}`, `# TYPE preroll_${name} gauge`, ...lines].join('\n');
  const line = (name: string, labels: Readonly<Record<string, string>>, ms: number) => {
    const inside = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`);
    return `preroll_${name}{${inside.join(',')}} ${ms / 1000}`;
  };
  const families = [
    gauge(
      'recorded_seconds',
      'Time of a camera that is recorded.',
      reports.map(({ camera, recordedMs }) => line('recorded_seconds', { camera }, recordedMs)),
    ),
    gauge(
      'missing_seconds',
      'Time of a camera that is not recorded, by cause.',
      reports.flatMap(({ camera, missing }) =>
        missing.map(({ cause, ms }) => line('missing_seconds', { camera, cause }, ms)),
      ),
    ),
    gauge(
      'unaccounted_seconds',
      'Time of a camera that is neither recorded nor has a cause.',
      reports.map(({ camera, unaccountedMs }) => line('unaccounted_seconds', { camera }, unaccountedMs)),
    ),
  ];
  return `${families.join('\n')}\n`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** Never rounded up to all of it, nor down to nothing. */
function shareText(partMs: number, wholeMs: number): string {
  if (wholeMs === 0 || partMs === wholeMs) return '100 %';
  if (partMs === 0) return '0 %';
  const percent = Math.min(99.99, Math.max(0.01, (100 * partMs) / wholeMs));
  return `${percent.toFixed(percent > 99 || percent < 1 ? 2 : 1)} %`;
}

/** `0.340 s`, `12.3 s`, `4 min 5 s`, `3 h 12 min`, `5 d 2 h`. */
export function lengthText(ms: number): string {
  if (ms < 1_000) return `${(ms / 1000).toFixed(3)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function isoTime(ms: WallMs): string {
  return new Date(ms).toISOString();
}

function lengthOf({ startWallMs, endWallMs }: Span): number {
  return endWallMs - startWallMs;
}

function totalOf(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + lengthOf(span), 0);
}
