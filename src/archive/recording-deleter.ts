import { describeError } from '../base/error.ts';
import type { FileKey } from '../db/archive-index.ts';
import { collectGarbage, type GarbageIndex } from './collect-garbage.ts';
import { deleteRecording } from './delete-recording.ts';
import type { MountedVolume } from './mounted-volume.ts';
import type { Deletion } from './retention-plan.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * Deletes recordings that a plan names: out of the index first, then from the disk. Only where the index cannot be written
 * and there is no room to record, the files go first, for the index may lie on the very disk that is full: it is told again
 * until it knows, and what is not told because the power fails, start-up finds.
 */
export class RecordingDeleter {
  readonly #index: GarbageIndex;
  /** Deleted before the index knew. */
  readonly #gone = new Set<string>();

  constructor(index: GarbageIndex) {
    this.#index = index;
  }

  /** Whether the index still names a recording that was deleted already. */
  isGone(file: FileKey): boolean {
    return this.#gone.has(nameOf(file));
  }

  /**
   * @returns what could not be deleted, and why.
   * @throws the signal's reason; whatever the index throws.
   */
  async delete(
    deletions: readonly Deletion[],
    mounted: readonly MountedVolume[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const files = deletions.map(({ segment: { volume, path } }) => ({ volume, path }));
    try {
      await this.#index.apply([{ type: 'discard', files, cause: 'retention' }]);
    } catch (error) {
      const urgent = deletions.filter(({ reason }) => reason.rule === 'room');
      if (urgent.length === 0) throw error;
      return await this.#deleteFirst(urgent, mounted);
    }
    this.#gone.clear();
    // Not simply `files`: somebody may have marked one to be kept meanwhile.
    const names = new Set(files.map(nameOf));
    const garbage = (await this.#index.garbage()).filter((file) => names.has(nameOf(file)));
    return await collectGarbage(this.#index, garbage, mounted, signal);
  }

  async #deleteFirst(urgent: readonly Deletion[], mounted: readonly MountedVolume[]): Promise<readonly string[]> {
    const failures: string[] = [];
    for (const { segment } of urgent) {
      const root = mounted.find(({ id }) => id === segment.volume)?.path;
      if (root === undefined) continue;
      try {
        const folder = await deleteRecording(root, segment.path);
        this.#gone.add(nameOf(segment));
        if (folder !== undefined) await syncFolder(folder);
      } catch (error) {
        failures.push(describeError(error));
      }
    }
    return failures;
  }
}

function nameOf({ volume, path }: FileKey): string {
  return `${volume}/${path}`;
}
