import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describeError } from '../base/error.ts';
import type { Config } from '../config/config.ts';
import { FILES_ELSEWHERE, isFileAddress } from '../config/camera-address.ts';
import { editDocument, EditError, type DocumentEdit, type WrittenValue } from '../config/edit-document.ts';
import { parseConfigDocument } from '../config/document.ts';
import { loadConfig, loadWritten, type ConfigSources } from '../config/load.ts';
import type { Located } from '../config/located.ts';
import { ConfigError } from '../config/problem.ts';
import { keepLogin } from './keep-login.ts';
import { SettingsError } from './settings-error.ts';

/** What may be changed over the network: nothing that names paths or programs of the machine. */
const CHANGEABLE: ReadonlySet<string> = new Set(['cameras', 'event', 'motion', 'retention']);
const CHANGEABLE_OF_WEB: ReadonlySet<string> = new Set([
  'listen',
  'port',
  'encryption',
  'basePath',
  'trustedProxies',
]);

/** The configuration as it stands, for whoever changes it. */
export interface Settings {
  /** Tells the file's content from any other. */
  readonly version: string;
  /** Why the file cannot be written; undefined where it can. */
  readonly readOnly: string | undefined;
  readonly config: Config;
  /** Options that another source than the file decides: changing the file would not change them. */
  readonly elsewhere: readonly Elsewhere[];
}

export interface Elsewhere {
  readonly path: readonly string[];
  /** A file, a variable or a flag. */
  readonly source: string;
}

