import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { mediaTicks, wallMs } from '../base/time.ts';
import { PretendedRecorder } from '../control/testing/pretended-recorder.ts';
import type { ChangeJson, MotionJson } from '../control/changes.ts';
import type { CameraStatusJson } from '../control/controlled-recorder.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import { DIFFERENCE_PRESETS } from '../motion/difference-settings.ts';
import { RecorderChanges } from './recorder-changes.ts';

function recorderOf(...names: string[]) {
  const clock = new SimulatedClock();
  let statuses: readonly CameraStatusJson[] = new PretendedRecorder(...names).status();
  let asked = 0;
  const changes = new RecorderChanges({
    clock,
    status: () => {
      asked += 1;
      return statuses;
    },
  });
  const set = (camera: string, change: Partial<CameraStatusJson>) => {
    statuses = statuses.map((status) => (status.camera === camera ? { ...status, ...change } : status));
    changes.mayHaveChanged();
  };
  const keep = (...kept: string[]) => {
    statuses = statuses.filter(({ camera }) => kept.includes(camera));
    changes.mayHaveChanged();
  };
  return { clock, changes, set, keep, asked: () => asked };
}

function heard(changes: RecorderChanges): ChangeJson[] {
  const told: ChangeJson[] = [];
  changes.follow((change) => told.push(change));
  return told;
}

const brief = (told: readonly ChangeJson[]) =>
  told.map((change) => (change.type === 'camera' ? change.status.camera : change.type));

function sample(atMs: number, isMotion: boolean): MotionSample {
  return {
    wallMs: wallMs(atMs),
    pts: mediaTicks(0),
    score: 7,
    isMotion,
    boxes: [],
    zones: [],
    analysedWidthPx: 320,
    analysedHeightPx: 180,
  };
}

test('tells all cameras first, then each whose state is another one, once', async () => {
  const { clock, changes, set } = recorderOf('yard', 'door');
  const told = heard(changes);
  set('door', { recording: true });
  set('door', { failure: 'disk full' });
  changes.mayHaveChanged();
  await clock.advance(1_000);
  expect(brief(told)).toEqual(['cameras', 'door']);
  expect(told[1]).toMatchObject({ status: { recording: true, failure: 'disk full' } });
});

test('tells one who comes later all cameras, and the others what they do not know yet', async () => {
  const { clock, changes, set } = recorderOf('yard', 'door');
  const early = heard(changes);
  set('yard', { recording: true });
  const late = heard(changes);
  await clock.advance(1_000);
  expect(brief(early)).toEqual(['cameras', 'yard']);
  expect(brief(late)).toEqual(['cameras']);
  expect(late[0]).toMatchObject({ cameras: [{ recording: true }, {}] });
});

test('tells all cameras anew when one has gone', async () => {
  const { clock, changes, keep } = recorderOf('yard', 'door');
  const told = heard(changes);
  keep('door');
  await clock.advance(1_000);
  expect(told.at(-1)).toMatchObject({ type: 'cameras', cameras: [{ camera: 'door' }] });
});

test('looks at nothing while nobody follows', async () => {
  const { clock, changes, set, asked } = recorderOf('yard');
  set('yard', { recording: true });
  await clock.advance(1_000);
  expect(asked()).toBe(0);
  changes.follow(() => undefined)[Symbol.dispose]();
  set('yard', { recording: false });
  await clock.advance(1_000);
  expect(asked()).toBe(1);
});

test('tells motion to those who want it, a few times a second, its beginning and end at once', () => {
  const { changes } = recorderOf('yard');
  const told: MotionJson[] = [];
  const following = changes.followMotion('yard', (motion) => told.push(motion));
  for (let ms = 0; ms < 1_000; ms += 50)
    changes.sample('yard', sample(ms, ms >= 250 && ms < 300), DIFFERENCE_PRESETS.current);
  changes.sample('door', sample(0, true), DIFFERENCE_PRESETS.current);
  following[Symbol.dispose]();
  changes.sample('yard', sample(5_000, true), DIFFERENCE_PRESETS.current);
  expect(told.map(({ wallMs: at }) => at)).toEqual([0, 200, 250, 300, 500, 700, 900]);
  expect(told[2]).toEqual({
    type: 'motion',
    camera: 'yard',
    wallMs: 250,
    score: 7,
    neededScore: 1_500,
    isMotion: true,
    boxes: [],
    zones: [],
  });
});
