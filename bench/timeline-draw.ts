import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { wallMs } from '../src/base/time.ts';
import type { IndexQueries } from '../src/db/archive-index.ts';
import { timelineAnswerOf } from '../src/http/timeline-answer.ts';
import type { LocalTime } from '../web/timeline/canvas/local-time.ts';
import type { Painter } from '../web/timeline/canvas/painter.ts';
import type { sceneOf } from '../web/timeline/canvas/scene.ts';
import type { readTheme } from '../web/timeline/canvas/theme.ts';
import type { tracksOf } from '../web/timeline/canvas/track.ts';
import type { makeFormat } from '../web/text/format.ts';

const CAMERAS = Array.from({ length: 16 }, (_, at) => `camera ${at + 1}`);
const EVENTS_A_DAY = 500;
const GAPS_A_DAY = 10;
/** Clocks are changed within the month. */
const START = Date.UTC(2026, 9, 10);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FRAMES = 120;
/** A window of a desktop. */
const WIDTH_PX = 1_440;
const HEIGHT_PX = 440;

/** What is drawn: the longest of the levels that `web/timeline/canvas/tiles` asks for. */
const SPANS = [
  { name: 'a day', spanMs: DAY_MS, resolutionMs: 40_000 },
  { name: 'a month', spanMs: 31 * DAY_MS, resolutionMs: 1_280_000 },
] as const;

export interface DrawnTimeline {
  readonly name: string;
  /** Device pixels a CSS pixel. */
  readonly scale: number;
  /** The answer's JSON. */
  readonly bytes: number;
  /** To make it of what the index tells. */
  readonly answeredMs: number;
  /** From the answer to what is drawn of it. */
  readonly decodedMs: number;
  /** Each picture: layout and painting, until its pixels are there. */
  readonly frameMs: readonly number[];
}

/** What the page is given. */
interface Canvas {
  readonly LocalTime: typeof LocalTime;
  readonly Painter: typeof Painter;
  readonly sceneOf: typeof sceneOf;
  readonly readTheme: typeof readTheme;
  readonly tracksOf: typeof tracksOf;
  readonly makeFormat: typeof makeFormat;
}

/** Draws a day and a month of 16 cameras with 500 events a day each, moving by a few pixels from picture to picture. */
export async function measureDrawing(browser: Browser): Promise<readonly DrawnTimeline[]> {
  const script = await bundle();
  const measured: DrawnTimeline[] = [];
  for (const scale of [1, 2]) {
    for (const span of SPANS) measured.push(await draw(browser, script, span, scale));
  }
  return measured;
}

/** Stands in for the index: what it would tell of a span of these days. */
function made(spanMs: number): Pick<IndexQueries, 'timeline' | 'motion'> {
  const labels = [['motion'], ['manual']];
  const zones: readonly string[] = [];
  const days = spanMs / DAY_MS;
  const span = (startMs: number, lengthMs: number) => ({
    startWallMs: wallMs(START + startMs),
    endWallMs: wallMs(START + startMs + lengthMs),
  });
  const timelines = CAMERAS.map((camera, at) => ({
    camera,
    recorded: Array.from({ length: days * GAPS_A_DAY }, (_, number) =>
      span((number * DAY_MS) / GAPS_A_DAY + 300_000 + at * 60_000, DAY_MS / GAPS_A_DAY - 300_000),
    ),
    gaps: Array.from({ length: days * GAPS_A_DAY }, (_, number) => ({
      camera,
      ...span((number * DAY_MS) / GAPS_A_DAY + at * 60_000, 300_000),
      cause: number % 3 === 0 ? ('unreachable' as const) : ('policy' as const),
      detail: '',
    })),
    events: Array.from({ length: days * EVENTS_A_DAY }, (_, number) => {
      const startMs = Math.round((number * DAY_MS) / EVENTS_A_DAY + 60_000 * Math.sin(number * (at + 1)));
      return {
        ...span(startMs, 25_000),
        triggerWallMs: wallMs(START + startMs + 5_000),
        causes: labels[number % 20 === 0 ? 1 : 0] ?? [],
        zones,
        peakScore: 2_400,
        isKept: false,
      };
    }).toSorted((a, b) => a.startWallMs - b.startWallMs),
  }));
  const motion = (slotMs: number) =>
    CAMERAS.map((camera) => ({
      camera,
      startWallMs: wallMs(START),
      intensity: Uint8Array.from({ length: spanMs / slotMs }, (_, slot) => 1 + ((slot * 7_919) % 251)),
    }));
  return {
    timeline: () => Promise.resolve(timelines),
    motion: (_extent, slotMs) => Promise.resolve(motion(slotMs)),
  };
}