/** The file of the configuration, read and changed while others may do so too: by hand, for example. */
export class SettingsFile {
  readonly #sources: ConfigSources;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(sources: ConfigSources) {
    this.#sources = sources;
  }

  /** @throws ConfigError while it cannot be used. */
  async read(): Promise<Settings> {
    const text = await readFile(this.#sources.path, 'utf8');
    const sources = { ...this.#sources, text };
    return {
      version: versionOf(text),
      readOnly: await whyReadOnly(this.#sources.path),
      config: await loadConfig(sources),
      elsewhere: [...elsewhere(await loadWritten(sources), this.#sources.path)],
    };
  }

  /**
   * Changes the file, all at once or not at all; what then could not be used is not written. The recorder sees it by itself.
   * @param version of the file for which the changes were made.
   * @returns the version that it then has.
   * @throws SettingsError
   */
  async change(edits: readonly DocumentEdit[], version: string): Promise<string> {
    const changed = this.#changing.then(() => this.#change(edits, version));
    this.#changing = changed.catch(() => undefined);
    return await changed;
  }

  /**
   * What would hold with these changes. Nothing is written.
   * @throws SettingsError `refused` where they cannot be used.
   */
  async preview(edits: readonly DocumentEdit[]): Promise<Config> {
    refuseBeyondSettings(edits);
    const { path } = this.#sources;
    const before = await readFile(path, 'utf8');
    return await this.#usable(edited(before, keepLogin(edits, parseConfigDocument(before, path).root)));
  }

  async #change(edits: readonly DocumentEdit[], version: string): Promise<string> {
    const path = await realpath(this.#sources.path);
    const readOnly = await whyReadOnly(path);
    if (readOnly !== undefined) throw new SettingsError('read-only', readOnly);
    const text = await this.textWith(edits, version);
    if (versionOf(text) === version) return version;
    await replaceKeepingOwner(path, text, async () => requireVersion(await readFile(path, 'utf8'), version));
    return versionOf(text);
  }

  /**
   * What the file would hold with changes, which is not written: passwords, too.
   * @param version of the file for which the changes were made.
   * @throws SettingsError where it could not be used.
   */
  async textWith(edits: readonly DocumentEdit[], version: string): Promise<string> {
    refuseBeyondSettings(edits);
    const { path } = this.#sources;
    const before = await readFile(path, 'utf8');
    requireVersion(before, version);
    const text = edited(before, keepLogin(edits, parseConfigDocument(before, path).root));
    if (text !== before) await this.#usable(text);
    return text;
  }

  /** The configuration with this text in the file. @throws SettingsError `refused` where there is none. */
  async #usable(text: string): Promise<Config> {
    return await loadConfig({ ...this.#sources, text }).catch((error: unknown) => {
      if (!(error instanceof ConfigError)) throw error;
      const [first] = error.problems;
      const field = first?.path?.join('.');
      const expected = first?.expected;
      throw new SettingsError('refused', first?.message ?? error.message, {
        cause: error,
        ...(field === undefined ? {} : { field }),
        ...(expected === undefined ? {} : { expected }),
      });
    });
  }
}

function edited(text: string, edits: readonly DocumentEdit[]): string {
  try {
    return editDocument(text, edits);
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    throw new SettingsError('refused', error.message, { field: error.path.join('.'), cause: error });
  }
}

function requireVersion(text: string, version: string): void {
  if (versionOf(text) === version) return;
  throw new SettingsError(
    'changed-meanwhile',
    'The configuration was changed meanwhile, by hand or by somebody else: look at it again, then change it.',
  );
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

async function whyReadOnly(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    // Root may write everything; that nobody may is meant.
    if ((mode & 0o222) === 0) return `${path} is write-protected.`;
    await access(path, constants.W_OK);
    await access(dirname(await realpath(path)), constants.W_OK);
    return undefined;
  } catch (error) {
    return `${path} cannot be written by the user of the recorder: ${describeError(error)}`;
  }
}

/** @param lookAgain called last, before the file is replaced; throws where it must not be. */
async function replaceKeepingOwner(
  path: string,
  text: string,
  lookAgain: () => Promise<void>,
): Promise<void> {
  const { mode, uid, gid } = await stat(path);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.new`);
  try {
    await using file = await open(temporary, 'wx', 0o600);
    await file.writeFile(text);
    await file.chown(uid, gid);
    await file.chmod(mode & 0o7777);
    await file.sync();
    await lookAgain();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof SettingsError) throw error;
    throw new SettingsError('read-only', `${path} cannot be written: ${describeError(error)}`, {
      cause: error,
    });
  }
  await using folder = await open(dirname(path), 'r');
  await folder.sync();
}

function* elsewhere(located: Located, file: string, path: readonly string[] = []): Generator<Elsewhere> {
  if (located.kind === 'map') {
    for (const [key, { value }] of located.entries) yield* elsewhere(value, file, [...path, key]);
  } else if (located.place.source !== file) yield { path, source: located.place.source };
}

function refuseBeyondSettings(edits: readonly DocumentEdit[]): void {
  for (const edit of edits) {
    const field = edit.path.join('.');
    if (!isChangeable(edit))
      throw new SettingsError('refused', `${field}: cannot be changed here; change it in the file`, {
        field,
      });
    // A password that is read from elsewhere would send a file of this machine to a camera.
    if (edit.kind === 'set' && namesPasswordSource(edit.path, edit.value))
      throw new SettingsError('refused', `${field}: expected a password as text`, { field });
    if (edit.kind === 'set') refuseFiles(edit.path, edit.value);
  }
}

function isChangeable({ path: [section = '', key] }: DocumentEdit): boolean {
  if (key === undefined) return false;
  return section === 'web' ? CHANGEABLE_OF_WEB.has(key) : CHANGEABLE.has(section);
}

/** A file of this machine can be a camera, but not because somebody on the network says so. */
function refuseFiles(path: readonly string[], value: WrittenValue): void {
  const [section, , key] = path;
  if (section !== 'cameras') return;
  const written =
    path.length === 2 ? (value as Readonly<Record<string, unknown>> | null) : { [key ?? '']: value };
  for (const name of ['url', 'subUrl']) {
    const address = written?.[name];
    if (typeof address !== 'string' || !isFileAddress(address)) continue;
    const field = ['cameras', path[1], name].join('.');
    throw new SettingsError('refused', `${field}: ${FILES_ELSEWHERE}`, { field });
  }
}

function namesPasswordSource(path: readonly string[], value: WrittenValue): boolean {
  if (path[0] !== 'cameras') return false;
  const isBelow = path.length > 3 && path[2] === 'password';
  if (isBelow || path.length > 3) return isBelow;
  const nested: unknown = path.length === 2 ? (value as { password?: unknown } | null)?.password : undefined;
  const written = path.length === 3 && path[2] === 'password' ? value : nested;
  return written !== undefined && typeof written !== 'string';
}
