import { accessTo, type IndexAccess } from '../../db/index-access.ts';
import type { Log } from '../../base/log.ts';
import type { VolumeRecord } from '../../db/records.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { openIndex } from '../open-index.ts';
import { rebuildIndex } from '../rebuild-index.ts';
import { examineArchive, type Examination, type Findings } from './examine-archive.ts';
import { findVolumes, restoreIdentities } from './find-volumes.ts';
import { mendProblems, type DamagedFile, type Mended } from './mend-problem.ts';
import type { Problem, ProblemKind } from './problem.ts';

export interface RepairedArchive {
  readonly before: Findings;
  /** What became of each problem of `before`. */
  readonly mended: ReadonlyMap<Problem, Mended>;
  /** A second look, when anything was mended; else the first. */
  readonly after: Findings;
}

/** Those that only a new index mends. */
const INDEX_PROBLEMS: readonly ProblemKind[] = ['missing-index', 'damaged-index', 'wrong-sums'];

/**
 * Finds what is wrong with an archive and mends it. Nothing is deleted that can be played; what cannot be mended is set aside.
 * Nobody else may be at work in it.
 * @throws as `examineArchive`.
 */
export async function repairArchive(
  examination: Examination,
  log: Log,
  signal: AbortSignal,
): Promise<RepairedArchive> {
  const before = await examineArchive(examination, signal);
  const { problems } = before;
  if (problems.length === 0) return { before, mended: new Map(), after: before };
  const restored = await restoreIdentities(problems);
  const needsIndex = problems.some(({ kind }) => INDEX_PROBLEMS.includes(kind));
  if (needsIndex || restored.length > 0) await rebuild(examination, log, signal);
  const mended = new Map(await mendFiles(examination, before, signal));
  const after = await examineArchive(examination, signal);
  const left = new Set(after.problems.map(nameOf));
  for (const problem of problems) {
    if (mended.has(problem)) continue;
    mended.set(
      problem,
      left.has(nameOf(problem))
        ? { outcome: 'left', message: 'it is as it was' }
        : { outcome: 'mended', message: 'made anew' },
    );
  }
  return { before, mended, after };
}

function nameOf({ kind, path, volume }: Problem): string {
  return JSON.stringify([kind, volume?.path, path]);
}

async function rebuild(
  { indexPath, volumePaths, clock }: Examination,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const opened = openIndex(indexPath);
  if (opened.kind === 'open') opened.index.close();
  const { volumes } = await findVolumes(volumePaths, [], signal);
  const options = { indexPath, volumes, clock, log, onFile: () => undefined };
  await rebuildIndex(options, opened.kind !== 'missing', signal);
}

async function mendFiles(
  { indexPath }: Examination,
  { problems, volumes }: Findings,
  signal: AbortSignal,
): Promise<ReadonlyMap<Problem, Mended>> {
  const mended = new Map<Problem, Mended>();
  const opened = openIndex(indexPath);
  if (opened.kind !== 'open') return mended;
  const index = accessTo(opened.index);
  try {
    for (const file of damagedFiles(problems)) {
      signal.throwIfAborted();
      const outcome = await mendProblems(index, file);
      for (const problem of file.problems) mended.set(problem, outcome);
    }
    const garbage = problems.find(({ kind }) => kind === 'unfinished-garbage');
    if (garbage !== undefined) mended.set(garbage, await deleteGarbage(index, volumes, signal));
    return mended;
  } finally {
    opened.index.close();
  }
}

function damagedFiles(problems: readonly Problem[]): Iterable<DamagedFile> {
  const files = new Map<string, DamagedFile & { readonly problems: Problem[] }>();
  for (const problem of problems) {
    const { volume, path } = problem;
    if (volume === undefined || problem.kind === 'identity') continue;
    const name = `${volume.path}/${path}`;
    const file = files.get(name);
    if (file === undefined) files.set(name, { volume, path, problems: [problem] });
    else file.problems.push(problem);
  }
  return files.values();
}

async function deleteGarbage(
  index: IndexAccess,
  volumes: readonly VolumeRecord[],
  signal: AbortSignal,
): Promise<Mended> {
  const [failure] = await collectGarbage(index, await index.garbage(), volumes, signal);
  return failure === undefined
    ? { outcome: 'mended', message: 'deleted' }
    : { outcome: 'left', message: failure };
}
