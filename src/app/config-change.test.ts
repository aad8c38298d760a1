import { expect, test } from 'vitest';
import type { CameraConfig, Config } from '../config/config.ts';
import { afterRestart, concernsAllCameras, concernsCamera, describeCameras } from './config-change.ts';

/** As far as changes are looked for. */
function config(different: { readonly archive?: object; readonly [section: string]: unknown } = {}): Config {
  const { archive, ...sections } = different;
  const all = {
    cameras: [{ name: 'yard' }],
    archive: { path: '/a', segmentLengthMs: 60_000, timeZone: 'local', ...archive },
    retention: { minFreeBytes: 1 },
    ring: { maxBytes: 1 },
    control: { path: '/s' },
    log: { level: 'info' },
    ...sections,
  };
  return all as unknown as Config;
}

test('all cameras are made with the length of files, the time zone and the ring', () => {
  expect(concernsAllCameras(config(), config())).toBe(false);
  expect(concernsAllCameras(config(), config({ archive: { segmentLengthMs: 1 } }))).toBe(true);
  expect(concernsAllCameras(config(), config({ ring: { maxBytes: 2 } }))).toBe(true);
  expect(concernsAllCameras(config(), config({ archive: { path: '/b' }, cameras: [] }))).toBe(false);
});

test('a camera goes on recording when it is changed how long its recordings are kept', () => {
  const camera = (different: object = {}) =>
    ({ name: 'yard', mode: 'motion', retention: { minAgeMs: 0 }, ...different }) as unknown as CameraConfig;
  expect(concernsCamera(camera(), camera())).toBe(false);
  expect(concernsCamera(camera(), camera({ retention: { minAgeMs: 1 } }))).toBe(false);
  expect(concernsCamera(camera(), camera({ mode: 'always' }))).toBe(true);
});

test('names the sections that a running recorder does not follow', () => {
  expect(afterRestart(config(), config({ cameras: [], retention: {}, ring: {}, web: {} }))).toEqual([]);
  expect(afterRestart(config(), config({ archive: { segmentLengthMs: 1 } }))).toEqual([]);
  expect(afterRestart(config(), config({ archive: { path: '/b' }, log: { level: 'debug' } }))).toEqual([
    'archive',
    'log',
  ]);
});

test('tells what became of cameras', () => {
  expect(describeCameras({ added: [], removed: [], restarted: [] })).toBe('no camera is concerned');
  expect(describeCameras({ added: ['a', 'b'], removed: ['c'], restarted: ['d'] })).toBe(
    'added a, b; removed c; changed d',
  );
});
