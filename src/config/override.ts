import { parseCameraAddress } from './camera-address.ts';
import { accepts, childNode, type SchemaNode } from './json-schema.ts';
import { findLocated, FORBIDDEN_KEYS, nestLocated, type Located, type Path } from './located.ts';
import { nearestName } from './nearest-name.ts';
import type { ConfigProblem, Place } from './problem.ts';

const ENVIRONMENT_PREFIX = 'PREROLL__';
const DEEPEST = 8;

/** Values from outside the files, each as a map that holds just the one. */
export interface Overrides {
  readonly layers: readonly Located[];
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads variables such as `PREROLL__EVENT__PRE_ROLL=8s`: `__` divides the keys, and a key is written in capitals with
 * `_` between its words. Names of cameras and zones match the same way (`FRONT_DOOR` is `front door`); one that is
 * not among the `written` ones is new, in lower case. An empty variable counts as not set.
 */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  schema: SchemaNode,
  written: Located,
): Overrides {
  const layers: Located[] = [];
  const problems: ConfigProblem[] = [];
  for (const variable of Object.keys(environment).toSorted()) {
    const value = environment[variable];
    if (!variable.startsWith(ENVIRONMENT_PREFIX) || value === undefined || value === '') continue;
    const place = { source: `environment variable ${variable}` };
    const words = variable.slice(ENVIRONMENT_PREFIX.length).split('__');
    const path = matchPath(words, schema, written);
    if ('problem' in path) problems.push({ place, message: path.problem });
    else layers.push(layer(path.keys, value, schema, place));
  }
  return { layers, problems };
}

/**
 * Reads flags such as `event.preRoll=8s`; a key with a dot in it is put in quotes: `cameras."front.door".mode=always`.
 * Passwords are refused: every user of the machine can read a command line.
 */
export function readFlags(flags: readonly string[], schema: SchemaNode): Overrides {
  const layers: Located[] = [];
  const problems: ConfigProblem[] = [];
  for (const flag of flags) {
    const [, dotted, value] = /^((?:"[^"]*"|[^"=])+)=(.*)$/s.exec(flag) ?? [];
    if (dotted === undefined || value === undefined) {
      problems.push({ place: { source: '--set' }, message: 'expected key=value, such as event.preRoll=8s' });
      continue;
    }
    const place = { source: `--set ${dotted.slice(0, 100)}` };
    const keys = Array.from(
      dotted.matchAll(/"([^"]*)"|([^."]+)/g),
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );
    const problem = flagProblem(keys, value);
    if (problem === undefined) layers.push(layer(keys, value, schema, place));
    else problems.push({ place, message: problem });
  }
  return { layers, problems };
}

function flagProblem(keys: readonly string[], value: string): string | undefined {
  if (keys.length > DEEPEST || keys.length === 0)
    return `expected 1 to ${DEEPEST} keys, found ${keys.length}`;
  const forbidden = keys.find((key) => FORBIDDEN_KEYS.has(key));
  if (forbidden !== undefined) return `${forbidden}: this name may not be used`;
  const address = parseCameraAddress(value);
  const hasPassword = 'url' in address && address.url.credentials !== undefined;
  if (keys.at(-1) !== 'password' && !hasPassword) return undefined;
  return 'a password on the command line is visible to every user of this machine; use the environment or a file';
}

function matchPath(
  words: readonly string[],
  schema: SchemaNode,
  written: Located,
): { readonly keys: readonly string[] } | { readonly problem: string } {
  if (words.length > DEEPEST) return { problem: `expected at most ${DEEPEST} keys, found ${words.length}` };
  const keys: string[] = [];
  let node: SchemaNode | undefined = schema;
  for (const word of words) {
    const known: readonly string[] = Object.keys(node?.properties ?? {});
    const isOpen = typeof node?.additionalProperties === 'object';
    const match = (isOpen ? namesAt(written, keys) : known).find((name) => inCapitals(name) === word);
    if (match === undefined && (!isOpen || !/^\w+$/.test(word) || FORBIDDEN_KEYS.has(word.toLowerCase()))) {
      const near = nearestName(word, known.map(inCapitals));
      return {
        problem: `${word.slice(0, 64)}: unknown key${near === undefined ? '' : `, did you mean ${near}?`}`,
      };
    }
    keys.push(match ?? word.toLowerCase());
    node = childNode(node, match ?? word);
  }
  return { keys };
}

function namesAt(written: Located, path: Path): string[] {
  const found = findLocated(written, path);
  return found?.kind === 'map' ? [...found.entries.keys()] : [];
}

/** `preRoll` and `pre roll` become `PRE_ROLL`. */
function inCapitals(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]/g, '_')
    .toUpperCase();
}

function layer(keys: readonly string[], value: string, schema: SchemaNode, place: Place): Located {
  let node: SchemaNode | undefined = schema;
  for (const key of keys) node = childNode(node, key);
  return nestLocated(keys, { kind: 'scalar', place, value: typedValue(value, node) });
}

/** Text outside YAML has no type of its own: it becomes what its option takes. */
function typedValue(value: string, node: SchemaNode | undefined): string | number | boolean {
  if (accepts(node, 'boolean') && (value === 'true' || value === 'false')) return value === 'true';
  if (accepts(node, 'number') && /^-?\d{1,15}(\.\d{1,9})?$/.test(value)) return Number(value);
  return value;
}
