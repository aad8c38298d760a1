import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { openRtsp } from '../rtsp/session.ts';
import { writeClip, type ClipMaker } from './clip-cache.ts';
import type { ClipSpec } from './clip-spec.ts';
import { startDemoCamera } from './demo-camera.ts';
import { startDemoCameras } from './demo-cameras.ts';
import { encodeClip } from './encode-clip.ts';

let cacheDir = '';
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'preroll-demo-'));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

/** Makes what is wanted, but small and short. */
const makeSmall: ClipMaker = (spec, path, onProgress) =>
  writeClip(encodeClip({ ...spec, widthPx: 160, heightPx: 96, loopSeconds: 2 }, onProgress), path);

async function codecsOf(url: string): Promise<string[]> {
  const signal = new AbortController().signal;
  await using session = await openRtsp(
    { camera: 'demo', url, transport: 'tcp', audio: true, clock: systemClock, log: silentLog },
    signal,
  );
  return session.description.media.map(({ media }) => media.encoding);
}

describe('the demo camera', () => {
  test('serves a main stream with sound and a sub-stream without', async () => {
    const progress: number[] = [];
    await using camera = await startDemoCamera({
      cacheDir,
      clock: systemClock,
      log: silentLog,
      makeClip: makeSmall,
      onProgress: (percent) => progress.push(percent),
    });
    expect(await codecsOf(camera.url)).toEqual(['H264', 'MPEG4-GENERIC']);
    expect(await codecsOf(camera.subUrl)).toEqual(['H264']);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(100);
  });

  test('does not start when a clip cannot be made, and ends the making of the other', async () => {
    let wasEnded = false;
    let subBegins: () => void = () => undefined;
    const subBegan = new Promise<void>((resolve) => (subBegins = resolve));
    const makeClip: ClipMaker = async (spec, _path, _onProgress, signal) => {
      if (spec.widthPx !== 640) {
        // Before that there is nothing to end: which of the two begins first is a matter of chance.
        await subBegan;
        throw new Error('no encoder');
      }
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          wasEnded = true;
          reject(signal.reason as Error);
        });
        subBegins();
      });
    };
    const started = startDemoCamera({ cacheDir, clock: systemClock, log: silentLog, makeClip });
    await expect(started).rejects.toThrow('no encoder');
    expect(wasEnded).toBe(true);
  });
});

describe('several demo cameras', () => {
  const main: ClipSpec = {
    widthPx: 160,
    heightPx: 96,
    rateFps: 10,
    loopSeconds: 2,
    variant: 1,
    codec: 'h264',
    bitrateBps: 100_000,
    gopSeconds: 1,
    bFrames: 0,
    hasSound: false,
  };
  const options = {
    cacheDir: '',
    clock: systemClock,
    firstPort: 0,
    main,
    sub: main,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    makeClip: makeSmall,
  };

  test('each have a server of their own and numbered pictures', async () => {
    await using running = await startDemoCameras({ ...options, cacheDir, cameras: 3 });
    expect(running.cameras.map(({ name }) => name)).toEqual(['cam1', 'cam2', 'cam3']);
    expect(new Set(running.cameras.map(({ url }) => new URL(url).port)).size).toBe(3);
    expect(await codecsOf(running.cameras[2]?.subUrl ?? '')).toEqual(['H264']);
    expect(running.framesSent()).toBeGreaterThanOrEqual(6);
  });

  test('are at least one and at most sixty-four', async () => {
    await expect(startDemoCameras({ ...options, cacheDir, cameras: 0 })).rejects.toThrow(RangeError);
    await expect(startDemoCameras({ ...options, cacheDir, cameras: 65 })).rejects.toThrow(RangeError);
  });
});
