import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../src/base/clock.ts';
import { makeFolder, PrerollProcess, writeConfig, type Ended } from '../../e2e/preroll-process.ts';
import { testClip } from '../../fake-camera/clips.ts';
import { FakeCamera } from '../../fake-camera/fake-camera.ts';
import { judgeFootage, type Footage } from '../../faults/trial.ts';
import { JpegCamera } from '../../sources/jpeg-camera.ts';
import { jpegPictures } from '../../sources/jpeg-pictures.ts';
import { muxClip } from '../../sources/mux-clip.ts';
import { Random } from '../random.ts';
import { hostileClip } from './hostile-clip.ts';
import { hostileJpeg } from './source-trials.ts';

/** Of the hostile cameras; the other one plays at the usual 10. */
const HOSTILE_RATE_FPS = 50;
const LOOK_MS = 100;

export interface HostileNeighbours {
  readonly ended: Ended;
  /** Of the camera that sends what it should. */
  readonly healthy: Footage;
  /** Of its pictures were sent from when it was being recorded until the recorder was stopped. */
  readonly sent: number;
  readonly stderr: string;
}

/**
 * One recorder with a camera that is well, and beside it cameras of each kind that send so many pictures, most of them
 * damaged: analysed, re-encoded, encoded by their source, recorded as they come.
 */
export async function recordBesideHostile(pictures: number, seed: number): Promise<HostileNeighbours> {
  const random = new Random(seed);
  await using folder = await makeFolder();
  const well = await testClip({ loopSeconds: 4 });
  const [h264, h265] = [
    await testClip({ loopSeconds: 4, hasSound: true }),
    await testClip({ loopSeconds: 4, codec: 'h265' }),
  ].map((clip) => ({ ...hostileClip(clip, random, pictures), rateFps: HOSTILE_RATE_FPS }));
  if (h264 === undefined || h265 === undefined) throw new Error('expected two clips');
  const clock = systemClock;
  await using healthy = await FakeCamera.start({ clock, main: well, name: 'healthy' });
  await using one = await FakeCamera.start({ clock, main: h264 });
  await using other = await FakeCamera.start({ clock, main: h265 });
  const whole = jpegPictures(well);
  await using old = await JpegCamera.start({
    pictures: Array.from({ length: pictures }, (_, i) => hostileJpeg(whole, random, i)),
    rateFps: HOSTILE_RATE_FPS,
  });
  await muxClip({ clip: h264, format: 'mp4', to: join(folder.path, 'hostile.mp4'), isDamaged: true });
  const reencode = { widthPx: 160, encoder: 'software' };
  await writeConfig(folder.path, {
    archive: { segmentLength: '5s' },
    cameras: {
      healthy: { url: healthy.url, mode: 'always+motion' },
      h264: { url: one.url, audio: true, mode: 'always+motion' },
      h265: { url: other.url, mode: 'always+motion' },
      'h264-small': { url: one.url, mode: 'always', reencode },
      'h265-small': { url: other.url, mode: 'always', reencode },
      mjpeg: { url: old.url('video'), mode: 'always+motion' },
      file: { url: 'file:hostile.mp4', audio: true, mode: 'always+motion' },
    },
  });
  await using preroll = PrerollProcess.start(['run'], { folder: folder.path });
  await preroll.says('[healthy] recording to');
  const [from, fromOld, fromHealthy] = [one.framesSent(), old.sent, healthy.framesSent()];
  while (one.framesSent() - from < pictures || old.sent - fromOld < pictures) await delay(LOOK_MS);
  const sent = healthy.framesSent() - fromHealthy;
  const ended = await preroll.interrupt();
  const footage = await judgeFootage([join(folder.path, 'archive')], ['healthy']);
  return { ended, healthy: footage, sent, stderr: preroll.stderr };
}
