import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { ClipSpec } from '../src/demo/clip-spec.ts';
import { findChromium, programName } from '../test/browser/chromium.ts';
import { launchChromium } from '../test/browser/launch-chromium.ts';
import { makePlayer, seek, shownNumber } from '../test/browser/player-page.ts';
import { startPlayerSite, type PlayerSite } from '../test/browser/player-site.ts';
import { frameAt } from '../test/footage/clip-footage.ts';
import { describeMachine } from './machine.ts';
import { measureDrawing, type DrawnTimeline } from './timeline-draw.ts';

/*
 * npm run bench:playback
 *
 * How fast the playback player shows what it is asked for, in Chromium, over HTTP on this machine, from an archive of a day:
 * 1,440 files of a minute each, whose content repeats (they are one file on disk under 1,440 names). Every moment that is
 * asked for is a random one that was not asked for before. Each picture is looked at: its burnt-in number has to be the one
 * that was recorded at that moment.
 */

const START = Date.UTC(2026, 10, 27);
const DAY_MINUTES = 1440;
const DAY_MS = DAY_MINUTES * 60_000;
const SEEKS = 60;
const WARM_UP = 5;
const SCRUB_MS = 5_000;
const RESULTS = join('bench', 'results');

const YARD = {
  loopSeconds: 20,
  variant: 0,
  codec: 'h264',
  gopSeconds: 2,
  bFrames: 0,
  hasSound: false,
} as const;
const STREAMS: readonly { readonly name: string; readonly spec: ClipSpec }[] = [
  { name: 'main', spec: { ...YARD, widthPx: 1920, heightPx: 1080, rateFps: 25, bitrateBps: 4_000_000 } },
  { name: 'sub', spec: { ...YARD, widthPx: 640, heightPx: 360, rateFps: 15, bitrateBps: 400_000 } },
];

interface Measured {
  readonly stream: string;
  /** How pictures are decoded: `WebCodecs`, or `video` where a page has none (plain HTTP from another machine). */
  readonly by: 'WebCodecs' | 'video';
  readonly seekMs: readonly number[];
  readonly wrong: number;
  readonly bytesPerSeek: number;
  readonly scrubbedPerSecond: number;
  readonly playStartMs: readonly number[];
}

async function measure(
  browser: Browser,
  site: PlayerSite,
  stream: string,
  by: Measured['by'],
): Promise<Measured> {
  const page = await (await browser.newContext()).newPage();
  try {
    if (by === 'video') await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'VideoDecoder'));
    await page.goto(site.url);
    await makePlayer(page, [stream]);
    const random = seededRandom(20261127);
    for (let i = 0; i < WARM_UP; i += 1) await seek(page, START + Math.floor(random() * DAY_MS));
    const seeks = await measureSeeks(page, site, stream, random);
    const scrubbedPerSecond = await measureScrubbing(page);
    return { stream, by, ...seeks, scrubbedPerSecond, playStartMs: await measureStarts(page, random) };
  } finally {
    await page.context().close();
  }
}

async function measureSeeks(page: Page, site: PlayerSite, stream: string, random: () => number) {
  const options = site.cameras.get(stream);
  if (options === undefined) throw new Error(`no camera ${stream}`);
  const seekMs: number[] = [];
  let [wrong, bytes] = [0, 0];
  for (let i = 0; i < SEEKS; i += 1) {
    const atMs = START + Math.floor(random() * DAY_MS);
    const took = await page.evaluate(async (wallMs) => {
      performance.clearResourceTimings();
      const beganMs = performance.now();
      await window.player.seek(wallMs);
      const ms = performance.now() - beganMs;
      const fetched = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      return { ms, bytes: fetched.reduce((sum, one) => sum + one.transferSize, 0) };
    }, atMs);
    seekMs.push(took.ms);
    bytes += took.bytes;
    if ((await shownNumber(page, stream)) !== frameAt(options, atMs)) wrong += 1;
  }
  return { seekMs, wrong, bytesPerSeek: bytes / SEEKS };
}

/** The pointer goes over the whole day, 60 movements a second. */
async function measureScrubbing(page: Page): Promise<number> {
  return await page.evaluate(
    async ([startMs, dayMs, forMs]) => {
      let pictures = 0;
      let lastMs: number | undefined;
      const end = window.player.subscribe(() => {
        const pictureMs = window.player.view.cameras[0]?.pictureMs;
        if (pictureMs !== undefined && pictureMs !== lastMs) pictures += 1;
        lastMs = pictureMs;
      });
      const beganMs = performance.now();
      for (let atMs = 0; atMs < forMs; atMs = performance.now() - beganMs) {
        window.player.scrub(startMs + Math.floor((atMs / forMs) * dayMs));
        await new Promise((resolve) => setTimeout(resolve, 16));
      }
      end();
      return (pictures * 1000) / (performance.now() - beganMs);
    },
    [START, DAY_MS, SCRUB_MS] as const,
  );
}

