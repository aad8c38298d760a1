import { pathToFileURL } from 'node:url';
import { PrerollError } from '../base/error.ts';

/**
 * The default export of the module `archive.folderModule`: names the sub-folder of a recording below its camera's
 * folder, with `/` between parts; null for none. The date is the recording's first moment.
 */
export type FolderFunction = (date: Date, camera: string) => string | null;

/** `archive.folderModule` could not be loaded, or does not export a function. */
export class FolderModuleError extends PrerollError {
  readonly kind = 'module';
}

/**
 * Loads the user's module. What its function returns is checked at each use (`ArchivePath`).
 * @param path absolute.
 * @throws FolderModuleError.
 */
export async function loadFolderModule(path: string): Promise<FolderFunction> {
  let loaded: { readonly default?: unknown };
  try {
    // A module's namespace is an object whose members are unknown.
    loaded = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  } catch (error) {
    throw new FolderModuleError(`archive.folderModule: ${path} could not be loaded`, { cause: error });
  }
  if (typeof loaded.default === 'function') {
    // Only calling it can tell what it returns, which its caller does and checks.
    return loaded.default as FolderFunction;
  }
  throw new FolderModuleError(
    `archive.folderModule: ${path}: expected a function as default export, found ${typeof loaded.default}`,
  );
}
