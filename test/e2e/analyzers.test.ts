import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import { yardTruth } from '../../src/demo/yard.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { reportStamps } from '../fake-camera/frame-stamps.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';
import { recordingsOf, type Recording } from './recordings.ts';

/** A quiet yard: a loop too short for anyone to pass. */
const QUIET = { ...TINY, loopSeconds: 4 };
/** For cameras whose motion is of no interest, so that a busy machine has time for the others. */
const HARDLY_ANALYSED = { motion: { rateFps: 0.5, widthPx: 64 } };
/** Someone passes from second 6 to 13. */
const BUSY = { ...TINY, loopSeconds: 14 };
const PRE_ROLL_MS = 2_000;
const SLACK_MS = 1_500;

const cleanup: AsyncDisposable[] = [];
afterAll(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

interface Streams {
  readonly main: ClipSpec;
  readonly sub?: ClipSpec;
}

/** A recorder with these cameras that record motion, and one called `steady` that records everything. */
async function startRecorder(cameras: Readonly<Record<string, Streams>>, minimalDuration = '2s') {
  const folder = await makeFolder();
  cleanup.push(folder);
  const entries: Record<string, object> = {};
  const all: Readonly<Record<string, Streams>> = { ...cameras, steady: { main: QUIET } };
  for (const [name, { main, sub }] of Object.entries(all)) {
    const camera = await FakeCamera.start({
      clock: systemClock,
      name,
      waitsForViewer: true,
      main: await testClip(main),
      ...(sub === undefined ? {} : { sub: await testClip(sub) }),
    });
    cleanup.push(camera);
    entries[name] = {
      url: camera.url,
      ...(sub === undefined ? {} : { subUrl: camera.subUrl }),
      ...(name === 'steady' ? { mode: 'always+motion', ...HARDLY_ANALYSED } : {}),
    };
  }
  await writeConfig(folder.path, {
    event: { initialWait: '1s', minimalDuration, preRoll: '2s', postRoll: '0s' },
    archive: { segmentLength: '5s' },
    cameras: entries,
  });
  const preroll = PrerollProcess.start(['run'], { folder: folder.path });
  cleanup.push(preroll);
  return { preroll, archive: join(folder.path, 'archive') };
}

async function signalAnalyzers(preroll: PrerollProcess, signal: NodeJS.Signals): Promise<number> {
  const pids = await preroll.children('analyzer-main');
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
  test.concurrent('die amid an event, the whole walk is recorded and the death is told', async () => {
    // Longer than a restart takes on a slow machine, so that the event goes on across it.
    const { preroll, archive } = await startRecorder({ yard: { main: BUSY } }, '6s');
    await preroll.says('[yard] event: motion');
    const killed = await signalAnalyzers(preroll, 'SIGKILL');
    expect(killed).toBeGreaterThan(0);
    await preroll.says(/ERROR +analyzer \d was ended by SIGKILL; starting it again/, killed);
    await preroll.says(/INFO +analyzer \d answers again/, killed);
    await preroll.says('[yard] recorded');
    expect(await preroll.interrupt()).toEqual({ code: 0, by: null });

    expectWhole(await recordingsOf(archive, 'steady'), 'steady');
    const [walk] = await recordingsOf(archive, 'yard');
    expectWhole(walk === undefined ? [] : [walk], 'yard');
    const walked = walk?.stamps.filter(({ frame }) => yardTruth(BUSY, frame).walker !== undefined);
    expect(walked?.length).toBeGreaterThan(60);
  });

  test.concurrent(
    'hang, everything is kept from the pre-roll on and their cameras are called unwatched',
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
      const killedAtMs = preroll.saidAtMs('s and is killed');
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
