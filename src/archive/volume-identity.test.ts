import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IDENTITY_FILE, IdentityError, readIdentity, writeIdentity } from './volume-identity.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-identity-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the identity of a volume', () => {
  test('is read as it was written, and differs from volume to volume', async () => {
    const deep = join(folder, 'a', 'b');
    const id = await writeIdentity(deep);
    expect(await readIdentity(deep)).toEqual({ kind: 'volume', id });
    expect(await writeIdentity(join(folder, 'c'))).not.toBe(id);
    expect(await readdir(deep)).toEqual([IDENTITY_FILE]);
  });

  test('is none where the file or the folder is missing', async () => {
    expect(await readIdentity(folder)).toEqual({ kind: 'none' });
    expect(await readIdentity(join(folder, 'missing'))).toEqual({ kind: 'none' });
  });

  test('is asked for by an empty file', async () => {
    await writeFile(join(folder, IDENTITY_FILE), '\n');
    expect(await readIdentity(folder)).toEqual({ kind: 'blank' });
  });

  test.each([
    ['garbage', '\u0000\u0001{'],
    ['a torn file', '{"id": "3f2b'],
    ['another kind of JSON', '[]'],
    ['null', 'null'],
    ['no id', '{"note": "x"}'],
    ['an id that is a path', '{"id": "../../etc"}'],
    ['a number', '{"id": 7}'],
  ])('is not taken from %s', async (_, text) => {
    await writeFile(join(folder, IDENTITY_FILE), text);
    await expect(readIdentity(folder)).rejects.toThrow(IdentityError);
  });

  test('is not taken from a folder in its place', async () => {
    await mkdir(join(folder, IDENTITY_FILE));
    await expect(readIdentity(folder)).rejects.toThrow('EISDIR');
  });
});
