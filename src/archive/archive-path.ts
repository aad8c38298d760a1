import { lstat, mkdir, open, realpath, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { describeError, PrerollError, systemCode } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { WallMs } from '../base/time.ts';
import {
  expandFolder,
  folderProblem,
  timeFields,
  type FolderTemplate,
  type TimeZone,
} from '../config/folder-template.ts';
import type { FolderFunction } from './folder-module.ts';
import { isBelow } from './is-below.ts';
import { syncFolder } from './sync-folder.ts';

/** Files of one camera that begin in the same second, beyond which something is wrong. */
const MOST_TWINS = 1_000;

const MOST_ATTEMPTS = 5;

export type ArchivePathErrorKind = 'folder' | 'create';

/** A file of the archive could not be made. `folder`: its folder would lie outside, or is not a folder. */
export class ArchivePathError extends PrerollError {
  readonly kind: ArchivePathErrorKind;

  constructor(kind: ArchivePathErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}

export interface ArchivePathOptions {
  /** The folder of a volume, which is there: an unmounted disk is not to be made up for by folders of other disks. */
  readonly root: string;
  readonly template: FolderTemplate;
  /** Names sub-folders instead of the template, which serves when it fails. */
  readonly folderFunction?: FolderFunction;
  readonly timeZone: TimeZone;
  readonly log: Log;
}

/** A new, empty file that was opened for writing; whoever asked for it closes it. */
export interface ArchiveFile {
  readonly handle: FileHandle;
  /** Absolute. */
  readonly path: string;
  /** Below the archive's folder, with `/` between its parts on every system. */
  readonly relativePath: string;
}

/** Names and creates the archive's files: `<root>/<camera>/<sub-folder>/<hh-mm-ss>.mp4`. */
export class ArchivePath {
  readonly #options: ArchivePathOptions;
  #wasFolderProblemTold = false;

  constructor(options: ArchivePathOptions) {
    this.#options = options;
  }

  /**
   * Creates the file of a recording. A name that is taken gets `-2`, `-3` and so on; no file is ever overwritten.
   * New folders below the archive's are on disk when this returns; the file's own entry is for the caller to sync.
   * @param camera its name, as checked by the configuration.
   * @param start the recording's first moment.
   * @throws ArchivePathError.
   */
  async create(camera: string, start: WallMs): Promise<ArchiveFile> {
    const problem = folderProblem(camera);
    if (problem !== undefined || camera.includes('/')) {
      throw new ArchivePathError(
        'folder',
        `the folder of a camera: expected a name, found ${problem ?? 'a path'}`,
      );
    }
    const root = await this.#realRoot();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const folder = await this.#folder(root, camera, start);
        return await this.#createFile(root, folder, start);
      } catch (error) {
        // Retention removes folders that it has emptied, this one maybe just now.
        if (systemCode(error) !== 'ENOENT' || attempt === MOST_ATTEMPTS) throw error;
      }
    }
  }

  async #realRoot(): Promise<string> {
    const { root } = this.#options;
    try {
      return await realpath(root);
    } catch (error) {
      throw new ArchivePathError('create', `the archive ${root} could not be entered`, error);
    }
  }

  /** The folder the user's function asks for, or the template's where that cannot be. */
  async #folder(root: string, camera: string, start: WallMs): Promise<string> {
    const { template, timeZone, folderFunction } = this.#options;
    if (folderFunction !== undefined) {
      try {
        return await enterFolder(root, [camera, ...askFunction(folderFunction, camera, start)]);
      } catch (error) {
        // Whatever went wrong, the template's folder may still do; if not, its own error tells.
        this.#tellOnce(camera, error);
      }
    }
    const folder = expandFolder(template, timeFields(start, timeZone));
    return await enterFolder(root, [camera, ...(folder === '' ? [] : folder.split('/'))]);
  }

  #tellOnce(camera: string, error: unknown): void {
    if (this.#wasFolderProblemTold) return;
    this.#wasFolderProblemTold = true;
    const message =
      'the sub-folder of archive.folderModule cannot be used, the one of archive.folder serves instead';
    this.#options.log.error(message, { camera, error: describeError(error) });
  }

  async #createFile(root: string, folder: string, start: WallMs): Promise<ArchiveFile> {
    const { hh, mi, ss } = timeFields(start, this.#options.timeZone);
    for (let twin = 1; twin <= MOST_TWINS; twin += 1) {
      const path = join(folder, `${hh}-${mi}-${ss}${twin === 1 ? '' : `-${twin}`}.mp4`);
      try {
        const handle = await open(path, 'wx', 0o640);
        return { handle, path, relativePath: relative(root, path).replaceAll(sep, '/') };
      } catch (error) {
        if (codeOf(error) !== 'EEXIST')
          throw new ArchivePathError('create', `${path} could not be created`, error);
      }
    }
    throw new ArchivePathError(
      'create',
      `${folder}: expected a free name for ${hh}-${mi}-${ss}, found ${MOST_TWINS} files`,
    );
  }
}

/** @returns the parts of the sub-folder that the user's function names. */
function askFunction(folderFunction: FolderFunction, camera: string, start: WallMs): readonly string[] {
  let answer: unknown;
  try {
    answer = folderFunction(new Date(start), camera);
  } catch (error) {
    throw new ArchivePathError('folder', 'archive.folderModule: its function threw', error);
  }
  if (answer === null) return [];
  if (answer instanceof Promise) {
    // Nobody waits for it: its rejection must not end the process.
    answer.catch(() => undefined);
    throw new ArchivePathError('folder', 'archive.folderModule: expected a text or null, found a promise');
  }
  if (typeof answer !== 'string') {
    throw new ArchivePathError(
      'folder',
      `archive.folderModule: expected a text or null, found a value of type ${typeof answer}`,
    );
  }
  const problem = folderProblem(answer);
  if (problem === undefined) return answer.split('/');
  throw new ArchivePathError('folder', `archive.folderModule: expected a sub-folder, found ${problem}`);
}

/**
 * Makes the folders one by one, following no link that leaves the archive: nothing is made outside of it either.
 * @returns the real path of the last one.
 */
export async function enterFolder(root: string, parts: readonly string[]): Promise<string> {
  let folder = root;
  for (const part of parts) {
    const next = join(folder, part);
    await makeFolder(next);
    folder = await followLink(next);
    if (!isBelow(root, folder)) {
      throw new ArchivePathError(
        'folder',
        `${next}: expected a folder in the archive, found a link that leads out of it`,
      );
    }
    if (!(await lstat(folder)).isDirectory()) {
      throw new ArchivePathError('folder', `${next}: expected a folder, found something else`);
    }
  }
  return folder;
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
    await syncFolder(dirname(path));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    throw new ArchivePathError('create', `the folder ${path} could not be made`, error);
  }
}

async function followLink(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw new ArchivePathError(
      'folder',
      `${path}: expected a folder, found a link that leads nowhere`,
      error,
    );
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
