import type { Clock } from '../../base/clock.ts';
import { describeError } from '../../base/error.ts';
import { accessTo, type IndexAccess } from '../../db/index-access.ts';
import { IndexError } from '../../db/index-error.ts';
import type { VolumeRecord } from '../../db/records.ts';
import { openIndex, type OpenedIndex } from '../open-index.ts';
import { checkArchive } from './check-archive.ts';
import type { CheckContext } from './check-context.ts';
import type { CheckDepth } from './check-fragments.ts';
import { findVolumes } from './find-volumes.ts';
import type { Notice, Problem } from './problem.ts';

export interface ArchivePlace {
  readonly indexPath: string;
  /** The volumes' folders, absolute. */
  readonly volumePaths: readonly string[];
}

export interface Examination extends ArchivePlace {
  readonly depth: CheckDepth;
  /** A recorder is at work in it. */
  readonly isLive: boolean;
  readonly clock: Clock;
  /** @param share of the recordings that the index knows; undefined where it knows none. */
  readonly onProgress: (share: number | undefined, mediaMs: number) => void;
}

/** What a look at a whole archive has found. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
  /** Those that are there. */
  readonly volumes: readonly VolumeRecord[];
  readonly recordings: number;
  readonly mediaMs: number;
}

/**
 * Finds everything that is wrong with an archive, and changes nothing.
 * @throws an error of the system when something cannot be read; IndexError `locked`, `newer` or `io`; the signal's reason.
 */
export async function examineArchive(examination: Examination, signal: AbortSignal): Promise<Findings> {
  const { indexPath, volumePaths, depth, isLive, clock, onProgress } = examination;
  const opened = openIndex(indexPath);
  try {
    const { index, known, damage } = await lookInto(opened);
    const { volumes, ...found } = await findVolumes(volumePaths, known.volumes, signal);
    const problems = new Map<string, Problem>();
    const addProblem = (problem: Problem) => void problems.set(JSON.stringify(problem), problem);
    const notices = [...found.notices];
    let recordings = 0;
    let mediaMs = 0;
    const listener = {
      problem: addProblem,
      notice: (notice: Notice) => void notices.push(notice),
      checked(ms: number) {
        recordings += 1;
        mediaMs += ms;
        onProgress(known.segments === 0 ? undefined : recordings / known.segments, mediaMs);
      },
    };
    found.problems.forEach(addProblem);
    if (damage !== undefined) addProblem(indexProblem(indexPath, 'damaged-index', damage));
    const context: CheckContext = { index, depth, isLive, clock, listener, signal };
    await checkArchive(context, { indexPath, volumes });
    // Where nothing was recorded yet, there is none.
    if (opened.kind === 'missing' && recordings > 0) {
      addProblem(indexProblem(indexPath, 'missing-index', 'there is none'));
    }
    return { problems: [...problems.values()], notices, volumes, recordings, mediaMs };
  } finally {
    if (opened.kind === 'open') opened.index.close();
  }
}

interface Insight {
  /** Undefined where it cannot be asked. */
  readonly index: IndexAccess | undefined;
  readonly known: { readonly volumes: readonly VolumeRecord[]; readonly segments: number };
  readonly damage: string | undefined;
}

async function lookInto(opened: OpenedIndex): Promise<Insight> {
  const nothing = { index: undefined, known: { volumes: [], segments: 0 } };
  if (opened.kind !== 'open') {
    return { ...nothing, damage: opened.kind === 'damaged' ? opened.message : undefined };
  }
  const index = accessTo(opened.index);
  try {
    const segments = (await index.usage()).reduce((sum, usage) => sum + usage.segments, 0);
    return { index, known: { volumes: await index.volumes(), segments }, damage: undefined };
  } catch (error) {
    if (!(error instanceof IndexError) || error.kind !== 'damaged') throw error;
    return { ...nothing, damage: describeError(error) };
  }
}

function indexProblem(path: string, kind: Problem['kind'], message: string): Problem {
  return { kind, volume: undefined, path, message };
}
