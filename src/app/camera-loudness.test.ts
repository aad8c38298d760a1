import { expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { mediaTicks, monotonicMs, wallMs } from '../base/time.ts';
import { opusTrack } from '../media/opus.ts';
import { startRun } from '../media/run.ts';
import { SoundProcess, type SoundChildListener } from '../sound/sound-process.ts';
import { CameraLoudness } from './camera-loudness.ts';

/** A camera that is listened to, and what says how loud it is. */
function setUp(isWanted: (at: number) => boolean) {
  const told: [number, number][] = [];
  const listeners: SoundChildListener[] = [];
  const process = new SoundProcess({
    makeChild: (listener) => {
      listeners.push(listener);
      return { start() {}, send() {}, kill() {}, [Symbol.asyncDispose]: () => Promise.resolve() };
    },
    clock: new SimulatedClock(),
    log: silentLog,
  });
  const loudness = new CameraLoudness({
    config: { levelDbfs: -20, durationMs: 0 },
    process,
    isWanted,
    onLoud: (since, until) => told.push([since, until]),
    log: silentLog,
  });
  const at = mediaTicks(0);
  const run = startRun(1, 0, { wall: wallMs(0), monotonic: monotonicMs(0) });
  loudness.packet({ track: opusTrack(1, 2), isKey: true, pts: at, dts: at, data: Uint8Array.of(0xfc) }, run);
  const hear = (seconds: number, rmsDbfs: number) =>
    listeners[0]?.onMessage({
      number: 1,
      units: [],
      levels: [{ line: 1, seconds, rmsDbfs, peakDbfs: rmsDbfs }],
      failed: [],
    });
  return { hear, told };
}

test('tells since when and until when it is loud', () => {
  const { hear, told } = setUp(() => true);
  hear(1, -30);
  hear(2, -10);
  hear(2.1, -10);
  expect(told).toEqual([
    [2_000, 2_100],
    [2_000, 2_200],
  ]);
});

test('sound that was loud before it counted is loud from when it counts', () => {
  const { hear, told } = setUp((at) => at >= 3_600_000);
  hear(1, -10);
  hear(3_599.9, -10);
  expect(told).toEqual([]);
  hear(3_600, -10);
  expect(told).toEqual([[3_600_000, 3_600_100]]);
});
