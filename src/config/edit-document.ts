import { isAlias, isCollection, isMap, isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import { PrerollError } from '../base/error.ts';
import { DEEPEST, parseForEdits } from './document.ts';
import { dottedPath } from './issue.ts';
import { FORBIDDEN_KEYS, type Located } from './located.ts';
import { inlineText, pairText } from './written-text.ts';

/** A value as a document holds it. */
export type WrittenValue =
  string | number | boolean | null | readonly WrittenValue[] | { readonly [key: string]: WrittenValue };

/** One change of a document; `path` is made of keys. */
export type DocumentEdit =
  /** Keys above it that are not there yet are written too. */
  | { readonly kind: 'set'; readonly path: readonly string[]; readonly value: WrittenValue }
  /** Nothing happens where it is not there. */
  | { readonly kind: 'remove'; readonly path: readonly string[] }
  /** Keeps its place among the others. */
  | { readonly kind: 'rename'; readonly path: readonly string[]; readonly to: string };

/** `form`: the document is written in a form that is not edited by machine; `key`: a key that may not be used. */
export class EditError extends PrerollError {
  readonly kind: 'form' | 'key';
  readonly path: readonly string[];

  constructor(kind: EditError['kind'], path: readonly string[], message: string) {
    super(`${dottedPath(path)}: ${message}`);
    this.kind = kind;
    this.path = path;
  }
}

/**
 * Changes a YAML document by cutting into its text, so that everything else stays as it was to the byte: comments,
 * order, quotes, indentation. What comes of it is proven by reading it again: it means what was meant, or nothing is
 * changed at all.
 * @throws EditError
 */
export function editDocument(text: string, edits: readonly DocumentEdit[]): string {
  try {
    return editTogether(text, edits);
  } catch (error) {
    // Of several, each by itself tells which it is.
    if (!(error instanceof EditError) || error.kind !== 'form' || edits.length === 1) throw error;
    return edits.reduce((written, edit) => editTogether(written, [edit]), text);
  }
}

/** Reads the text once before and once afterwards, and once more for each edit that changes what one before it has. */
function editTogether(text: string, edits: readonly DocumentEdit[]): string {
  const [first] = edits;
  if (first === undefined) return text;
  let written = new EditedText(text, first.path);
  for (const edit of edits) {
    refuseForbidden(edit);
    if (written.take(edit)) continue;
    written = written.proven(edit.path);
    written.take(edit);
  }
  return written.proven(first.path).text;
}

/** A text between two offsets that another one replaces. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly by: string;
  /** Where it is a new key, the map that it is written into. */
  readonly into?: YAMLMap;
}

/** A text as it was read, and what is to become of it. */
class EditedText {
  readonly text: string;
  readonly #contents: Node | null;
  readonly #before: WrittenValue;
  #meant: WrittenValue;
  readonly #splices: Splice[] = [];

  /** @throws EditError for `path` where it is no document that can be edited. */
  constructor(text: string, path: readonly string[]) {
    const { root, problems, contents } = parseForEdits(text);
    if (problems.length > 0) throw formError(path);
    this.text = text;
    this.#contents = contents;
    this.#before = plainValue(root);
    this.#meant = this.#before;
  }

