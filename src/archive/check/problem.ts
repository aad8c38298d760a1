import type { VolumeRecord } from '../../db/records.ts';

/**
 * What can be wrong with an archive.
 *
 * Files:
 * - `torn-tail`: something follows the last whole fragment, as a kill or a power cut leaves it;
 * - `cut-short`: the file is shorter than the index says; `empty-file`: it holds no picture;
 * - `damaged-header`, `damaged-fragment`: bytes are not those that were written; `unreadable-file`: it is no recording;
 * - `leftover`: an unfinished file that was to be renamed.
 *
 * Sidecars: `missing-sidecar`; `damaged-sidecar`, also one that contradicts its recording; `unfinished-sidecar`, which does not tell
 * the end; `orphan-sidecar`, without a recording.
 *
 * The index:
 * - `missing-index`, `damaged-index`: SQLite cannot read it, or finds it inconsistent;
 * - `missing-row`: a file it does not know; `missing-file`: a row whose file is gone; `bad-path`: a row that can name no file of ours;
 * - `wrong-size`, `wrong-times`, `wrong-fragments`, `wrong-description`: a row that says something else than its file;
 * - `left-open`: a row that waits for a recorder that does not run; `doubled`: the same footage in two files;
 * - `missing-run`, `missing-event`: what a file or sidecar tells and it does not know;
 * - `unfinished-garbage`: files that were to be deleted; `wrong-sums`: what it derives from segments is not what follows from them.
 *
 * Volumes: `identity`: its identity cannot be read, is missing though recordings are there, or is that of another one.
 */
export type ProblemKind =
  | 'torn-tail'
  | 'cut-short'
  | 'empty-file'
  | 'damaged-header'
  | 'damaged-fragment'
  | 'unreadable-file'
  | 'leftover'
  | 'missing-sidecar'
  | 'damaged-sidecar'
  | 'unfinished-sidecar'
  | 'orphan-sidecar'
  | 'missing-index'
  | 'damaged-index'
  | 'missing-row'
  | 'missing-file'
  | 'bad-path'
  | 'wrong-size'
  | 'wrong-times'
  | 'wrong-fragments'
  | 'wrong-description'
  | 'left-open'
  | 'doubled'
  | 'missing-run'
  | 'missing-event'
  | 'unfinished-garbage'
  | 'wrong-sums'
  | 'identity';

/** Something wrong, in one place. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Undefined for the index. */
  readonly volume: VolumeRecord | undefined;
  /** Below the volume's folder; the index's path for a problem of it. Empty for the volume itself. */
  readonly path: string;
  /** What was found, for people. */
  readonly message: string;
}

/**
 * Something that is told and is no problem: `foreign` files, a `missing-volume`, an `overlap` of recordings that differ.
 */
export interface Notice {
  readonly kind: 'foreign' | 'missing-volume' | 'overlap';
  readonly path: string;
  readonly message: string;
}
