import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { VideoDecoder } from '../../src/decode/decoder.ts';
import { VideoFile } from '../../src/lab/video-file.ts';
import { recoveryPointOf } from '../../src/media/recovery-point.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { muxClip } from '../sources/mux-clip.ts';
import { PATIENCE_MS } from '../patience.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';
import { recordingsOf, type Recording } from './recordings.ts';

/** One recorder with a camera that refreshes its pictures stripe by stripe, and one that hangs on its side. */
const cleanup: AsyncDisposable[] = [];
let refreshed: readonly Recording[] = [];
let turned: readonly Recording[] = [];
let said = '';

beforeAll(async () => {
  const folder = await makeFolder();
  cleanup.push(folder);
  const clip = await testClip({ ...TINY, loopSeconds: 60, isRefreshed: true });
  const camera = await FakeCamera.start({ clock: systemClock, main: clip });
  cleanup.push(camera);
  await muxClip({
    clip: await testClip({ ...TINY, loopSeconds: 4 }),
    format: 'mp4',
    to: join(folder.path, 'yard.mp4'),
  });
  await writeConfig(folder.path, {
    archive: { segmentLength: '5s' },
    cameras: {
      refreshed: { url: camera.url, mode: 'always' },
      turned: { url: 'file:yard.mp4', mode: 'always', rotate: 90 },
    },
  });
  // Its only key picture is the first.
  await vi.waitUntil(() => camera.framesSent() > 5, PATIENCE_MS);
  const preroll = PrerollProcess.start(['run'], { folder: folder.path });
  cleanup.push(preroll);
  for (const name of ['refreshed', 'turned']) await preroll.says(`[${name}] recorded `, 2);
  await preroll.interrupt();
  said = preroll.stderr;
  const archive = join(folder.path, 'archive');
  refreshed = await recordingsOf(archive, 'refreshed');
  turned = await recordingsOf(archive, 'turned');
});

afterAll(async () => {
  for (const one of cleanup.toReversed()) await one[Symbol.asyncDispose]();
});

describe('a camera that refreshes its pictures stripe by stripe', () => {
  test('is recorded from a recovery point on, in files that begin with one', async () => {
    expect(refreshed.length).toBeGreaterThan(1);
    for (const { path, mp4, video } of refreshed) {
      const first = mp4.fragments[0]?.runs.find(({ header }) => header.track === video)?.samples[0];
      const { positionBytes = 0, sizeBytes = 0, isKey } = first ?? {};
      const data = (await readFile(path)).subarray(positionBytes, positionBytes + sizeBytes);
      expect(isKey).toBe(true);
      expect(recoveryPointOf('h264', data)).toBeGreaterThan(0);
    }
    expect(said).toMatch(/\[refreshed\] its pictures are refreshed stripe by stripe/);
  });

  test('is shown whole across its files, but for the first refresh', async () => {
    using decoder = new VideoDecoder();
    let packets = 0;
    let errors = 0;
    for (const { path, mp4 } of refreshed) {
      const bytes = await readFile(path);
      for (const { samples } of mp4.fragments.flatMap(({ runs }) => runs)) {
        for (const { positionBytes, sizeBytes, isKey, pts, dts } of samples) {
          const data = bytes.subarray(positionBytes, positionBytes + sizeBytes);
          const track = refreshed[0]?.video;
          if (track === undefined) break;
          packets++;
          if (decoder.decode({ track, isKey, pts, dts, data }, () => undefined) !== undefined) errors++;
        }
      }
    }
    expect(errors).toBe(0);
    expect(decoder.counts.pictures).toBeGreaterThan(packets - 2 * TINY.rateFps);
  });
});

describe('a camera that hangs on its side', () => {
  test('is recorded as it comes, its files saying how to show it', () => {
    for (const { faults, video } of turned) {
      expect(faults).toEqual([]);
      expect(video).toMatchObject({
        widthPx: TINY.widthPx,
        heightPx: TINY.heightPx,
        orientation: { turnDegrees: 90, isMirrored: false },
      });
    }
    expect(said).toMatch(new RegExp(`\\[turned\\] connected: avc1\\S+ ${TINY.heightPx}x${TINY.widthPx}`));
  });

  test('is seen upright by whatever reads its files', () => {
    using file = new VideoFile(turned[0]?.path ?? '');
    const sizes = new Set<string>();
    while (file.advance((picture) => sizes.add(sizeOf(picture.readLuma()))));
    expect([...sizes]).toEqual([`${TINY.heightPx}x${TINY.widthPx}`]);
  });
});

function sizeOf({ widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number }): string {
  return `${widthPx}x${heightPx}`;
}