  /** @returns whether it could be: not what touches that which another edit has changed. @throws EditError */
  take(edit: DocumentEdit): boolean {
    const meant = expectedValue(this.#meant, edit.path, edit) ?? null;
    if (isSame(this.#meant, meant)) return true;
    if (depthOf(this.#meant, edit.path) !== depthOf(this.#before, edit.path)) return false;
    const splice = cut(this.text, this.#contents, edit);
    if (this.#splices.some((other) => isTouched(other, splice))) return false;
    this.#splices.push(splice);
    this.#meant = meant;
    return true;
  }

  /** What came of it, read again. @throws EditError for `path` unless it means what it was to mean. */
  proven(path: readonly string[]): EditedText {
    if (this.#splices.length === 0) return this;
    let text = '';
    let done = 0;
    // New keys of one place stay in the order in which they came.
    for (const { start, end, by } of this.#splices.toSorted((a, b) => a.start - b.start)) {
      text += this.text.slice(done, start) + by;
      done = end;
    }
    const next = new EditedText(text + this.text.slice(done), path);
    if (!isSame(next.#before, this.#meant)) throw formError(path);
    return next;
  }
}

/** Whether two of them hang together; several new keys of a map only follow one another. */
function isTouched(a: Splice, b: Splice): boolean {
  if (a.into !== undefined && a.into === b.into && a.start === b.start) return false;
  return !isBefore(a, b) && !isBefore(b, a);
}

/** A value that is replaced may end where a key begins that is new. */
function isBefore(a: Splice, b: Splice): boolean {
  const isReplaced = a.start < a.end && a.by !== '';
  return isReplaced ? a.end <= b.start : a.end < b.start;
}

/** How many keys of a path there are. */
function depthOf(value: WrittenValue, [key, ...rest]: readonly string[]): number {
  if (key === undefined || !isPlainMap(value) || !Object.hasOwn(value, key)) return 0;
  return 1 + depthOf(value[key] ?? null, rest);
}

function cut(text: string, contents: Node | null, edit: DocumentEdit): Splice {
  const source = new SourceText(text);
  if (isMap(contents)) return editMap(source, contents, edit, edit.path);
  if (edit.kind !== 'set') throw formError(edit.path);
  return source.append(nested(edit.path, edit.value));
}

/** @param rest of the path, below `map`. */
function editMap(source: SourceText, map: YAMLMap, edit: DocumentEdit, rest: readonly string[]): Splice {
  const [key = '', ...below] = rest;
  const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  if (map.flow === true) {
    // Written in braces, it is short: it is written anew as a whole.
    const plain = map.toJSON() as WrittenValue;
    return source.replace(map, inlineText(expectedValue(plain, rest, edit) ?? {}));
  }
  if (pair === undefined) {
    if (edit.kind !== 'set') throw formError(edit.path);
    return source.insertAfter(map, key, nested(below, edit.value));
  }
  const value = pair.value as Node | null;
  if (isAlias(value) || (isCollection(value) && value.anchor !== undefined)) throw formError(edit.path);
  if (below.length > 0) {
    if (isMap(value)) return editMap(source, value, edit, below);
    if (edit.kind !== 'set') throw formError(edit.path);
    return source.replaceValue(map, pair, key, nested(below, edit.value));
  }
  if (edit.kind === 'rename') return source.replace(pair.key as Node, inlineText(edit.to));
  if (edit.kind === 'remove') return source.remove(map, pair);
  return source.replaceValue(map, pair, key, edit.value);
}

/** The text of a document, and where things begin and end in it. */
class SourceText {
  readonly text: string;
  readonly #lineBreak: string;

  constructor(text: string) {
    this.text = text;
    this.#lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  }

  append(value: WrittenValue): Splice {
    const separator = this.text === '' || this.text.endsWith('\n') ? '' : this.#lineBreak;
    const lines = Object.entries(value ?? {}).map(([key, inner]) => this.#lines(key, inner, ''));
    const end = this.text.length;
    return { start: end, end, by: `${separator}${lines.join(this.#lineBreak)}${this.#lineBreak}` };
  }

  /** Replaces what is written in one line. */
  replace(node: Node, by: string): Splice {
    const [start = 0, end = 0] = node.range ?? [];
    return { start, end, by };
  }

  /** A value in one line stays in its line, with the comment behind it; others begin below their key. */
  replaceValue(map: YAMLMap, pair: Pair, key: string, value: WrittenValue): Splice {
    const colon = colonAfter(pair);
    const old = pair.value as Node | null;
    const isInline = isScalar(old) || (isCollection(old) && old.flow === true);
    const lines = this.#lines(key, value, this.#indentOf(map));
    if (isInline && !lines.includes(this.#lineBreak) && old.range?.[0] !== old.range?.[1])
      return this.replace(old, inlineText(value));
    // From the colon on, as the key itself may be written in quotes.
    const tail = lines.slice(lines.indexOf(inlineText(key)) + inlineText(key).length + 1);
    const [head = '', ...below] = tail.split(this.#lineBreak);
    const end = this.#endOfLine(old === null ? colon : contentEnd(old));
    const comment = this.#commentBehind(isInline ? contentEnd(old) : colon);
    return { start: colon, end, by: [`${head}${comment}`, ...below].join(this.#lineBreak) };
  }

  /** Writes a new key behind the last one of a map, and behind what is commented out below that. */
  insertAfter(map: YAMLMap, key: string, value: WrittenValue): Splice {
    const indent = this.#indentOf(map);
    const at = this.#endWithComments(contentEnd(map), indent.length);
    return { start: at, end: at, by: `${this.#lineBreak}${this.#lines(key, value, indent)}`, into: map };
  }

  /** Takes whole lines out: the key, what is below it, and what is commented out there. */
  remove(map: YAMLMap, pair: Pair): Splice {
    const start = this.#startOfLine((pair.key as Node).range?.[0] ?? 0);
    const value = pair.value as Node | null;
    const last = value === null ? colonAfter(pair) : contentEnd(value);
    const end = this.#endWithComments(last, this.#indentOf(map).length);
    const next = this.text.startsWith('\n', end)
      ? end + 1
      : this.text.startsWith('\r\n', end)
        ? end + 2
        : end;
    return { start, end: next, by: '' };
  }

  #lines(key: string, value: WrittenValue, indent: string): string {
    return pairText(key, value)
      .split('\n')
      .map((line) => `${indent}${line}`)
      .join(this.#lineBreak);
  }

  #indentOf(map: YAMLMap): string {
    const at = (map.items[0]?.key as Node | undefined)?.range?.[0] ?? 0;
    return ' '.repeat(at - this.#startOfLine(at));
  }

  #startOfLine(at: number): number {
    return this.text.lastIndexOf('\n', at - 1) + 1;
  }

  #endOfLine(at: number): number {
    const lineBreak = this.text.indexOf('\n', at);
    if (lineBreak < 0) return this.text.length;
    return this.text[lineBreak - 1] === '\r' ? lineBreak - 1 : lineBreak;
  }

  #commentBehind(at: number): string {
    return /^\s+#.*$/.exec(this.text.slice(at, this.#endOfLine(at)))?.[0] ?? '';
  }

  /** The end of the line at `at`, or of the last comment below it that is indented by more than `indent`. */
  #endWithComments(at: number, indent: number): number {
    let end = this.#endOfLine(at);
    for (let line = end; line < this.text.length;) {
      const start = this.text.indexOf('\n', line) + 1;
      line = this.#endOfLine(start);
      if (start === 0 || start >= this.text.length) break;
      const [, spaces = '', rest = ''] = /^( *)(.*)$/s.exec(this.text.slice(start, line)) ?? [];
      if (rest.trim() === '') continue;
      if (!rest.startsWith('#') || spaces.length <= indent) break;
      end = line;
    }
    return end;
  }
}

/** Where the last thing that is written in a node ends, its comments left out. */
function contentEnd(node: Node): number {
  const last = isCollection(node) && node.flow !== true ? node.items.at(-1) : undefined;
  if (last === undefined) return (node.range?.[1] ?? 0) - (isBlockScalar(node) ? 1 : 0);
  if (isScalar(last) || isCollection(last)) return contentEnd(last);
  const pair = last as Pair;
  return pair.value === null || isEmptyScalar(pair.value as Node)
    ? colonAfter(pair)
    : contentEnd(pair.value as Node);
}

/** The library's node for a value that is not written. */
function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && node.range?.[0] === node.range?.[1];
}

function isBlockScalar(node: Node): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

/** The offset behind the colon of a key. */
function colonAfter(pair: Pair): number {
  const colon = pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind');
  const keyEnd = (pair.key as Node).range?.[1] ?? 0;
  return colon === undefined ? keyEnd : colon.offset + 1;
}

function nested(path: readonly string[], value: WrittenValue): WrittenValue {
  return path.reduceRight<WrittenValue>((inner, key) => ({ [key]: inner }), value);
}

/** What the document's value at the beginning of `path` becomes by the edit; undefined where it is taken out. */
function expectedValue(
  before: WrittenValue,
  [key, ...rest]: readonly string[],
  edit: DocumentEdit,
): WrittenValue | undefined {
  if (key === undefined) return edit.kind === 'set' ? edit.value : undefined;
  const map = isPlainMap(before) ? before : {};
  const inner = Object.hasOwn(map, key) ? map[key] : undefined;
  if (inner === undefined && edit.kind !== 'set') return before;
  if (edit.kind === 'rename' && rest.length === 0) {
    return Object.fromEntries(
      Object.entries(map).map(([name, value]) => [name === key ? edit.to : name, value]),
    );
  }
  const value = expectedValue(inner ?? null, rest, edit);
  const others = Object.entries(map).filter(([name]) => value !== undefined || name !== key);
  return value === undefined ? Object.fromEntries(others) : { ...map, [key]: value };
}

function isPlainMap(value: WrittenValue): value is { readonly [key: string]: WrittenValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sections without keys are as good as none; the order of keys counts. */
function isSame(a: WrittenValue | undefined, b: WrittenValue | undefined): boolean {
  return JSON.stringify(withoutEmpty(a)) === JSON.stringify(withoutEmpty(b));
}

function withoutEmpty(value: WrittenValue | undefined): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (value === undefined || value === null || !isPlainMap(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutEmpty(inner)] as const);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** What was written, without its places. */
export function plainValue(located: Located): WrittenValue {
  if (located.kind === 'scalar') return located.value;
  if (located.kind === 'list') return located.items.map(plainValue);
  return Object.fromEntries(Array.from(located.entries, ([key, { value }]) => [key, plainValue(value)]));
}

function refuseForbidden(edit: DocumentEdit): void {
  const keys = [...edit.path, ...(edit.kind === 'rename' ? [edit.to] : [])];
  if (edit.kind === 'set' && isTooDeep(edit.value)) throw formError(edit.path);
  const values = edit.kind === 'set' ? [...keysWithin(edit.value)] : [];
  const found = [...keys, ...values].find((key) => FORBIDDEN_KEYS.has(key));
  if (found !== undefined || edit.path.length === 0)
    throw new EditError('key', edit.path, `${found ?? 'an empty path'}: this name may not be used`);
}

/** Whether a value has more levels than a document may have: what looks at it further calls itself at each. */
function isTooDeep(value: WrittenValue, levels = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner: WrittenValue) => isTooDeep(inner, levels - 1));
}

function* keysWithin(value: WrittenValue): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield key;
    yield* keysWithin(inner);
  }
}

function formError(path: readonly string[]): EditError {
  return new EditError(
    'form',
    path,
    'is written in a form that cannot be changed here; change it in the file by hand',
  );
}
