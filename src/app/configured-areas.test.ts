import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { mediaTicks, wallMs } from '../base/time.ts';
import { loadConfig } from '../config/load.ts';
import { Yard, type YardOptions } from '../demo/yard.ts';
import { eventJson, type EventJson } from '../event/event-json.ts';
import { EventTracker } from '../event/event-tracker.ts';
import { detectionSettings } from './detection-settings.ts';
import { KERNEL_FILE } from '../motion/kernel/testing/kernel-file.ts';
import { Detectors } from './detectors.ts';

/** Someone walks from left to right, from second 6 to 13, about a fifth to a half of the picture above its lower edge. */
const YARD: YardOptions = { widthPx: 320, heightPx: 180, rateFps: 5, loopSeconds: 15, variant: 0 };

let folder: string;
let pictures: Uint8Array[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-areas-'));
  const yard = new Yard(YARD);
  pictures = Array.from({ length: 75 }, (_, frame) => yard.draw(frame).y.slice());
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The events of a walk under a camera's section `motion`, as their files tell them. */
async function eventsWith(motion: object): Promise<EventJson[]> {
  const path = join(folder, 'preroll.yaml');
  await writeFile(path, JSON.stringify({ cameras: { yard: { url: 'demo:', motion } } }));
  const [camera] = (await loadConfig({ path, environment: {}, flags: [] })).cameras;
  if (camera === undefined) throw new Error('no camera');
  const { detector: settings, areas } = detectionSettings(camera.motion);
  using detector = new Detectors(silentLog, KERNEL_FILE).make(settings, areas);
  const events: EventJson[] = [];
  const tracker = new EventTracker('yard', camera.event, {
    opened: () => undefined,
    closed: (event) => events.push(eventJson(event)),
  });
  tracker.connected(wallMs(0));
  for (const [i, data] of pictures.entries()) {
    const { widthPx, heightPx } = YARD;
    const detection = detector.detect({ widthPx, heightPx, stride: widthPx, data, isFullRange: false });
    tracker.sample({ wallMs: wallMs(i * 200), pts: mediaTicks(i * 18_000), ...detection, boxes: [] });
  }
  tracker.disconnected(wallMs(15_000));
  return events;
}

/** A rectangle as the configuration writes it. */
function rectangle(left: number, top: number, right: number, bottom: number): number[][] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

const path = rectangle(0, 0.4, 1, 0.9);
const [left, right] = [rectangle(0, 0, 0.5, 1), rectangle(0.5, 0, 1, 1)];

describe('masks and zones of the configuration', () => {
  it('name the zones of a walk in the order of its way', async () => {
    const zones = {
      sky: { polygon: rectangle(0, 0, 1, 0.3) },
      right: { polygon: right },
      left: { polygon: left },
    };
    const [event, ...others] = await eventsWith({ zones });
    expect(others).toEqual([]);
    expect(event?.zones).toEqual(['left', 'right']);
    expect(JSON.parse(JSON.stringify(event))).toMatchObject({ causes: ['motion'], zones: ['left', 'right'] });
  });

  it('let a mask over the path hide the walk', async () => {
    expect(await eventsWith({})).toHaveLength(1);
    expect(await eventsWith({ masks: [path] })).toEqual([]);
    expect(await eventsWith({ masks: [path], zones: { door: { polygon: path } } })).toEqual([]);
  });

  it('let an insensitive zone hide the walk, and the rest of the picture not', async () => {
    expect(await eventsWith({ zones: { path: { polygon: path, sensitivity: 1 } } })).toEqual([]);
    const sky = { polygon: rectangle(0, 0, 1, 0.3), sensitivity: 1 };
    expect(await eventsWith({ zones: { sky } })).toHaveLength(1);
  });

  it('hold for a detector that learns as well', async () => {
    const zones = { left: { polygon: left }, right: { polygon: right } };
    const [event] = await eventsWith({ detector: 'adaptive', masks: [right], zones });
    expect(event?.zones).toEqual(['left']);
  });
});
