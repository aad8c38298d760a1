import { wallMs, type WallMs } from '../base/time.ts';
import { accountBegins, accountEnds, surelyTold } from '../db/account.ts';
import type { ArchiveIndex, CameraTimeline } from '../db/archive-index.ts';
import { SqliteIndex } from '../db/sqlite-index.ts';
import { CommandError } from './command-error.ts';
import { configOf } from './config-of.ts';
import { EXIT } from './exit-code.ts';
import { gapJson, gapMetrics, gapTable, reportOn, type CameraReport } from './gap-report.ts';
import { json } from './json.ts';
import type { ConfigOptions } from './options.ts';
import { requireIndex } from './use-index.ts';

export interface GapsOptions extends ConfigOptions {
  readonly from: WallMs;
  readonly to?: WallMs;
  readonly json: boolean;
  readonly metrics: boolean;
}

const EARLIEST = wallMs(0);
const LATEST = wallMs(Number.MAX_SAFE_INTEGER);

/**
 * `preroll archive gaps`: what is not recorded and why.
 * @param cameras by name; all that the index knows where none is named.
 * @returns the exit code: `failed` where any time is neither recorded nor has a cause.
 * @throws CommandError where there is no index, or it knows no such camera.
 */
export async function archiveGaps(cameras: readonly string[], options: GapsOptions): Promise<number> {
  const config = await configOf(options);
  const { indexPath } = config.archive;
  await requireIndex(indexPath);
  const index = SqliteIndex.open(indexPath);
  try {
    const unknown = cameras.filter((camera) => !index.cameras().includes(camera));
    if (unknown.length > 0) {
      const known = index.cameras().join(', ') || 'none';
      throw new CommandError('usage', `the index knows no camera ${unknown.join(', ')}; it knows ${known}`);
    }
    const configured = new Set(config.cameras.map(({ name }) => name));
    const reports = reportOnCameras(index, { ...options, cameras, configured });
    process.stdout.write(print(reports, options));
    return reports.some(({ unaccountedMs }) => unaccountedMs > 0) ? EXIT.failed : EXIT.ok;
  } finally {
    index.close();
  }
}

export interface ReportQuery {
  /** All that the index knows where none is named. */
  readonly cameras: readonly string[];
  /** The account of others ends with the last thing known of them. */
  readonly configured: ReadonlySet<string>;
  readonly from?: WallMs;
  readonly to?: WallMs;
}

/** A camera's report covers what of the asked span its account does. */
export function reportOnCameras(index: ArchiveIndex, query: ReportQuery): readonly CameraReport[] {
  const { cameras, configured, from = EARLIEST, to = LATEST } = query;
  // Before the rest: what is told meanwhile is later.
  const toldUntil = surelyTold(index.lastAlive());
  const names = cameras.length > 0 ? cameras : index.cameras();
  const timelines = index.timeline({ cameras: names, fromWallMs: from, toWallMs: to });
  return names.flatMap((camera) => {
    const timeline = timelines.find((one) => one.camera === camera) ?? nothingOf(camera);
    const begins = isKnownBefore(index, camera, from) ? from : accountBegins(timeline);
    const ends = (configured.has(camera) ? toldUntil : undefined) ?? accountEnds(timeline);
    if (begins === undefined || ends === undefined) return [];
    const startWallMs = wallMs(Math.max(from, begins));
    const endWallMs = wallMs(Math.min(to, ends));
    return endWallMs > startWallMs ? [reportOn({ startWallMs, endWallMs }, timeline)] : [];
  });
}

function nothingOf(camera: string): CameraTimeline {
  return { camera, recorded: [], gaps: [], events: [] };
}

function isKnownBefore(index: ArchiveIndex, camera: string, moment: WallMs): boolean {
  if (moment === EARLIEST) return false;
  const before = { cameras: [camera], fromWallMs: EARLIEST, toWallMs: moment };
  return (
    index.oldestSegments({ camera, beforeWallMs: moment, limit: 1 }).length > 0 ||
    index.gaps(before).length > 0
  );
}

function print(reports: readonly CameraReport[], { json: isJson, metrics }: GapsOptions): string {
  if (metrics) return gapMetrics(reports);
  return isJson ? json(gapJson(reports)) : gapTable(reports);
}
