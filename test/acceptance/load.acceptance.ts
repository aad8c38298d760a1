import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findStampsInFiles, reportStamps, type StampReport } from '../fake-camera/frame-stamps.ts';
import { measured } from './measurements.ts';
import { RecorderProcess, type LogLine } from './recorder-process.ts';
import { CACHE_FOLDER, PROGRAM } from './requirements.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';

interface DemoAddress {
  readonly name: string;
  readonly url: string;
}

const CAMERAS = 16;
const RATE_FPS = 25;
const RUN_MS = 5 * 60_000;

/** Cameras of our own in a process of their own; they need nothing of another's, but five minutes. */
async function startCameras(): Promise<{ readonly addresses: readonly DemoAddress[] } & AsyncDisposable> {
  const options = '--size 1920x1080 --fps 25 --kbps 4000 --no-sub --json'.split(' ');
  const child = spawn(
    process.execPath,
    [PROGRAM, 'demo', '--cameras', String(CAMERAS), '--port', '8801', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, XDG_CACHE_HOME: CACHE_FOLDER } },
  );
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    addresses: JSON.parse(line) as DemoAddress[],
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

describe.skipIf(process.env['PREROLL_LONG'] !== '1')(
  'sixteen cameras of 1080p25 at 4 Mbit/s for 5 minutes',
  () => {
    let folder = '';
    let lines: readonly LogLine[] = [];
    const reports = new Map<string, StampReport>();

    beforeAll(async () => {
      folder = await makeScratchFolder();
      await using cameras = await startCameras();
      const names = cameras.addresses.map(({ name }) => name);
      await using recorder = await RecorderProcess.start(folder, {
        // Looking for motion in sixteen full streams takes more than a small machine has; recording must not suffer.
        cameras: Object.fromEntries(
          cameras.addresses.map(({ name, url }) => [name, { url, mode: 'always+motion' }]),
        ),
      });
      await recorder.connected(names, 60_000);
      // The first picture comes a little later than the connection, and the sockets hold 0.4 s at the end.
      await wait(RUN_MS + 2_000);
      const { cpuSeconds, residentMib } = await recorder.usage();
      measured('5 load', 'recorder', `${cpuSeconds} s CPU in 300 s, ${residentMib.toFixed(0)} MiB`);
      await recorder.interrupt();
      ({ lines } = recorder);
      for (const name of names) reports.set(name, await reportOf(join(recorder.archive, name)));
    }, 900_000);

    afterAll(() => removeScratchFolder(folder));

    it('loses, doubles and reorders no frame of any camera', () => {
      const all = [...reports.values()];
      const frames = all.reduce((sum, report) => sum + report.frames, 0);
      const missing = all.reduce((sum, report) => sum + report.missing.length, 0);
      measured('5 load', 'sixteen cameras', `${frames} pictures, ${missing} missing`);
      expect(reports.size).toBe(CAMERAS);
      for (const [name, report] of reports) {
        expect(report, name).toMatchObject({ missing: [], duplicated: 0, reordered: 0 });
        expect(report.frames, name).toBeGreaterThanOrEqual((RUN_MS / 1000) * RATE_FPS);
      }
    });

    it('keeps every connection', () => {
      expect(lines.filter(({ message }) => message.includes('; trying again'))).toEqual([]);
    });
  },
);

async function reportOf(cameraFolder: string): Promise<StampReport> {
  const entries = await readdir(cameraFolder, { recursive: true });
  const paths = entries.filter((name) => name.endsWith('.mp4')).map((name) => join(cameraFolder, name));
  const [report] = reportStamps(await findStampsInFiles(paths.toSorted())).values();
  if (report === undefined) throw new Error(`nothing was recorded in ${cameraFolder}`);
  return report;
}
