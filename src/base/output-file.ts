import { closeSync, openSync, renameSync, rmSync, statSync, type Stats } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { PrerollError } from './error.ts';

/** A file that cannot be made: `exists`, or its folder does not take it. */
export class OutputError extends PrerollError {
  readonly kind: 'exists' | 'folder';

  constructor(kind: 'exists' | 'folder', message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** A file in the making: it has its name once it is whole, and is gone when it does not become so. */
export class OutputFile implements Disposable {
  /** Its name when it is whole. */
  readonly path: string;
  /** Where to write meanwhile: an empty file. */
  readonly partPath: string;
  readonly #isReplaced: boolean;

  /**
   * @param isReplaced whether a file of that name may be replaced.
   * @throws OutputError
   */
  constructor(path: string, isReplaced: boolean) {
    this.path = path;
    this.#isReplaced = isReplaced;
    this.partPath = `${path}.${randomBytes(4).toString('hex')}.part`;
    requireFree(path, isReplaced);
    try {
      closeSync(openSync(this.partPath, 'wx'));
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** It is whole. @throws OutputError when somebody else made a file of that name meanwhile. */
  complete(): void {
    requireFree(this.path, this.#isReplaced);
    renameSync(this.partPath, this.path);
  }

  [Symbol.dispose](): void {
    rmSync(this.partPath, { force: true });
  }
}

/**
 * @throws OutputError `exists` for a file that is there and may not be replaced, and for what is no file, such as a device; `folder`
 *   where it cannot be looked up.
 */
export function requireFree(path: string, isReplaced: boolean): void {
  const found = find(path);
  if (found === undefined) return;
  if (!found.isFile()) {
    throw new OutputError('exists', `${path}: is no file, and is not replaced; give the name of one`);
  }
  if (!isReplaced) throw new OutputError('exists', `${path}: exists already; --force replaces it`);
}

/** @throws OutputError */
function find(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, cause: unknown): OutputError {
  return new OutputError('folder', `${path}: cannot be written`, { cause });
}
