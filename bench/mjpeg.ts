import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PLAIN_ENCODING } from '../src/config/resolve-reencode.ts';
import { testClip } from '../test/fake-camera/clips.ts';
import { JpegCamera } from '../test/sources/jpeg-camera.ts';
import { jpegPictures } from '../test/sources/jpeg-pictures.ts';
import { versionOf } from './child.ts';
import { describeMachine } from './machine.ts';
import { median } from './median.ts';
import { readProcess } from './process-usage.ts';

/*
 * What it costs to record an MJPEG camera: a source process and the ffmpeg program beside each other, on the same stream and
 * with the same encoder settings.
 */

const RATE_FPS = 15;
const ROUNDS = 3;
/** A camera runs for days, and Node compiles for a minute. */
const WARM_UP_MS = 60_000;
const MEASURED_MS = 20_000;
const SIZE = { widthPx: 640, heightPx: 360 };

// Compiled to node_modules/.cache/bench/bench.
const root = fileURLToPath(new URL('../../../../', import.meta.url));

interface Reading {
  readonly cpuMsPerSecond: number;
  readonly pssMib: number;
}

async function measure(command: string, args: readonly string[], input: string): Promise<Reading> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(input);
  child.stdout.resume();
  const { pid = -1 } = child;
  await delay(WARM_UP_MS);
  const before = await readProcess(pid);
  await delay(MEASURED_MS);
  const after = await readProcess(pid);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  return {
    cpuMsPerSecond: (after.cpuMs - before.cpuMs) / (MEASURED_MS / 1_000),
    pssMib: after.pssMib,
  };
}

const clip = await testClip({ ...SIZE, rateFps: RATE_FPS, loopSeconds: 20, bitrateBps: 4_000_000 });
await using camera = await JpegCamera.start({ pictures: jpegPictures(clip), rateFps: RATE_FPS });
const url = camera.url('video');
const order = {
  input: { kind: 'network', protocol: 'http', everyMs: 1_000, url },
  audio: false,
  encoding: { reencode: { ...PLAIN_ENCODING, encoder: 'software' }, camera: 'bench', timeZone: 'utc' },
};
const ffmpegArgs = (
  `-v error -use_wallclock_as_timestamps 1 -i ${url} -c:v libx264 -preset veryfast -crf 23 -bf 0 -threads 1 ` +
  `-x264-params rc-lookahead=5:scenecut=0 -force_key_frames expr:gte(t,n_forced*2) -f mpegts pipe:1`
).split(' ');
const readings: { readonly preroll: Reading; readonly ffmpeg: Reading }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  // oxlint-disable-next-line no-await-in-loop -- one round after the other.
  const [preroll, ffmpeg] = await Promise.all([
    measure(
      process.execPath,
      ['--single-threaded-gc', '--max-semi-space-size=1', `${root}dist/source-main.js`],
      JSON.stringify(order),
    ),
    measure('ffmpeg', ffmpegArgs, ''),
  ]);
  readings.push({ preroll, ffmpeg });
}

const ratios = readings.map(({ preroll, ffmpeg }) => preroll.cpuMsPerSecond / ffmpeg.cpuMsPerSecond);
const cell = (read: (reading: (typeof readings)[number]) => number) => median(readings.map(read)).toFixed(1);
const report = `# An MJPEG camera, encoded to be recorded

## Machine

${describeMachine()
  .map((line) => `- ${line}`)
  .join('\n')}
- ${new Date().toISOString().slice(0, 10)}

## Method

- one camera on loopback, ${SIZE.widthPx}x${SIZE.heightPx} at ${RATE_FPS} pictures a second as MJPEG over HTTP, decoded and encoded by libx264
  (veryfast, CRF 23, no B pictures, five pictures of lookahead, one thread), by a source process and by the \`ffmpeg\` program
- ${ROUNDS} rounds, both at once; ${WARM_UP_MS / 1_000} s of warm-up, then ${MEASURED_MS / 1_000} s measured; user and system time of the process, and its PSS; medians
- ${versionOf('ffmpeg', ['-version']) ?? 'no ffmpeg'}

| | CPU ms/s | PSS MiB | CPU, as a ratio |
|---|---|---|---|
| source process | ${cell(({ preroll }) => preroll.cpuMsPerSecond)} | ${cell(({ preroll }) => preroll.pssMib)} | ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)}) |
| ffmpeg | ${cell(({ ffmpeg }) => ffmpeg.cpuMsPerSecond)} | ${cell(({ ffmpeg }) => ffmpeg.pssMib)} | 1 |
`;
await writeFile(`${root}bench/results/mjpeg.md`, report);
process.stdout.write(report);
