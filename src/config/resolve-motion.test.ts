import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MotionConfig } from './config.ts';
import { loadConfig } from './load.ts';
import { ConfigError } from './problem.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-motion-'));
  path = join(folder, 'preroll.yaml');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function load(yaml: string, environment: Record<string, string> = {}): Promise<MotionConfig[]> {
  await writeFile(path, yaml);
  const config = await loadConfig({ path, environment, flags: [] });
  return config.cameras.map(({ motion }) => motion);
}

/** The problems, with the folder's name taken off. */
async function problems(yaml: string): Promise<string[]> {
  const error: unknown = await load(yaml).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error('expected a ConfigError', { cause: error });
  return error.message.replaceAll(`${folder}/preroll.yaml:`, '').split('\n');
}

describe('the section motion', () => {
  it('leaves to the detector what is not set', async () => {
    const [motion] = await load('cameras: { yard: { url: "demo:" } }');
    expect(motion).toEqual({ detector: 'current', sensitivity: 50, rateFps: 5, masks: [], zones: [] });
  });

  it('gives settings of one detector to no camera with another', async () => {
    const [yard, gate, hall] = await load(`
motion: { detector: current, sensitivity: 40, rateFps: 4, widthPx: 320, threshold: 12, dilate: 3, minimalArea: 900 }
cameras:
  yard: { url: "demo:", motion: { erode: 1, sensitivity: 60 } }
  gate: { url: "demo:", motion: { detector: adaptive } }
  hall: { url: "demo:", motion: { detector: v1, minimalPercent: 3, blur: 5 } }
`);
    const common = { rateFps: 4, widthPx: 320, masks: [], zones: [] };
    const inherited = { threshold: 12, dilatePx: 3, minimalAreaPx: 900 };
    expect(yard).toEqual({ ...common, detector: 'current', sensitivity: 60, ...inherited, erodePx: 1 });
    expect(gate).toEqual({ ...common, detector: 'adaptive', sensitivity: 40 });
    expect(hall).toEqual({ ...common, detector: 'v1', sensitivity: 40, minimalPercent: 3, blurPx: 5 });
  });

  it('tells the detectors that use a setting which the chosen one does not', async () => {
    expect(
      await problems(`motion:
  detector: adaptive
  threshold: 10
  minimalPercent: 1
cameras:
  yard: { url: "demo:", motion: { minimalArea: 5 } }
  gate:
    url: "demo:"
    motion: { detector: v2, dilate: 1, erode: 1, blur: 3 }
  hall: { url: "demo:", motion: { detector: current, minimalPercent: 1 } }
`),
    ).toEqual([
      '3:14: motion.threshold: is not used by the detector adaptive, but by current, three-frame, v1, v2, v3 and v4',
      '6:48: cameras.yard.motion.minimalArea: is not used by the detector adaptive, but by current, three-frame, v3 and v4',
      '9:37: cameras.gate.motion.dilate: is not used by the detector v2, but by current, three-frame and v1',
      '9:47: cameras.gate.motion.erode: is not used by the detector v2, but by current and three-frame',
      '10:70: cameras.hall.motion.minimalPercent: is not used by the detector current, but by v1, v2 and adaptive',
    ]);
  });

  it('takes odd sizes of the blur only, and sensitivities from 1 to 100', async () => {
    expect(
      await problems(`motion: { blur: 4, sensitivity: 0, detector: v5, minimalPercent: 0 }
cameras: { yard: { url: "demo:", motion: { sensitivity: 101 } } }
`),
    ).toEqual([
      '1:17: motion.blur: expected an odd whole number from 1 to 63, found 4',
      '1:33: motion.sensitivity: expected a whole number from 1 to 100, found 0',
      '1:46: motion.detector: expected one of current, three-frame, v1, v2, v3, v4, adaptive, found "v5", did you mean v1?',
      '1:66: motion.minimalPercent: expected a number from 0.01 to 100, found 0',
      '2:57: cameras.yard.motion.sensitivity: expected a whole number from 1 to 100, found 101',
    ]);
  });
});

