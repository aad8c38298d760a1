import { join } from 'node:path';
import { lockPath } from '../archive/archive-in-use.ts';
import { examineArchive, type Examination, type Findings } from '../archive/check/examine-archive.ts';
import type { Mended } from '../archive/check/mend-problem.ts';
import type { Problem } from '../archive/check/problem.ts';
import { repairArchive } from '../archive/check/repair-archive.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import type { Config } from '../config/config.ts';
import { ProcessLock } from '../db/process-lock.ts';
import { inLockedArchive } from './archive-work.ts';
import { configOf } from './config-of.ts';
import { EXIT } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import type { ConfigOptions } from './options.ts';
import { Progress } from './progress.ts';

export interface CheckArchiveOptions extends ConfigOptions {
  readonly repair: boolean;
  readonly deep: boolean;
  readonly json: boolean;
}

/** What was found and done, as it is printed. */
interface Report {
  readonly findings: Findings;
  /** Who is at work in the archive meanwhile. */
  readonly holder: string | undefined;
  /** Empty where nothing was to be mended. */
  readonly mended: ReadonlyMap<Problem, Mended>;
  /** Problems that are there now. */
  readonly left: readonly Problem[];
}

/**
 * `preroll archive check`: says what is wrong with recordings and index, and with `--repair` mends it.
 * @returns the exit code: `failed` where anything is wrong, after a repair where anything is left.
 * @throws ConfigError, ArchiveInUseError, IndexError, an error of the system.
 */
export async function archiveCheck(options: CheckArchiveOptions): Promise<number> {
  const config = await configOf(options);
  return await interruptible(async (signal) => {
    using progress = new Progress({ stream: process.stderr, clock: systemClock, name: 'check' });
    const report = options.repair
      ? await repair(examinationOf(config, options, progress, false), config, signal)
      : await look(config, options, progress, signal);
    process.stdout.write(options.json ? json(reportJson(report)) : reportText(report, options));
    return report.left.length === 0 ? EXIT.ok : EXIT.failed;
  });
}

async function look(
  config: Config,
  options: CheckArchiveOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Report> {
  const holder = ProcessLock.holderOf(lockPath(config.archive));
  const examination = examinationOf(config, options, progress, holder !== undefined);
  const findings = await examineArchive(examination, signal);
  return { findings, holder, mended: new Map(), left: findings.problems };
}

async function repair(examination: Examination, config: Config, signal: AbortSignal): Promise<Report> {
  const work = () => repairArchive(examination, silentLog, signal);
  const { before, mended, after } = await inLockedArchive(config, 'preroll archive check --repair', work);
  return { findings: before, holder: undefined, mended, left: after.problems };
}

function examinationOf(
  { archive }: Config,
  { deep }: CheckArchiveOptions,
  progress: Progress,
  isLive: boolean,
): Examination {
  return {
    indexPath: archive.indexPath,
    volumePaths: archive.volumes.map(({ path }) => path),
    depth: deep ? 'deep' : 'tables',
    isLive,
    clock: systemClock,
    onProgress: (share, mediaMs) => progress.tell(share, mediaMs),
  };
}

function reportJson({ findings, holder, mended, left }: Report): object {
  const problem = (one: Problem) => ({
    kind: one.kind,
    volume: one.volume?.path,
    path: one.path,
    message: one.message,
  });
  return {
    ok: left.length === 0,
    inUseBy: holder,
    recordings: findings.recordings,
    mediaSeconds: Math.round(findings.mediaMs / 1000),
    problems: findings.problems.map((one) => ({ ...problem(one), ...mended.get(one) })),
    left: left.map(problem),
    notices: findings.notices,
  };
}

function reportText(
  { findings, holder, mended, left }: Report,
  { repair: isRepair }: CheckArchiveOptions,
): string {
  const { problems, notices, recordings, mediaMs } = findings;
  const lines = [
    ...notices.map(({ path, message }) => `note: ${path}: ${message}`),
    ...problems.flatMap((one) => describeProblem(one, mended.get(one))),
    ...(isRepair ? left.filter((one) => !problems.some((other) => isSame(one, other))) : []).map(
      (one) => `new: ${describeProblem(one, undefined).join('')}`,
    ),
  ];
  const hours = (mediaMs / 3_600_000).toFixed(1);
  const whole = `${recordings} recordings, ${hours} h`;
  lines.push(`${whole}: ${verdict(problems.length, left.length, isRepair)}`);
  if (holder !== undefined) lines.push(`(${holder} is at work here; what it was writing was left out)`);
  return `${lines.join('\n')}\n`;
}

function isSame(a: Problem, b: Problem): boolean {
  return a.kind === b.kind && a.path === b.path && a.volume?.path === b.volume?.path;
}

function describeProblem({ kind, volume, path, message }: Problem, mended: Mended | undefined): string[] {
  const place = volume === undefined ? path : join(volume.path, path);
  return [
    `${kind}: ${place}: ${message}`,
    ...(mended === undefined ? [] : [`  ${mended.outcome}: ${mended.message}`]),
  ];
}

function verdict(found: number, left: number, isRepair: boolean): string {
  if (found === 0) return 'all is well';
  const problems = `${found} ${found === 1 ? 'problem' : 'problems'}`;
  if (!isRepair) return `${problems}; --repair mends what can be mended`;
  return left === 0 ? `${problems}, all mended` : `${problems}, ${left} left`;
}
