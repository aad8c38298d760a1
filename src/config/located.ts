import type { Place } from './problem.ts';

/** Configuration as it was written, each value with its place. */
export type Located = LocatedScalar | LocatedList | LocatedMap;

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: string | number | boolean | null;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly Located[];
}

export interface LocatedMap {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}

export interface LocatedEntry {
  readonly keyPlace: Place;
  readonly value: Located;
}

export type Path = readonly (string | number)[];

/** Keys that would reach into JavaScript's objects; no source may use them. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Maps merge key by key, an empty value leaves a map as it is, everything else is replaced by `over`. */
export function mergeLocated(base: Located, over: Located): Located {
  if (base.kind !== 'map') return over;
  if (over.kind === 'scalar' && over.value === null) return base;
  if (over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = entries.get(key);
    const value = below === undefined ? entry.value : mergeLocated(below.value, entry.value);
    entries.set(key, { keyPlace: entry.keyPlace, value });
  }
  return { ...base, entries };
}

/** A map that holds one value at the end of `path`, all of it at one place. */
export function nestLocated(path: readonly string[], value: LocatedScalar): Located {
  return path.reduceRight<Located>(
    (inner, key) => ({
      kind: 'map',
      place: value.place,
      entries: new Map([[key, { keyPlace: value.place, value: inner }]]),
    }),
    value,
  );
}

/** In a path of what is left out: every key there. */
export const EVERY_KEY = '*';

/** Everything but what stands at `path`. */
export function withoutLocated(root: Located, [key, ...rest]: readonly string[]): Located {
  if (key === EVERY_KEY && root.kind === 'map') {
    const paths = Array.from(root.entries.keys(), (each) => [each, ...rest]);
    return paths.reduce<Located>(withoutLocated, root);
  }
  const entry = root.kind === 'map' && key !== undefined ? root.entries.get(key) : undefined;
  if (root.kind !== 'map' || key === undefined || entry === undefined) return root;
  const entries = new Map(root.entries);
  if (rest.length === 0) entries.delete(key);
  else entries.set(key, { ...entry, value: withoutLocated(entry.value, rest) });
  return { ...root, entries };
}

/** What stands at `path`, if anything does. */
export function findLocated(root: Located, path: Path): Located | undefined {
  return trace(root, path).found;
}

/** The place of the value at `path`; of the key above it where nothing is written. */
export function placeOfValue(root: Located, path: Path): Place {
  const { found, nearest } = trace(root, path);
  return found?.place ?? nearest;
}

/** The place of the key at the end of `path`, or of the nearest key above it. */
export function placeOfKey(root: Located, path: Path): Place {
  return trace(root, path).nearest;
}

function trace(root: Located, path: Path): { found: Located | undefined; nearest: Place } {
  let found: Located | undefined = root;
  let nearest = root.place;
  for (const key of path) {
    if (found?.kind === 'map') {
      const entry = found.entries.get(String(key));
      nearest = entry?.keyPlace ?? nearest;
      found = entry?.value;
    } else {
      found = found?.kind === 'list' ? found.items[Number(key)] : undefined;
      nearest = found?.place ?? nearest;
    }
  }
  return { found, nearest };
}