describe('masks and zones', () => {
  it('are polygons of corners, a zone with a sensitivity of its own or that of its camera', async () => {
    const [motion] = await load(`
motion: { sensitivity: 30 }
cameras:
  yard:
    url: "demo:"
    motion:
      masks:
        - [[0, 0], [1, 0], [0.5, 1]]
        - - [0.1, 0.1]
          - [0.2, 0.1]
          - [0.2, 0.2]
      zones:
        front door: { polygon: [[0, 0], [0, 1], [1, 1]], sensitivity: 80 }
        path: { polygon: [[0, 0], [0, 1], [1, 1]] }
`);
    const half = [
      { x: 0, y: 0 },
      { x: 0, y: 1 },
      { x: 1, y: 1 },
    ];
    expect(motion?.masks).toHaveLength(2);
    expect(motion?.masks[0]).toEqual([
      { x: 0, y: 0 },
      { x: 1, y: 0 },
      { x: 0.5, y: 1 },
    ]);
    expect(motion?.zones).toEqual([
      { name: 'front door', polygon: half, sensitivity: 80 },
      { name: 'path', polygon: half, sensitivity: 30 },
    ]);
  });

  it('are found by their names in the environment', async () => {
    const [motion] = await load(
      'cameras: { yard: { url: "demo:", motion: { zones: { front Door: { polygon: [[0, 0], [0, 1], [1, 1]] } } } } }',
      { PREROLL__CAMERAS__YARD__MOTION__ZONES__FRONT_DOOR__SENSITIVITY: '70' },
    );
    expect(motion?.zones).toMatchObject([{ name: 'front Door', sensitivity: 70 }]);
  });

  it('must have corners within the picture that enclose something', async () => {
    expect(
      await problems(`cameras:
  yard:
    url: "demo:"
    motion:
      masks:
        - [[0, 0], [1, 1]]
        - [[0, 0], [1, 0], [0.5, 1.01]]
        - [[0, 0], [-0.1, 0], [0.5]]
        - [[0, 0, 1], [1, 0], [0.5, x]]
        - 0, 0, 1, 1
      zones:
        door: { sensitivity: 3 }
        path: { polygon: { x: 1 }, sensitivty: 4 }
        ..: { polygon: [] }
`),
    ).toEqual([
      '6:11: cameras.yard.motion.masks.0: expected at least 3 corners [x, y], found a list of 2',
      '7:34: cameras.yard.motion.masks.1.2.1: expected a number from 0 to 1, found 1.01',
      '8:21: cameras.yard.motion.masks.2.1.0: expected a number from 0 to 1, found -0.1',
      '8:31: cameras.yard.motion.masks.2.2: expected a corner [x, y], both from 0 to 1, found a list of 1',
      '9:12: cameras.yard.motion.masks.3.0: expected a corner [x, y], both from 0 to 1, found a list of 3',
      '9:37: cameras.yard.motion.masks.3.2.1: expected a number from 0 to 1, found "x"',
      '10:11: cameras.yard.motion.masks.4: expected a list of corners [x, y], found "0, 0, 1, 1"',
      '12:9: cameras.yard.motion.zones.door.polygon: expected a list of corners [x, y], found nothing',
      '13:26: cameras.yard.motion.zones.path.polygon: expected a list of corners [x, y], found keys and values',
      '13:36: cameras.yard.motion.zones.path.sensitivty: unknown key, did you mean sensitivity?',
      '14:9: cameras.yard.motion.zones: expected a zone name of 1 to 64 letters (a to z), digits, spaces or _ . - that begins with none of space and dot, and ends with neither, found ".."',
    ]);
    const flat = 'expected a polygon with an area, found corners on one line';
    expect(
      await problems(`cameras:
  yard:
    url: "demo:"
    motion:
      masks:
        - [[0.1, 0.2], [0.2, 0.4], [0.3, 0.6], [0.15, 0.3]]
        - [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]
        - [[0, 0], [0.5, 0.5], [1, 0], [0.5, 0.5001]]
        - [[0, 0], [1, 0], [1, 1], [0, 0], [1, 0], [1, 1]]
        - [[0, 0], [1, 1], [1, 0], [0, 1]]
      zones:
        door: { polygon: [[0, 0], [1, 0], [0.5, 0]] }
`),
    ).toEqual([
      `6:11: cameras.yard.motion.masks.0: ${flat}`,
      `7:11: cameras.yard.motion.masks.1: ${flat}`,
      '9:11: cameras.yard.motion.masks.3: expected a polygon with an area, found one that goes around all of it twice',
      `12:26: cameras.yard.motion.zones.door.polygon: ${flat}`,
    ]);
  });

  it('have names that differ in more than case, and no sensitivity where contours are judged whole', async () => {
    const polygon = '[[0, 0], [0, 1], [1, 1]]';
    expect(
      await problems(`cameras:
  yard:
    url: "demo:"
    motion:
      detector: v1
      zones:
        door: { polygon: ${polygon}, sensitivity: 40 }
        Door: { polygon: ${polygon} }
`),
    ).toEqual([
      '7:65: cameras.yard.motion.zones.door.sensitivity: is not used by the detector v1, but by current, three-frame, v2, v3 and adaptive',
      '8:15: cameras.yard.motion.zones.Door: differs from the zone door only in upper and lower case',
    ]);
  });
});
