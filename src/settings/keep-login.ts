import { withLoginOf } from '../config/camera-url.ts';
import type { DocumentEdit, WrittenValue } from '../config/edit-document.ts';
import { findLocated, type Located } from '../config/located.ts';

const ADDRESSES: ReadonlySet<string> = new Set(['url', 'subUrl']);
const LOGIN: ReadonlySet<string> = new Set(['username', 'password']);

/**
 * Addresses are read without their credentials, and so they come back when they are changed: what is written in the file
 * stays, unless the camera's user name or password is changed too.
 * @param written the file as it is.
 */
export function keepLogin(edits: readonly DocumentEdit[], written: Located): readonly DocumentEdit[] {
  const renewed = new Set(edits.filter(({ path }) => isOf(path, LOGIN)).map(({ path }) => path[1]));
  return edits.map((edit) => {
    if (edit.kind !== 'set' || !isOf(edit.path, ADDRESSES) || renewed.has(edit.path[1])) return edit;
    const before = findLocated(written, edit.path);
    if (before?.kind !== 'scalar') return edit;
    return { ...edit, value: kept(edit.value, before.value) };
  });
}

function isOf(path: readonly string[], keys: ReadonlySet<string>): boolean {
  return path.length === 3 && path[0] === 'cameras' && keys.has(path[2] ?? '');
}

function kept(value: WrittenValue, before: WrittenValue): WrittenValue {
  return typeof value === 'string' && typeof before === 'string' ? withLoginOf(value, before) : value;
}
