import { execFileSync, spawnSync } from 'node:child_process';
import { onsets } from '../../src/sound/testing/tones.ts';
import { FLASH_LUMA, lateSeconds } from './flash-and-beep.ts';

const SOUND_RATE_HZ = 48_000;
const PICTURE_RATE_FPS = 100;

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

function ffmpeg(path: string, ...options: string[]): Buffer {
  const words = ['-v', 'error', '-i', path, ...options, '-'];
  return execFileSync('ffmpeg', words, { maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Decodes all of a file, picture and sound; throws what is wrong with it. */
export function decodeWhole(path: string): void {
  const { stderr } = spawnSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'], {
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(`${path} does not decode whole: ${stderr}`);
}

/** By how much each beep of a beacon camera's film is later than its flash, as a player shows and plays the file. */
export function lateSecondsAsPlayed(path: string): number[] {
  const rate = String(SOUND_RATE_HZ);
  const resampled = 'aresample=async=1:first_pts=0';
  const sound = ffmpeg(path, '-map', 'a', '-af', resampled, '-ac', '1', '-ar', rate, '-f', 'f32le');
  const filter = `fps=${PICTURE_RATE_FPS}:start_time=0,scale=2:2,format=gray`;
  const pictures = ffmpeg(path, '-map', 'v', '-vf', filter, '-f', 'rawvideo');
  const heard = new Float32Array(sound.buffer.slice(sound.byteOffset, sound.byteOffset + sound.byteLength));
  const flashes: number[] = [];
  for (let i = 1; i * 4 < pictures.length; i++) {
    const isOnset = (pictures[i * 4] ?? 0) > FLASH_LUMA && (pictures[i * 4 - 4] ?? 0) <= FLASH_LUMA;
    if (isOnset) flashes.push(i / PICTURE_RATE_FPS);
  }
  return lateSeconds(flashes, onsets(heard, SOUND_RATE_HZ));
}