/** From `play` at a picture that has stood for a second until the clock goes. */
async function measureStarts(page: Page, random: () => number): Promise<readonly number[]> {
  const startMs: number[] = [];
  for (let i = 0; i < 10; i += 1) {
    await seek(page, START + Math.floor(random() * DAY_MS));
    await page.waitForTimeout(1_000);
    const took = await page.evaluate(async () => {
      const beganMs = performance.now();
      const fromMs = window.player.nowMs();
      window.player.play();
      while (window.player.nowMs() <= fromMs) await new Promise((resolve) => requestAnimationFrame(resolve));
      const ms = performance.now() - beganMs;
      window.player.pause();
      return ms;
    });
    startMs.push(took);
  }
  return startMs;
}

/** Mulberry32, so that each run asks for the same moments. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function share(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

interface Report {
  readonly measured: readonly Measured[];
  readonly drawn: readonly DrawnTimeline[];
  readonly machine: readonly string[];
  readonly version: string;
}

function report({ measured, drawn, machine, version }: Report): string {
  const rows = measured.map(({ stream, by, seekMs, wrong, bytesPerSeek, scrubbedPerSecond, playStartMs }) => {
    const spec = STREAMS.find(({ name }) => name === stream)?.spec;
    return [
      `${spec?.widthPx}x${spec?.heightPx}, ${spec?.rateFps} fps`,
      by,
      share(seekMs, 0.5).toFixed(0),
      share(seekMs, 0.95).toFixed(0),
      `${wrong} of ${seekMs.length}`,
      (bytesPerSeek / 1e6).toFixed(2),
      scrubbedPerSecond.toFixed(0),
      share(playStartMs, 0.5).toFixed(0),
    ].join(' | ');
  });
  return [
    '# Playback: how soon a picture is there',
    [...machine, version, new Date().toISOString().slice(0, 10)].map((line) => `- ${line}`).join('\n'),
    `A day of footage in 1,440 files of a minute (H.264, a key picture every 2 s, 4 Mbit/s and 0.4 Mbit/s), the server in the
process that measures, Chromium without a graphics card on the same machine. ${SEEKS} seeks to random moments never asked for
before: until the picture of that very moment is drawn, its burnt-in number read each time. Scrubbing: a pointer that crosses
the day in ${SCRUB_MS / 1000} s. Start: from \`play\` on a picture that stood for a second until the clock goes.`,
    [
      '| footage | decoded by | seek p50 ms | p95 ms | wrong pictures | MB a seek | scrubbed pictures/s | start p50 ms |',
      '|---|---|---|---|---|---|---|---|',
      ...rows.map((row) => `| ${row} |`),
    ].join('\n'),
    '`video` is what pages without WebCodecs do: those that came over plain HTTP from another machine.',
    '# The timeline: how long a picture of it takes',
    `16 cameras with 500 events a day each, 10 gaps, and motion all day; 1440 x 440 CSS pixels, moved by 3 from picture to picture.
A picture is laid out and painted, and its pixels are waited for. Made: of what the index tells.`,
    [
      '| shown | device pixels a CSS pixel | picture p50 ms | p95 ms | answer kB | made in ms | decoded in ms |',
      '|---|---|---|---|---|---|---|',
      ...drawn.map((one) => {
        const { name, scale, frameMs, bytes, answeredMs, decodedMs } = one;
        const times = [share(frameMs, 0.5), share(frameMs, 0.95)].map((ms) => ms.toFixed(1));
        const answer = [(bytes / 1e3).toFixed(0), answeredMs.toFixed(0), decodedMs.toFixed(1)];
        return `| ${[name, scale, ...times, ...answer].join(' | ')} |`;
      }),
    ].join('\n'),
    '',
  ].join('\n\n');
}

const machine = describeMachine();
const minutes = Array.from({ length: DAY_MINUTES }, (_, minute) => minute);
await using site = await startPlayerSite(
  STREAMS.map(({ name, spec }) => ({ camera: name, spec, startWallMs: START, minutes })),
);
const chromium = await findChromium();
const browser = await launchChromium(chromium);
try {
  const measured: Measured[] = [];
  for (const { name } of STREAMS) {
    for (const by of ['WebCodecs', 'video'] as const) measured.push(await measure(browser, site, name, by));
  }
  const drawn = await measureDrawing(browser);
  const text = report({
    measured,
    drawn,
    machine,
    version: `Chromium ${browser.version()} (${programName(chromium)})`,
  });
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, 'playback.md'), text);
  await writeFile(
    join(RESULTS, 'playback.json'),
    `${JSON.stringify({ subject: 'playback', machine, measured, drawn }, null, 2)}\n`,
  );
  process.stdout.write(text);
} finally {
  await browser.close();
}
