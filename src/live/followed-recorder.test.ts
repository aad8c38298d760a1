import { beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { ControlError } from '../control/control-error.ts';
import type { MotionJson } from '../control/changes.ts';
import { PretendedRecorder } from '../control/testing/pretended-recorder.ts';
import { FollowedRecorder, type RecorderNotice } from './followed-recorder.ts';
import { PretendedLink } from './testing/pretended-link.ts';

const cameras = new PretendedRecorder('yard', 'door').status();
const gone = new ControlError('no-answer', 'none is running there');

let clock: SimulatedClock;
let link: PretendedLink;
let recorder: FollowedRecorder;

beforeEach(() => {
  clock = new SimulatedClock();
  link = new PretendedLink();
  recorder = new FollowedRecorder({ link, clock, log: silentLog });
  recorder.start();
});

function heard(): RecorderNotice[] {
  const told: RecorderNotice[] = [];
  recorder.follow((notice) => told.push(notice));
  return told;
}

describe('FollowedRecorder', () => {
  test('knows the cameras as they were told last', () => {
    const early = heard();
    link.changes.at(-1)?.tell({ type: 'cameras', cameras });
    const [, door] = cameras;
    if (door === undefined) throw new Error('no door');
    link.changes.at(-1)?.tell({ type: 'camera', status: { ...door, recording: true } });
    expect(recorder.camera('door')?.recording).toBe(true);
    expect(recorder.cameras.map(({ recording }) => recording)).toEqual([false, true]);
    expect(early.map(({ type }) => type)).toEqual(['recorder-away', 'cameras', 'camera']);
    expect(heard()).toEqual([{ type: 'cameras', cameras: recorder.cameras }]);
  });

  test('says once that the recorder is away, and goes on when it is back', async () => {
    link.changes.at(-1)?.tell({ type: 'cameras', cameras });
    const told = heard();
    for (let i = 0; i < 3; i++) {
      link.changes.at(-1)?.end(gone);
      await clock.advance(5_000);
    }
    expect(told.slice(1)).toEqual([{ type: 'recorder-away', reason: 'the recorder does not answer' }]);
    expect(recorder.camera('yard')).toBeDefined();
    expect(heard().map(({ type }) => type)).toEqual(['recorder-away', 'cameras']);
    link.changes.at(-1)?.tell({ type: 'cameras', cameras });
    expect(recorder.awayReason).toBeUndefined();
    expect(told.at(-1)?.type).toBe('cameras');
  });

  test('asks for a camera’s motion once for all who want it, while they do', async () => {
    const told: string[] = [];
    const followings = ['a', 'b'].map((name) => recorder.followMotion('yard', () => told.push(name)));
    const motion = { type: 'motion', camera: 'yard' } as MotionJson;
    link.motion[0]?.tell(motion);
    link.motion[0]?.end(gone);
    await clock.advance(1_000);
    link.motion[1]?.tell(motion);
    expect(told).toEqual(['a', 'b', 'a', 'b']);
    for (const following of followings) following[Symbol.dispose]();
    expect(link.motion.map(({ isOver }) => isOver)).toEqual([true, true]);
    recorder.followMotion('yard', () => told.push('c'));
    expect(link.motion).toHaveLength(3);
  });

  test('follows nothing any more when it is disposed of', async () => {
    recorder.followMotion('yard', () => undefined);
    await recorder[Symbol.asyncDispose]();
    expect([...link.changes, ...link.motion].every(({ isOver }) => isOver)).toBe(true);
  });
});
