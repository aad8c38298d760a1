import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';
import { FORBIDDEN_KEYS, type Located, type LocatedEntry } from './located.ts';
import type { ConfigProblem, Place } from './problem.ts';

/** Bounds of one document: aliases count as often as they are used, so that they cannot multiply. */
const MOST_NODES = 20_000;
export const DEEPEST = 32;
const MOST_SYNTAX_PROBLEMS = 10;

/** A document, as far as it could be read. Without problems it is whole. */
export interface ParsedDocument {
  readonly root: Located;
  readonly problems: readonly ConfigProblem[];
}

const READING = {
  prettyErrors: false,
  stringKeys: true,
  // Told by LocatedReader, which can name the key.
  uniqueKeys: false,
  resolveKnownTags: false,
  // The quietest level at which a second document is still an error.
  logLevel: 'error',
} as const;

/**
 * Reads YAML 1.2 with plain keys, anchors and aliases. Tags, tabs as indentation, duplicate keys and several
 * documents are problems.
 * @param source the file's name, for the places.
 */
export function parseConfigDocument(text: string, source: string): ParsedDocument {
  const lines = new LineCounter();
  return located(parseDocument(text, { ...READING, lineCounter: lines }), lines, source);
}

/** The same, with the nodes of the text and the tokens that they were made of, which tell where each of its signs is. */
export function parseForEdits(text: string): ParsedDocument & { readonly contents: Node | null } {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...READING, lineCounter: lines, keepSourceTokens: true });
  return { ...located(document, lines, ''), contents: document.contents };
}

function located(document: Document.Parsed, lines: LineCounter, source: string): ParsedDocument {
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { source, line, column: col };
  };
  const reader = new LocatedReader(placeAt);
  const syntax = [...document.errors, ...document.warnings].slice(0, MOST_SYNTAX_PROBLEMS).map((error) => ({
    place: placeAt(error.pos[0]),
    message:
      error.code === 'MULTIPLE_DOCS'
        ? 'expected one YAML document, found a second'
        : `not valid YAML: ${withoutSourceText(error.message)}`,
  }));
  if (syntax.length > 0) return { root: emptyMap(placeAt(0)), problems: syntax };
  const isEmpty =
    document.contents === null || (isScalar(document.contents) && document.contents.value === null);
  const root = isEmpty ? emptyMap(placeAt(0)) : reader.read(document.contents, 0);
  if (root.kind === 'map' || reader.problems.length > 0) return { root, problems: reader.problems };
  const found = root.kind === 'list' ? 'a list' : 'a single value';
  return {
    root,
    problems: [{ place: root.place, message: `expected keys with values below them, found ${found}` }],
  };
}

/** The library quotes the text it stumbled over at the end, and that text may be a password. */
function withoutSourceText(message: string): string {
  return message.replace(/((?<! ):(?= )|(?<=escape sequence|Unknown directive)).*$/s, '');
}

function emptyMap(place: Place): Located {
  return { kind: 'map', place, entries: new Map() };
}

class LocatedReader {
  readonly problems: ConfigProblem[] = [];
  readonly #placeAt: (offset: number) => Place;
  readonly #anchors = new Map<string, Node>();
  #nodes = 0;

  constructor(placeAt: (offset: number) => Place) {
    this.#placeAt = placeAt;
  }

  read(node: Node | null, depth: number): Located {
    const place = this.#placeAt(node?.range?.[0] ?? 0);
    const nothing: Located = { kind: 'scalar', place, value: null };
    this.#nodes += 1;
    if (this.#nodes > MOST_NODES || depth > DEEPEST) return this.#refuseSize(nothing);
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target !== undefined) return this.read(target, depth + 1);
      this.#report(place, 'an alias was found, but no anchor of its name before it');
      return nothing;
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, node);
    }
    if (isMap(node)) return { kind: 'map', place, entries: this.#readEntries(node, depth) };
    if (isSeq(node)) {
      // The parser puts nodes or null into `items`; its type leaves them open.
      const items = node.items.map((item) => this.read(item as Node | null, depth + 1));
      return { kind: 'list', place, items };
    }
    return isScalar(node) ? { ...nothing, value: plainScalar(node.value) } : nothing;
  }

  #readEntries(map: YAMLMap, depth: number): Map<string, LocatedEntry> {
    const entries = new Map<string, LocatedEntry>();
    for (const { key, value } of map.items) {
      if (!isScalar(key)) continue;
      const name = String(key.value);
      const keyPlace = this.#placeAt(key.range?.[0] ?? 0);
      const first = entries.get(name);
      if (first !== undefined) {
        this.#report(keyPlace, `${name}: written twice, first in line ${first.keyPlace.line ?? 1}`);
      } else if (FORBIDDEN_KEYS.has(name)) {
        this.#report(keyPlace, `${name}: this name may not be used`);
      } else {
        const read = this.read(value as Node | null, depth + 1);
        // A key without a value has no node of its own to point at.
        entries.set(name, { keyPlace, value: value === null ? { ...read, place: keyPlace } : read });
      }
    }
    return entries;
  }

  #refuseSize(nothing: Located): Located {
    const message = `expected at most ${MOST_NODES} values, ${DEEPEST} levels deep, aliases counted as often as used; found more`;
    if (this.problems.every((problem) => problem.message !== message)) this.#report(nothing.place, message);
    return nothing;
  }

  #report(place: Place, message: string): void {
    this.problems.push({ place, message });
  }
}

function plainScalar(value: unknown): string | number | boolean | null {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : null;
}
