import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LogFiles, type LogPlace, type PlacedLine } from './log-files.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-log-files-'));
  path = join(folder, 'preroll.log');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function collect(lines: AsyncIterable<PlacedLine>): Promise<readonly PlacedLine[]> {
  const collected = [];
  for await (const line of lines) collected.push(line);
  return collected;
}

const texts = async (lines: AsyncIterable<PlacedLine>) => (await collect(lines)).map(({ text }) => text);

async function reading<T>(work: (files: LogFiles) => Promise<T>): Promise<T> {
  await using files = await LogFiles.open({ path, count: 3 });
  return await work(files);
}

describe('LogFiles', () => {
  test('gives lines forward and backward over rotated files', async () => {
    await writeFile(`${path}.2`, 'one\ntwo\n');
    await writeFile(`${path}.1`, 'three\n\n');
    await writeFile(path, 'four ä\nfive\n');
    await writeFile(`${path}.9`, 'not ours\n');
    const all = ['one', 'two', 'three', '', 'four ä', 'five'];
    expect(await reading((files) => texts(files.from()))).toEqual(all);
    expect(await reading((files) => texts(files.before(files.end)))).toEqual(all.toReversed());
  });

  test('gives each line once where chunks of the file meet, with its place', async () => {
    const lines = Array.from({ length: 3_000 }, (_, i) => `${i} ${'x'.repeat((i * 37) % 200)}`);
    lines.push('y'.repeat(200_000), 'last');
    await writeFile(path, `${lines.join('\n')}\n`);
    await reading(async (files) => {
      const backward = await collect(files.before(files.end));
      expect(backward.map(({ text }) => text)).toEqual(lines.toReversed());
      const forward = await collect(files.from());
      expect(forward).toEqual(backward.toReversed());
      const middle = forward[1_500];
      if (middle === undefined) throw new Error('no line');
      expect((await texts(files.before(middle.place)))[0]).toBe(lines[1_499]);
      expect((await texts(files.from(middle.place)))[0]).toBe(lines[1_500]);
    });
  });

  test('leaves out a line that is still being written, and goes on with it when it is whole', async () => {
    await writeFile(path, 'whole\nbeg');
    const end = await reading(async (files) => {
      expect(await texts(files.before(files.end))).toEqual(['whole']);
      return files.end;
    });
    await appendFile(path, 'un\n');
    expect(await reading((files) => texts(files.from(end)))).toEqual(['begun']);
  });

  test('goes on where it was when the file has been rotated since, and knows when that one is gone', async () => {
    await writeFile(path, 'one\ntwo\n');
    const end = await reading(async (files) => files.end);
    await appendFile(path, 'three\n');
    await rename(path, `${path}.1`);
    await writeFile(path, 'four\n');
    await reading(async (files) => {
      expect(files.has(end)).toBe(true);
      expect(await texts(files.from(end))).toEqual(['three', 'four']);
    });
    await rm(`${path}.1`);
    const gone: LogPlace = end;
    expect(await reading(async (files) => files.has(gone))).toBe(false);
  });

  test('says why when there is nothing to be read', async () => {
    await expect(reading(async () => undefined)).rejects.toThrow(/ENOENT/);
  });

  test('an empty log has no lines', async () => {
    await writeFile(path, '');
    expect(await reading((files) => texts(files.before(files.end)))).toEqual([]);
    expect(await reading((files) => texts(files.from()))).toEqual([]);
  });
});
