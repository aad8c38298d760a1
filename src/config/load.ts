import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve as resolvePath } from 'node:path';
import { describeError } from '../base/error.ts';
import type { Config, ControlConfig } from './config.ts';
import { parseConfigDocument, type ParsedDocument } from './document.ts';
import { dottedPath, explainIssue } from './issue.ts';
import { childNode, isSection, jsonSchema, type SchemaNode } from './json-schema.ts';
import { localPath } from './local-path.ts';
import { mergeLocated, placeOfValue, withoutLocated, type Located } from './located.ts';
import { readEnvironment, readFlags } from './override.ts';
import { ConfigError, type ConfigProblem } from './problem.ts';
import { resolveConfig, resolveControl } from './resolve.ts';
import { configSchema, type ValidConfig } from './schema.ts';

const LONGEST_FILE_BYTES = 2 ** 20;

/** Where configuration comes from, each laid over the one before: file, local file, trials, environment, flags. */
export interface ConfigSources {
  /** Path of `preroll.yaml`. `preroll.local.yaml` beside it is for what differs on this machine; it may be missing. */
  readonly path: string;
  /** What is to stand in that file, in place of what does. */
  readonly text?: string;
  /** Whether that file may be missing too, so that everything has its default. */
  readonly isOptional?: boolean;
  /** Options of those two that do not hold, as paths of keys, of which one may be `EVERY_KEY`. */
  readonly without?: readonly (readonly string[])[];
  /** Paths of files laid over what is left of them, for trying something. */
  readonly trials?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values of `--set`, such as `event.preRoll=8s`. */
  readonly flags: readonly string[];
}

/** What was written, as far as each option by itself can tell that it is good. */
interface Written {
  readonly root: Located;
  readonly valid: ValidConfig;
  /** Of other sources than the files. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads and checks the whole configuration. Writes nothing.
 * @throws ConfigError with all problems that were found.
 */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const { root, valid, ...read } = await readWritten(sources);
  const problems = [...read.problems];
  const config = await resolveConfig(valid, {
    folder: dirname(resolvePath(sources.path)),
    environment: sources.environment,
    report(at, message, expected) {
      problems.push({
        place: placeOfValue(root, at),
        path: at,
        ...(expected === undefined ? {} : { expected }),
        message: `${dottedPath(at)}: ${message}`,
      });
    },
  });
  throwIfAny(problems.toSorted(byLine));
  return config;
}

/** Reads where each option was written. @throws ConfigError */
export async function loadWritten(sources: ConfigSources): Promise<Located> {
  return (await readWritten(sources)).root;
}

/**
 * Reads where the recorder of a configuration can be asked. Needs no secrets, for whoever asks may not have them.
 * @throws ConfigError.
 */
export async function loadControlConfig(sources: ConfigSources): Promise<ControlConfig> {
  const { valid, problems } = await readWritten(sources);
  throwIfAny(problems);
  return resolveControl(valid, dirname(resolvePath(sources.path)));
}

/** @throws ConfigError */
async function readWritten(sources: ConfigSources): Promise<Written> {
  const path = resolvePath(sources.path);
  const schema = jsonSchema();
  const files = [
    sources.text === undefined
      ? await readDocument(path, sources.isOptional === true ? 'optional' : 'required')
      : parseText(sources.text, path),
    await readDocument(localPath(path), 'optional'),
  ];
  const trials = await Promise.all(
    (sources.trials ?? []).map((trial) => readDocument(resolvePath(trial), 'required')),
  );
  // Values of a file that was not understood would give problems that are none.
  throwIfAny([...files, ...trials].flatMap((file) => file.problems));
  const base = files.map((file) => file.root).reduce(mergeLocated);
  const kept = (sources.without ?? []).reduce(withoutLocated, base);
  const written = [kept, ...trials.map((trial) => trial.root)].reduce(mergeLocated);
  const environment = readEnvironment(sources.environment, schema, written);
  const flags = readFlags(sources.flags, schema);
  const root = [...environment.layers, ...flags.layers].reduce(mergeLocated, written);
  const problems = [...environment.problems, ...flags.problems];
  const valid = configSchema.safeParse(toPlain(root, schema));
  if (valid.success) return { root, valid: valid.data, problems };
  problems.push(...valid.error.issues.flatMap((issue) => explainIssue(issue, root, schema)));
  throw new ConfigError(problems.toSorted(byLine));
}

function parseText(text: string, path: string): ParsedDocument {
  const sizeBytes = Buffer.byteLength(text);
  return sizeBytes > LONGEST_FILE_BYTES ? tooLong(path, sizeBytes) : parseConfigDocument(text, path);
}

function tooLong(path: string, sizeBytes: number): ParsedDocument {
  const place = { source: path };
  const message = `expected at most ${LONGEST_FILE_BYTES} bytes, found ${sizeBytes}`;
  return { root: { kind: 'map', place, entries: new Map() }, problems: [{ place, message }] };
}

async function readDocument(path: string, need: 'required' | 'optional'): Promise<ParsedDocument> {
  const place = { source: path };
  const empty: Located = { kind: 'map', place, entries: new Map() };
  const failed = (message: string) => ({ root: empty, problems: [{ place, message }] });
  try {
    const { size } = await stat(path);
    if (size > LONGEST_FILE_BYTES) return tooLong(path, size);
    return parseText(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)), path);
  } catch (error) {
    if (isMissing(error) && need === 'optional') return { root: empty, problems: [] };
    if (isMissing(error)) return failed('expected a configuration file, found none');
    if (error instanceof TypeError) return failed('expected UTF-8 text, found other bytes');
    return failed(`the configuration file could not be read: ${describeError(error)}`);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The bare values. A section of which only the key is written, everything below it commented out, is an empty one. */
function toPlain(located: Located, node: SchemaNode | undefined): unknown {
  if (located.kind === 'scalar') return located.value === null && isSection(node) ? {} : located.value;
  if (located.kind === 'list') return located.items.map((item) => toPlain(item, undefined));
  return Object.fromEntries(
    Array.from(located.entries, ([key, { value }]) => [key, toPlain(value, childNode(node, key))]),
  );
}

/** By file, and in a file from top to bottom; what stands in no file comes last. */
function byLine({ place: a }: ConfigProblem, { place: b }: ConfigProblem): number {
  if (a.line === undefined || b.line === undefined)
    return Number(a.line === undefined) - Number(b.line === undefined);
  // The local file's name sorts before the other's; its problems follow it.
  if (a.source !== b.source) return a.source < b.source ? 1 : -1;
  return a.line - b.line || (a.column ?? 0) - (b.column ?? 0);
}

function throwIfAny(problems: readonly ConfigProblem[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}
