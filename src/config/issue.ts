import type { z } from 'zod';
import { redactCredentials } from '../base/redact.ts';
import { keyPaths, nodeAt, type SchemaNode } from './json-schema.ts';
import { findLocated, placeOfKey, placeOfValue, type Located, type Path } from './located.ts';
import { nearestName } from './nearest-name.ts';
import type { ConfigProblem } from './problem.ts';

/** Keys whose values are not shown, and those whose values are addresses with credentials in them. */
const SECRET_KEYS: ReadonlySet<string> = new Set(['password']);
const URL_KEYS: ReadonlySet<string> = new Set(['url', 'subUrl']);
const LONGEST_SHOWN = 60;

/** Says what a validation issue means for whoever wrote `root`. */
export function explainIssue(issue: z.core.$ZodIssue, root: Located, schema: SchemaNode): ConfigProblem[] {
  // Our maps have string keys only.
  const path = issue.path as string[];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      place: placeOfKey(root, [...path, key]),
      path: [...path, key],
      message: `${dottedPath([...path, key])}: unknown key${unknownKeyHint(path, key, schema)}`,
    }));
  }
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? issue.message;
    const found = JSON.stringify(String(path.at(-1)).slice(0, LONGEST_SHOWN));
    const message = `${dottedPath(path.slice(0, -1))}: expected ${expected}, found ${found}`;
    return [{ place: placeOfKey(root, path), path, expected: { code: 'expected-name' }, message }];
  }
  const isSection =
    issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'record');
  const expected = isSection ? 'keys with values below it' : issue.message;
  const hint = issue.code === 'invalid_value' ? unknownValueHint(findLocated(root, path), issue.values) : '';
  const message = `${dottedPath(path)}: expected ${expected}, found ${describeFound(root, path)}${hint}`;
  const known = nodeAt(schema, path)?.expected;
  return [
    {
      place: placeOfValue(root, path),
      path,
      ...(known === undefined ? {} : { expected: known }),
      message,
    },
  ];
}

/** `cameras."front.door".url`, as `--set` takes it. */
export function dottedPath(path: Path): string {
  if (path.length === 0) return 'the configuration';
  return path.map((key) => (/^[^.\s"]+$/.test(String(key)) ? String(key) : JSON.stringify(key))).join('.');
}

function describeFound(root: Located, path: Path): string {
  const found = findLocated(root, path);
  const key = String(path.at(-1));
  if (found === undefined) return 'nothing';
  if (path.some((part) => SECRET_KEYS.has(String(part)))) return 'a value that is not shown';
  if (found.kind === 'map') return 'keys and values';
  if (found.kind === 'list') return `a list of ${found.items.length}`;
  if (found.value === null) return 'nothing';
  if (typeof found.value !== 'string') return String(found.value);
  const safe = URL_KEYS.has(key) ? found.value.replace(/^.*@/s, '***@') : redactCredentials(found.value);
  const isLong = safe.length > LONGEST_SHOWN;
  return JSON.stringify(isLong ? `${safe.slice(0, LONGEST_SHOWN)}…` : safe);
}

function unknownValueHint(found: Located | undefined, known: readonly unknown[]): string {
  if (found?.kind !== 'scalar' || typeof found.value !== 'string') return '';
  const near = nearestName(found.value, known.map(String));
  return near === undefined ? '' : `, did you mean ${near}?`;
}

function unknownKeyHint(path: Path, key: string, schema: SchemaNode): string {
  const near = nearestName(key, Object.keys(nodeAt(schema, path)?.properties ?? {}));
  if (near !== undefined) return `, did you mean ${near}?`;
  const [elsewhere] = [...keyPaths(schema)]
    .filter((known) => known.at(-1) === key)
    .toSorted((a, b) => a.length - b.length);
  return elsewhere === undefined ? '' : `, did you mean ${elsewhere.join('.')}?`;
}
