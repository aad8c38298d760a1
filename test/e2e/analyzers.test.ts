import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import { yardTruth } from '../../src/demo/yard.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { reportStamps } from '../fake-camera/frame-stamps.ts';
import { makeFolder, PATIENCE_MS, PrerollProcess, writeConfig } from './preroll-process.ts';
import { recordingsOf, type Recording } from './recordings.ts';

/** A quiet yard: a loop too short for anyone to pass. */
const QUIET = { ...TINY, loopSeconds: 4 };
/** Someone passes from second 6 to 13. */
const BUSY = { ...TINY, loopSeconds: 14 };
const PRE_ROLL_MS = 2_000;
const SLACK_MS = 1_500;

const cleanup: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

/** A recorder with these cameras that record motion, and one called `steady` that records always. */
async function startRecorder(cameras: Readonly<Record<string, { main: ClipSpec; sub?: ClipSpec }>>) {
  const folder = await makeFolder();
  cleanup.push(folder);
  const entries: Record<string, object> = {};
  for (const [name, { main, sub }] of Object.entries({ ...cameras, steady: { main: QUIET } })) {
    const camera = await FakeCamera.start({
      clock: systemClock,
      name,
      main: await testClip(main),
      ...(sub === undefined ? {} : { sub: await testClip(sub) }),
    });
    cleanup.push(camera);
    entries[name] = {
      url: camera.url,
      ...(sub === undefined ? {} : { subUrl: camera.subUrl }),
      mode: name === 'steady' ? 'always' : 'motion',
    };
  }
  await writeConfig(folder.path, {
    event: { initialWait: '1s', minimalDuration: '2s', preRoll: '2s', postRoll: '0s' },
    archive: { segmentLength: '5s' },
    cameras: entries,
  });
  const preroll = PrerollProcess.start(['run'], { folder: folder.path });
  cleanup.push(preroll);
  return { preroll, archive: join(folder.path, 'archive') };
}

async function signalAnalyzers(preroll: PrerollProcess, signal: NodeJS.Signals): Promise<number> {
  const pids = await preroll.children();
  for (const pid of pids) process.kill(pid, signal);
  return pids.length;
}

function expectWhole(recordings: readonly Recording[], camera: string): void {
  expect(recordings.length).toBeGreaterThan(0);
  expect(recordings.flatMap(({ faults }) => faults)).toEqual([]);
  const report = reportStamps(recordings.flatMap(({ stamps }) => stamps)).get(`${camera}/main`);
  expect(report).toMatchObject({ missing: [], duplicated: 0, reordered: 0 });
}

describe.runIf(process.platform === 'linux')('while analyzers', () => {
  test(
    'die amid an event, the whole walk is recorded and the death is told',
    { timeout: 2 * PATIENCE_MS },
    async () => {
      const { preroll, archive } = await startRecorder({ yard: { main: BUSY } });
      await preroll.says('[yard] event: motion');
      const killed = await signalAnalyzers(preroll, 'SIGKILL');
      expect(killed).toBeGreaterThan(0);
      await preroll.says(/ERROR +analyzer \d was ended by SIGKILL; starting it again/, killed);
      await preroll.says(/\[yard\] event: motion/, 2);
      await preroll.says(/\[yard\] recorded /, 2);
      expect(await preroll.interrupt()).toEqual({ code: 0, by: null });

      expectWhole(await recordingsOf(archive, 'steady'), 'steady');
      const recordings = await recordingsOf(archive, 'yard');
      for (const recording of recordings) expectWhole([recording], 'yard');
      const stamps = recordings.flatMap((recording) => recording.stamps);
      expect(reportStamps(stamps).get('yard/main')?.missing).toEqual([]);
      const walked = new Set(
        stamps
          .filter(({ frame }) => yardTruth(BUSY, frame).walker !== undefined)
          .map(({ number }) => number),
      );
      expect(walked.size).toBeGreaterThan(60);
    },
  );

  test(
    'hang, everything is kept from the pre-roll on and their cameras are called unwatched',
    { timeout: 2 * PATIENCE_MS },
    async () => {
      const { preroll, archive } = await startRecorder({
        single: { main: QUIET },
        double: { main: QUIET, sub: QUIET },
      });
      // So long that the ring holds the pre-roll.
      await preroll.says('[steady] recorded');
      const stoppedAtMs = Date.now();
      const stopped = await signalAnalyzers(preroll, 'SIGSTOP');
      await preroll.says(/ERROR +analyzer \d has been silent for \d+ s and is killed/, stopped);
      const killedAtMs = Date.now();
      for (const camera of ['single', 'double']) {
        await preroll.says(`[${camera}] event: the camera is not being analysed`);
        await preroll.says(`[${camera}] event ended causes=unwatched`);
        await preroll.says(`[${camera}] recorded`);
      }
      expect(await preroll.interrupt()).toEqual({ code: 0, by: null });

      expectWhole(await recordingsOf(archive, 'steady'), 'steady');
      for (const camera of ['single', 'double']) {
        const recordings = await recordingsOf(archive, camera);
        expectWhole(recordings, camera);
        const [kept] = recordings;
        expect(kept?.sidecar.events.map(({ causes }) => causes)).toEqual([['unwatched']]);
        expect(kept?.stamps[0]?.wallMs).toBeLessThan(stoppedAtMs - PRE_ROLL_MS + SLACK_MS);
        expect(kept?.stamps.at(-1)?.wallMs).toBeGreaterThan(killedAtMs - SLACK_MS);
      }
    },
  );
});
