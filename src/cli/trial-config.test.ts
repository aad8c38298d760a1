import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadTrial } from './trial-config.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-trial-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const CONFIG = `
cameras:
  yard:
    url: "demo:"
    motion:
      threshold: 20
      zones:
        door: { polygon: [[0, 0], [0, 1], [1, 1]], sensitivity: 70 }
        path: { polygon: [[0, 0], [1, 0], [1, 1]] }
`;

test.each([
  ['v1', [50, 50]],
  ['v4', [50, 50]],
  ['v3', [70, 50]],
])('%s is tried on a camera whose zones have a sensitivity', async (detector, sensitivities) => {
  const path = join(folder, 'preroll.yaml');
  await writeFile(path, CONFIG);
  const { camera } = await loadTrial({ config: path, set: [], detector }, 'yard');
  expect(camera.motion).toMatchObject({ detector, threshold: undefined });
  expect(camera.motion.zones.map(({ sensitivity }) => sensitivity)).toEqual(sensitivities);
});
