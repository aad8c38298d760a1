import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { openChildSource } from '../../../src/camera/child-source.ts';
import { SourceError } from '../../../src/camera/source-error.ts';
import type { OpenedInput } from '../../../src/config/config.ts';
import { PLAIN_ENCODING } from '../../../src/config/resolve-reencode.ts';
import type { ClipSpec } from '../../../src/demo/clip-spec.ts';
import { testClip } from '../../fake-camera/clips.ts';
import { jpegPictures } from '../../sources/jpeg-pictures.ts';
import { muxClip } from '../../sources/mux-clip.ts';
import type { Random } from '../random.ts';
import type { ChildTrial, TrialEnd } from './child-trial.ts';
import { hostileClip, perhapsDamaged } from './hostile-clip.ts';

/*
 * The source process, fed by a file and by an old camera on HTTP.
 */

/** So many pictures a second in the file: each is told when it is due. */
const FILE_RATE_FPS = 1_000;
const JPEG_WORDS = [0xc0, 0xc4, 0xd8, 0xd9, 0xda, 0xdb, 0xdd].map((marker) => Uint8Array.of(0xff, marker));

/** @param format FFmpeg's name of a container. */
export function fileTrial(
  format: 'mp4' | 'mpegts' | 'matroska' | 'nut',
  spec: Partial<ClipSpec>,
): ChildTrial {
  return {
    name: `source-${format}`,
    async run(random, packets) {
      const clip = await testClip(spec);
      return await withFolder(async (folder) => {
        const path = join(folder, 'hostile');
        const hostile = { ...hostileClip(clip, random, packets), rateFps: FILE_RATE_FPS };
        await muxClip({ clip: hostile, format, to: path, isDamaged: true });
        return await readAll({ kind: 'file', path, isLooped: false, text: 'file:hostile' });
      });
    },
  };
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'preroll-fuzz-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function jpegTrial(): ChildTrial {
  return {
    name: 'source-mjpeg',
    async run(random, packets) {
      const pictures = jpegPictures(await testClip({ loopSeconds: 4 }));
      const server = createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=picture' });
        for (let i = 0; i < packets; i++) {
          const jpeg = hostileJpeg(pictures, random, i);
          response.write(
            `--picture\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.byteLength}\r\n\r\n`,
          );
          response.write(jpeg);
          response.write('\r\n');
        }
        response.end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/video`;
        return await readAll({ kind: 'network', protocol: 'http', everyMs: 1_000, url });
      } finally {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

export function hostileJpeg(pictures: readonly Uint8Array[], random: Random, index: number): Uint8Array {
  const picture = pictures[index % pictures.length] ?? Uint8Array.of(0);
  // The first tells what comes.
  return index === 0 ? picture : perhapsDamaged(random, picture, [picture, ...JPEG_WORDS]);
}

/** Plays it to its end, which is an error. */
async function readAll(input: OpenedInput): Promise<TrialEnd> {
  const encoding = {
    reencode: { ...PLAIN_ENCODING, encoder: 'software' },
    camera: 'hostile',
    timeZone: 'utc',
  } as const;
  const never = new AbortController().signal;
  let answered = 0;
  try {
    const program = join(process.cwd(), 'dist', 'source-main.js');
    await using source = await openChildSource(
      { program, order: { input, audio: true, encoding }, clock: systemClock },
      never,
    );
    await source.play(() => void (answered += 1), never);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const isItsEnd = error.kind === 'closed' || error.kind === 'finished';
    return { answered, death: isItsEnd ? undefined : `${error.kind}: ${error.message}` };
  }
  return { answered, death: undefined };
}
