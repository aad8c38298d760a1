import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { makeFolder, PrerollProcess, writeConfig } from '../e2e/preroll-process.ts';
import { recordingsOf, type Recording } from '../e2e/recordings.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { reportStamps } from '../fake-camera/frame-stamps.ts';

const MINUTE_MS = 60_000;
/** Cameras have to be connected, and their rings filled, before the first change. */
const LEAST_AHEAD_MS = 15_000;

const cleanup: AsyncDisposable[] = [];
const recordings = new Map<string, readonly Recording[]>();
/** The full minute at which modes change, and the one at which they change again. */
let firstMs = 0;
let secondMs = 0;

/** A span of the week, UTC. */
function span(fromMs: number, toMs: number): string {
  const time = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  return `${time(fromMs)}-${time(toMs)}`;
}

describe('a schedule, at two full minutes', () => {
  beforeAll(async () => {
    const folder = await makeFolder();
    cleanup.push(folder);
    const main = await testClip({ ...TINY, loopSeconds: 4 });
    firstMs = Math.ceil((Date.now() + LEAST_AHEAD_MS) / MINUTE_MS) * MINUTE_MS;
    secondMs = firstMs + MINUTE_MS;
    const schedules = {
      begins: { mode: 'off', schedule: { [span(firstMs, secondMs)]: 'always' } },
      changes: {
        mode: 'always',
        schedule: { [span(firstMs, secondMs)]: 'off' },
        event: { at: [span(firstMs - MINUTE_MS, secondMs)] },
      },
      thins: { mode: 'always', schedule: { [span(firstMs, secondMs)]: 'timelapse' } },
    };
    const cameras: Record<string, object> = {};
    for (const [name, schedule] of Object.entries(schedules)) {
      const camera = await FakeCamera.start({ clock: systemClock, main, name });
      cleanup.push(camera);
      cameras[name] = { url: camera.url, ...schedule };
    }
    await writeConfig(folder.path, {
      event: { preRoll: '2s', postRoll: '0s' },
      // Longer than there is before the first minute: each kind makes one file.
      archive: { timeZone: 'utc', segmentLength: '10m' },
      cameras,
    });
    await using preroll = PrerollProcess.start(['run'], { folder: folder.path });
    for (const changes of [1, 2]) {
      for (const name of Object.keys(schedules)) await preroll.says(`[${name}] mode `, changes);
    }
    await preroll.says('[begins] recorded ');
    await preroll.says('[changes] recording to ', 3);
    await preroll.interrupt();
    for (const name of Object.keys(schedules)) {
      recordings.set(name, await recordingsOf(join(folder.path, 'archive'), name));
    }
  }, 200_000);

  afterAll(async () => {
    for (const each of cleanup.toReversed()) await each[Symbol.asyncDispose]();
  });

  function of(name: string, kind?: string): readonly Recording[] {
    return (recordings.get(name) ?? []).filter(({ sidecar }) => kind === undefined || sidecar.kind === kind);
  }

  function expectWhole(name: string, found = of(name)): void {
    expect(found.flatMap(({ faults }) => faults)).toEqual([]);
    const report = reportStamps(found.flatMap(({ stamps }) => stamps)).get(`${name}/main`);
    expect(report).toMatchObject({ missing: [], duplicated: 0, reordered: 0 });
  }

  it('begins to record before the minute, and ends after the last picture of it', () => {
    expectWhole('begins');
    const [first, last] = [of('begins')[0]?.stamps[0], of('begins').at(-1)?.stamps.at(-1)];
    expect(first?.wallMs).toBeLessThanOrEqual(firstMs);
    expect(last?.wallMs).toBeGreaterThanOrEqual(secondMs - 1_000);
    expect(last?.wallMs).toBeLessThan(secondMs + 2_000);
  });

  it('goes from everything to an event and back without losing or doubling a picture', () => {
    expectWhole('changes');
    const kinds = of('changes').map(({ sidecar }) => sidecar.kind);
    expect(kinds.filter((kind, i) => kind !== kinds[i - 1])).toEqual(['continuous', 'event', 'continuous']);
  });

  it('thins a recording out to key pictures, each at its time', () => {
    for (const each of of('thins', 'continuous')) expectWhole('thins', [each]);
    const [lapse, ...others] = of('thins', 'timelapse');
    expect(others).toEqual([]);
    expect(lapse?.stamps.length).toBeGreaterThan(50);
    const [first, last] = [lapse?.stamps[0], lapse?.stamps.at(-1)];
    const startMs = Date.parse(lapse?.sidecar.start ?? '');
    expect(Math.abs(startMs - (first?.wallMs ?? 0))).toBeLessThan(1_500);
    const samples = lapse?.mp4.fragments.flatMap(({ runs }) => runs.flatMap((run) => run.samples)) ?? [];
    const lastMs = startMs + ((samples.at(-1)?.pts ?? 0) - (samples[0]?.pts ?? 0)) / 90;
    expect(Math.abs(lastMs - (last?.wallMs ?? 0))).toBeLessThan(1_500);
  });
});