async function draw(
  browser: Browser,
  script: string,
  { name, spanMs, resolutionMs }: (typeof SPANS)[number],
  scale: number,
): Promise<DrawnTimeline> {
  const index = made(spanMs);
  const beganMs = performance.now();
  const answer = await timelineAnswerOf(index, {
    cameras: CAMERAS,
    fromWallMs: wallMs(START),
    toWallMs: wallMs(START + spanMs),
    resolutionMs,
    nowWallMs: wallMs(START + spanMs),
    timeZone: 'Europe/Berlin',
  });
  const answeredMs = performance.now() - beganMs;
  const context = await browser.newContext({ deviceScaleFactor: scale });
  try {
    const page = await context.newPage();
    await page.addScriptTag({ content: script });
    const input = { answer, frames: FRAMES, width: WIDTH_PX, height: HEIGHT_PX, scale };
    const taken = await page.evaluate(({ answer: told, frames, width, height, scale: device }) => {
      const canvas = (window as unknown as { readonly timelineCanvas: Canvas }).timelineCanvas;
      const element = document.createElement('canvas');
      element.width = width * device;
      element.height = height * device;
      document.body.append(element);
      const pen = element.getContext('2d');
      if (pen === null) throw new Error('no canvas');
      pen.setTransform(device, 0, 0, device, 0, 0);
      const decodingMs = performance.now();
      const tracks = canvas.tracksOf(told);
      const decodedMs = performance.now() - decodingMs;
      const time = new canvas.LocalTime(told.timeZone);
      const labels = canvas.makeFormat('en-GB', told.timeZone);
      const painter = new canvas.Painter(pen, canvas.readTheme(document.body), labels);
      const msPerPx = (told.toMs - told.fromMs) / width;
      const frameMs: number[] = [];
      for (let frame = 0; frame < frames; frame += 1) {
        const view = { fromMs: told.fromMs + frame * 3 * msPerPx, msPerPx, widthPx: width };
        const startMs = performance.now();
        const scene = canvas.sceneOf({
          view,
          heightPx: height,
          cameras: told.cameras.map(({ camera }) => camera),
          slices: [{ fromMs: told.fromMs, toMs: told.toMs, tracks }],
          time,
          presentMs: told.nowMs,
          playheadMs: told.fromMs + (told.toMs - told.fromMs) / 2,
          selection: undefined,
        });
        painter.paint(scene, told.nowMs, true);
        // Browsers put drawing off; reading a pixel waits for all of it.
        pen.getImageData(0, 0, 1, 1);
        frameMs.push(performance.now() - startMs);
      }
      return { decodedMs, frameMs };
    }, input);
    return { name, scale, bytes: JSON.stringify(answer).length, answeredMs, ...taken };
  } finally {
    await context.close();
  }
}

/** The parts of the canvas as one script, `window.timelineCanvas`. */
async function bundle(): Promise<string> {
  const entry = join(process.cwd(), 'node_modules', '.cache', 'timeline-canvas.ts');
  const parts = {
    LocalTime: 'timeline/canvas/local-time',
    Painter: 'timeline/canvas/painter',
    sceneOf: 'timeline/canvas/scene',
    readTheme: 'timeline/canvas/theme',
    tracksOf: 'timeline/canvas/track',
    makeFormat: 'text/format',
  } satisfies Record<keyof Canvas, string>;
  const source = Object.entries(parts)
    .map(
      ([name, file]) =>
        `export { ${name} } from ${JSON.stringify(join(process.cwd(), 'web', `${file}.ts`))};`,
    )
    .join('\n');
  await mkdir(dirname(entry), { recursive: true });
  await writeFile(entry, source);
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry, formats: ['iife'], name: 'timelineCanvas', fileName: 'canvas' },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunk = outputs
    .flatMap((one) => ('output' in one ? one.output : []))
    .find(({ type }) => type === 'chunk');
  if (chunk?.type !== 'chunk') throw new Error('the timeline was not built');
  // A script of a page sees its own names only as `var`s of the window.
  return `${chunk.code}\nwindow.timelineCanvas = timelineCanvas;`;
}
