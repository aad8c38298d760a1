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
const MEASURED_MS = 30_000;
/**
 * When it is measured, since the start. A camera runs for days; what runs 15 times a second, V8 compiles in the first three
 * minutes, and until then our own part costs twice as much.
 */
const YOUNG_MS = 60_000;
const SETTLED_MS = [180_000, 210_000, 240_000];
const SIZE = { widthPx: 640, heightPx: 360 };

// Compiled to node_modules/.cache/bench/bench.
const root = fileURLToPath(new URL('../../../../', import.meta.url));

interface Reading {
  readonly cpuMsPerSecond: number;
  readonly pssMib: number;
}

interface Readings {
  readonly young: Reading;
  readonly settled: readonly Reading[];
}

async function measure(command: string, args: readonly string[], input: string): Promise<Readings> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(input);
  child.stdout.resume();
  const { pid = -1 } = child;
  const startedMs = performance.now();
  const readAt = async (ms: number): Promise<Reading> => {
    await delay(startedMs + ms - performance.now());
    const before = await readProcess(pid);
    const beganMs = performance.now();
    await delay(startedMs + ms + MEASURED_MS - beganMs);
    const after = await readProcess(pid);
    const seconds = (performance.now() - beganMs) / 1_000;
    return { cpuMsPerSecond: (after.cpuMs - before.cpuMs) / seconds, pssMib: after.pssMib };
  };
  const readings = {
    young: await readAt(YOUNG_MS),
    settled: await Promise.all(SETTLED_MS.map(readAt)),
  };
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  return readings;
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
const [preroll, ffmpeg] = await Promise.all([
  measure(
    process.execPath,
    ['--single-threaded-gc', '--max-semi-space-size=1', `${root}dist/source-main.js`],
    JSON.stringify(order),
  ),
  measure('ffmpeg', ffmpegArgs, ''),
]);

const ratio = (ours: Reading, theirs: Reading | undefined) =>
  theirs === undefined ? Number.NaN : ours.cpuMsPerSecond / theirs.cpuMsPerSecond;
const ratios = preroll.settled.map((reading, i) => ratio(reading, ffmpeg.settled[i]));
const cells = ({ young, settled }: Readings) =>
  [
    young.cpuMsPerSecond,
    median(settled.map(({ cpuMsPerSecond }) => cpuMsPerSecond)),
    median(settled.map(({ pssMib }) => pssMib)),
  ]
    .map((value) => value.toFixed(1))
    .join(' | ');
const report = `# An MJPEG camera, encoded to be recorded

## Machine

${describeMachine()
  .map((line) => `- ${line}`)
  .join('\n')}
- ${new Date().toISOString().slice(0, 10)}

## Method

- one camera on loopback, ${SIZE.widthPx}x${SIZE.heightPx} at ${RATE_FPS} pictures a second as MJPEG over HTTP, decoded and encoded by libx264
  (veryfast, CRF 23, no B pictures, five pictures of lookahead, one thread), by a source process and by the \`ffmpeg\` program
- both at once; user and system time of each process, over ${MEASURED_MS / 1_000} s: once after a minute, when Node has not compiled all of it,
  and ${SETTLED_MS.length} times from the fourth minute on, of which these are the medians, with its PSS
- ${versionOf('ffmpeg', ['-version']) ?? 'no ffmpeg'}

| | CPU ms/s after a minute | from the fourth on | PSS MiB | CPU after a minute, as a ratio | from the fourth on |
|---|---|---|---|---|---|
| source process | ${cells(preroll)} | ${ratio(preroll.young, ffmpeg.young).toFixed(2)} | ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)}) |
| ffmpeg | ${cells(ffmpeg)} | 1 | 1 |
`;
await writeFile(`${root}bench/results/mjpeg.md`, report);
process.stdout.write(report);
