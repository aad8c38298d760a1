import { PrerollError } from '../base/error.ts';
import type { WallMs } from '../base/time.ts';
import type { FileKey, VolumeRecord } from '../db/records.ts';
import { ArchivePath, type ArchiveFile, type ArchivePathOptions } from './archive-path.ts';
import { IDENTITY_FILE, readIdentity, writeIdentity } from './volume-identity.ts';

/** A volume that should be there is not: its disk is taken for unmounted, and nothing is written to its folder. */
export class MissingVolumeError extends PrerollError {
  readonly kind = 'missing';
}

export type FileNaming = Omit<ArchivePathOptions, 'root'>;

export interface VolumeOptions {
  /** Its folder, absolute. */
  readonly path: string;
  /** Whether that folder has been a volume before. */
  readonly isKnown: boolean;
  readonly naming: FileNaming;
}

/** A new, empty file of the archive, opened for writing. */
export interface VolumeFile extends Pick<ArchiveFile, 'handle' | 'path'> {
  readonly key: FileKey;
}

/** A folder of the archive. Nothing is written to it before its identity was seen. */
export class Volume {
  readonly path: string;
  readonly #archivePath: ArchivePath;
  #isKnown: boolean;
  #finding: Promise<VolumeRecord> | undefined;

  constructor({ path, isKnown, naming }: VolumeOptions) {
    this.path = path;
    this.#isKnown = isKnown;
    this.#archivePath = new ArchivePath({ root: path, ...naming });
  }

  /**
   * Looks whether it is there. A folder that was never used becomes a volume now, and so does one in which somebody
   * put an empty file in the place of the identity.
   * @throws MissingVolumeError, IdentityError, an error of the system.
   */
  find(): Promise<VolumeRecord> {
    // One look at a time: two at once would give a new volume two identities.
    this.#finding ??= this.#find().finally(() => {
      this.#finding = undefined;
    });
    return this.#finding;
  }

  /**
   * Creates the file of a recording. To be called with what `find` has just given.
   * @throws ArchivePathError.
   */
  async create({ id }: VolumeRecord, camera: string, start: WallMs): Promise<VolumeFile> {
    const { handle, path, relativePath } = await this.#archivePath.create(camera, start);
    return { handle, path, key: { volume: id, path: relativePath } };
  }

  async #find(): Promise<VolumeRecord> {
    const { path } = this;
    const found = await readIdentity(path);
    if (found.kind === 'none' && this.#isKnown) {
      throw new MissingVolumeError(
        `${path}: expected a volume, found no ${IDENTITY_FILE}: is the disk mounted? ` +
          'A new disk is taken in its place once it has an empty file of that name',
      );
    }
    const id = found.kind === 'volume' ? found.id : await writeIdentity(path);
    this.#isKnown = true;
    return { id, path };
  }
}
