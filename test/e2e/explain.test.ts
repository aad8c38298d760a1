import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeYard } from './lab-footage.ts';
import { makeFolder, PrerollProcess } from './preroll-process.ts';

test('explains a file, keeps what exists, and leaves nothing half', async () => {
  await using folder = await makeFolder();
  writeYard(join(folder.path, 'yard.mp4'));
  const explain = (...words: string[]) =>
    PrerollProcess.run(['explain', 'yard.mp4', ...words], { folder: folder.path });

  const first = await explain('--json', '--set', 'motion.minimalArea=300');
  expect(first.code, first.stderr).toBe(0);
  const told = JSON.parse(first.stdout) as {
    ok: boolean;
    pictures: number;
    events: unknown[];
    files: object;
  };
  expect(told).toMatchObject({ ok: true, detector: 'current', pictures: 100, damaged: 0 });
  expect(told.events).toHaveLength(1);
  expect(told.files).toEqual({ video: 'yard.explained.mp4', series: 'yard.explained.json' });
  const series = JSON.parse(await readFile(join(folder.path, 'yard.explained.json'), 'utf8')) as {
    pictures: { motion: boolean; score: number; count: number }[];
  };
  expect(series.pictures).toHaveLength(100);
  expect(series.pictures.every(({ score, count }) => score === count)).toBe(true);
  expect(series.pictures.some(({ motion }) => motion)).toBe(true);

  const second = await explain();
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('--force');
  const plain = await explain('--no-debug', '--out', 'plain.mp4', '--series', 'plain.csv');
  expect(plain.code, plain.stderr).toBe(0);
  const still = await explain('--at', '0:12');
  expect(still.stdout).toContain('yard.explained.png');
  const late = await explain('--at', '0:45', '--out', 'late.png');
  expect(late.code).toBe(1);
  expect(late.stderr).toContain('45 s');
  expect((await readdir(folder.path)).toSorted()).toEqual([
    'plain.csv',
    'plain.mp4',
    'yard.explained.json',
    'yard.explained.mp4',
    'yard.explained.png',
    'yard.mp4',
  ]);
});

test('says what it cannot explain', async () => {
  await using folder = await makeFolder();
  const { code, stderr } = await PrerollProcess.run(['explain', 'front'], { folder: folder.path });
  expect(code).toBe(1);
  expect(stderr).toBe(
    'front: expected a file, a camera or an address such as rtsp://192.168.1.20/stream1, found none\n',
  );
  const wrong = await PrerollProcess.run(['explain', 'front', '--series', 'a.txt'], { folder: folder.path });
  expect(wrong.code).toBe(2);
});
