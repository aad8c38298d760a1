import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE_FOLDER, FOOTAGE, MAKE_MEDIA } from './requirements.ts';
import { runToEnd } from './run-to-end.ts';

/** Encodings of the footage as cameras would send it. */
export const CLIPS = {
  /** 1280x720 H.264, 15 fps, a GOP of 2 s. */
  main: clip('main'),
  /** 640x360 H.264, 10 fps. */
  sub: clip('sub'),
  /** 704x576 H.264, 15 fps: what `main` becomes when someone changes the camera's settings. */
  alt: clip('alt'),
  /** 1280x720 H.265, 15 fps. */
  h265: clip('h265'),
  /** 640x360 H.264 with B frames, 15 fps, a GOP of up to 10 s. */
  bframes: clip('bframes'),
} as const;

/** Makes the encodings once; takes two minutes. */
export async function makeClips(): Promise<void> {
  if (Object.values(CLIPS).every((path) => existsSync(path))) return;
  await mkdir(CACHE_FOLDER, { recursive: true });
  const { code, stderr } = await runToEnd(MAKE_MEDIA, [FOOTAGE, CACHE_FOLDER, 'obo']);
  if (code !== 0) throw new Error(`making the clips failed: ${stderr}`);
}

function clip(name: string): string {
  return join(CACHE_FOLDER, `obo_${name}.mp4`);
}
