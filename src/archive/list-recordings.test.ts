import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { listRecordings } from './list-recordings.ts';
import { writeSidecar } from './sidecar.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'preroll-list-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function record(folder: string, file: string, startMs: number, rest: object = {}): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  await writeSidecar(join(root, folder, file), {
    camera: 'yard',
    file,
    kind: 'continuous',
    startWallMs: wallMs(startMs),
    endWallMs: wallMs(startMs + 60_000),
    endedBy: 'length',
    continues: undefined,
    tracks: [],
    annotations: [],
    ...rest,
  });
}

test('lists the recordings of a camera in order of time, whatever their folders', async () => {
  await record('yard/2026-11-21', '00-00-10.mp4', 3e12, { endWallMs: undefined });
  await record('yard/2026-11-20', '23-59-10.mp4', 2e12, { continues: '23-58-10.mp4' });
  await record('yard', '12-00-00.mp4', 1e12);
  await record('front', '12-00-00.mp4', 1e12);
  expect(await listRecordings(root, 'yard')).toEqual([
    {
      path: join(root, 'yard', '12-00-00.mp4'),
      kind: 'continuous',
      startWallMs: 1e12,
      endWallMs: 1e12 + 60_000,
      continues: undefined,
    },
    {
      path: join(root, 'yard', '2026-11-20', '23-59-10.mp4'),
      kind: 'continuous',
      startWallMs: 2e12,
      endWallMs: 2e12 + 60_000,
      continues: '23-58-10.mp4',
    },
    {
      path: join(root, 'yard', '2026-11-21', '00-00-10.mp4'),
      kind: 'continuous',
      startWallMs: 3e12,
      endWallMs: undefined,
      continues: undefined,
    },
  ]);
});

test('leaves out what is no sidecar, and finds nothing where nothing is', async () => {
  await record('yard', '12-00-00.mp4', 1e12);
  const junk = [
    '',
    'null',
    '[]',
    '{}',
    '{"file":"../../etc.mp4","start":"2026-11-20T00:00:00Z"}',
    '{"file":"5.mp4"}',
  ];
  for (const [index, text] of junk.entries()) await writeFile(join(root, 'yard', `${index}.json`), text);
  expect(await listRecordings(root, 'yard')).toHaveLength(1);
  expect(await listRecordings(root, 'nobody')).toEqual([]);
});
