import { link, lstat, open, readFile, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { PrerollError, systemCode } from '../base/error.ts';
import { JoinedSignal } from '../base/joined-signal.ts';
import type { SegmentSummary } from '../db/archive-index.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { enterFolder } from './archive-path.ts';
import { collectGarbage } from './collect-garbage.ts';
import { copyRecording } from './copy-recording.ts';
import type { MountedVolume } from './mounted-volume.ts';
import { findOwnedFile } from './owned-file.ts';
import { replaceFile } from './replace-file.ts';
import { sidecarPath } from './sidecar.ts';
import { syncFolder } from './sync-folder.ts';

/** What moving asks of the index. */
export interface MoverIndex extends Pick<IndexAccess, 'oldestSegments' | 'usage' | 'garbage' | 'apply'> {
  /** Waits until all that was told is committed. */
  flush(signal: AbortSignal): Promise<void>;
}

/** A recording could not be moved: `missing`, its file is not there; `name`, no name is free for it. */
export class MoveError extends PrerollError {
  readonly kind: 'missing' | 'name';

  constructor(kind: MoveError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface Move {
  readonly segment: SegmentSummary;
  readonly from: MountedVolume;
  readonly to: MountedVolume;
  /** Breaks off copying; what the index has to decide is waited for. */
  readonly hurry: AbortSignal;
}

/** Recordings of one name, beyond which something is wrong. */
const MOST_TWINS = 1_000;
const PORTION_BYTES = 2 ** 20;
/** Of file systems where a file has one name only. */
const NO_SECOND_NAMES: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP', 'EMLINK']);

/**
 * Moves a recording to the same folder of another volume: copied, verified and on disk before the index is told, and
 * deleted from its old place only then. Broken off anywhere, it can be begun anew: the copy replaces what was left.
 * @returns what of the original could not be deleted.
 * @throws MoveError, CopyError, ArchivePathError; an error of the system; a signal's reason; whatever the index throws.
 */
export async function moveRecording(
  index: MoverIndex,
  clock: Clock,
  { segment, from, to, hurry }: Move,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { volume, path } = segment;
  const source = await findOwnedFile(from.path, path);
  if (source.kind !== 'file') {
    throw new MoveError('missing', `${join(from.path, path)}: expected a recording to move, found none`);
  }
  const root = await realpath(to.path);
  const folder = await enterFolder(root, dirname(path).split('/'));
  const unfinished = join(folder, `${basename(path)}.new`);
  using either = new JoinedSignal(hurry, signal);
  await copyRecording(source.path, unfinished, clock, either.signal);
  const copy = await nameCopy(unfinished, basename(path));
  await copySidecar(source.path, copy);
  await syncFolder(folder);
  const copyKey = { volume: to.id, path: relative(root, copy).replaceAll(sep, '/') };
  try {
    await index.apply([{ type: 'moved', from: { volume, path }, to: copyKey }]);
  } catch {
    // It is told again. Which of the two files is garbage is not decided before: nobody may delete any meanwhile.
    await index.flush(signal);
  }
  const garbage = (await index.garbage()).filter((file) => file.volume === volume && file.path === path);
  return await collectGarbage(index, garbage, [from], signal);
}

/**
 * Gives a copy its recording's own name or, where that is taken, with `-2`, `-3` and so on: nothing that is there is replaced.
 * What is the same is the copy of a move that was broken off, and takes its place.
 * @returns its path.
 */
async function nameCopy(unfinished: string, name: string): Promise<string> {
  const [, stem = '', number = '1'] = /^(\d\d-\d\d-\d\d)(?:-(\d+))?\.mp4$/.exec(name) ?? [];
  for (let twin = Number(number); twin <= MOST_TWINS; twin += 1) {
    const path = join(dirname(unfinished), twin === Number(number) ? name : `${stem}-${twin}.mp4`);
    try {
      await renameWithoutReplacing(unfinished, path);
      return path;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
      if (await areSame(unfinished, path)) {
        await unlink(unfinished);
        return path;
      }
    }
    if (stem === '') break;
  }
  throw new MoveError('name', `${dirname(unfinished)}: expected a free name for ${name}, found none`);
}

/** @throws an error of the system; `EEXIST` where the name is taken. */
async function renameWithoutReplacing(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await unlink(from);
  } catch (error) {
    if (!NO_SECOND_NAMES.has(systemCode(error) ?? '')) throw error;
    // Such as exFAT: nobody else makes a file of this name in between.
    const isTaken = await lstat(to).then(
      () => true,
      () => false,
    );
    if (isTaken) throw Object.assign(new Error(`${to} exists`), { code: 'EEXIST', syscall: 'link' });
    await rename(from, to);
  }
}

async function areSame(path: string, other: string): Promise<boolean> {
  await using first = await open(path, 'r');
  await using second = await open(other, 'r');
  const [a, b] = [await first.stat(), await second.stat()];
  if (a.size !== b.size) return false;
  for (let at = 0; at < a.size; at += PORTION_BYTES) {
    const portions = [first, second].map(async (file) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(PORTION_BYTES), 0, PORTION_BYTES, at);
      return buffer.subarray(0, bytesRead);
    });
    const [one, two] = await Promise.all(portions);
    if (one === undefined || two === undefined || !one.equals(two)) return false;
  }
  return true;
}

/** Nothing where there is none. It names its recording. */
async function copySidecar(from: string, to: string): Promise<void> {
  const text = await readFile(sidecarPath(from), 'utf8').catch(undefinedIfMissing);
  if (text === undefined) return;
  await replaceFile(sidecarPath(to), basename(from) === basename(to) ? text : renamed(text, basename(to)));
}

/** What is no sidecar stays as it is. */
function renamed(text: string, file: string): string {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content !== 'object' || content === null) return text;
    return `${JSON.stringify({ ...content, file }, undefined, 2)}\n`;
  } catch {
    return text;
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (systemCode(error) === 'ENOENT') return undefined;
  throw error;
}
