import type { Browser, Page } from 'playwright-core';
import { readBurntNumber } from '../../test/browser/burnt-number.ts';

/*
 * What a player in a browser shows, and when. The camera stamps into pictures when it sent them (a message of the stream, read as it
 * comes over the WebSocket) and burns a number into each (read from the screen): so it is known when each picture on the
 * screen was sent, whoever's player it is.
 */

/** As much of the picture's corner as holds the number, a pixel a dot of its letters. */
const CORNER = { widthPx: 112, heightPx: 16 };
/** Numbers so far from the last stamped one are not of the same round of the camera's loop. */
const MOST_APART = 100;
/** Pictures move when so many come one after the other, each within so many times the camera's interval. */
const MOVING = { pictures: 10, intervals: 3 };

interface Shown {
  /** In ms since 1970. */
  readonly atMs: number;
  readonly luma: readonly number[];
}

interface Stamp {
  readonly frame: number;
  readonly sentMs: number;
}

interface Watched {
  stamps: Stamp[];
  shown: Shown[];
  /** In ms since 1970. */
  openedMs: number | undefined;
  firstMs: number | undefined;
}

declare global {
  interface Window {
    watched: Watched;
  }
}

export interface BrowserReport {
  /** From the camera's sending to the screen, each picture's. */
  readonly latenciesMs: readonly number[];
  /** From opening the connection to the first picture on the screen. */
  readonly firstMs: number;
  /** The same to the first one after which they come as fast as the camera sends them. */
  readonly movesMs: number;
  readonly picturesASecond: number;
}

/** Opens the address, whose page plays one camera, and looks at what it shows. */
export async function watchInBrowser(
  browser: Browser,
  address: string,
  options: {
    readonly fps: number;
    readonly warmUpMs: number;
    readonly windowMs: number;
    readonly prepare?: (page: Page) => Promise<void>;
  },
): Promise<BrowserReport> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await options.prepare?.(page);
    await page.addInitScript(watch, CORNER);
    await page.goto(address);
    await page.waitForFunction(() => window.watched.firstMs !== undefined);
    await page.waitForTimeout(options.warmUpMs);
    const intervalMs = 1000 / options.fps;
    // Without the pixels: to hand out megabytes holds a page up, and its player with it.
    const early = await page.evaluate(() => {
      const { shown, openedMs } = window.watched;
      window.watched.shown = [];
      return { atMs: shown.map(({ atMs }) => atMs), openedMs };
    });
    const movesMs = movingFrom(early.atMs, intervalMs) - (early.openedMs ?? Number.NaN);
    await page.waitForTimeout(options.windowMs);
    const { stamps, shown, firstMs = Number.NaN } = await page.evaluate(() => window.watched);
    const latenciesMs = shown.flatMap((one) => latencyOf(one, stamps, intervalMs));
    return { latenciesMs, firstMs, movesMs, picturesASecond: (1000 * shown.length) / options.windowMs };
  } finally {
    await context.close();
  }
}

function latencyOf({ atMs, luma }: Shown, stamps: readonly Stamp[], intervalMs: number): number[] {
  const number = readBurntNumber(luma, CORNER.widthPx, 1);
  if (number === undefined) return [];
  const near = stamps.findLast(
    ({ frame, sentMs }) => Math.abs(frame - number) < MOST_APART && sentMs < atMs && atMs - sentMs < 10_000,
  );
  return near === undefined ? [] : [atMs - near.sentMs - (number - near.frame) * intervalMs];
}

/** Since when pictures that were shown then have moved. */
function movingFrom(shownMs: readonly number[], intervalMs: number): number {
  const isLate = shownMs.map((atMs, at) => {
    const nextMs = shownMs[at + 1];
    return nextMs === undefined || nextMs - atMs > MOVING.intervals * intervalMs;
  });
  return shownMs.find((_, at) => !isLate.slice(at, at + MOVING.pictures).includes(true)) ?? Number.NaN;
}

/** Runs in the page, before its own code. */
function watch(corner: { readonly widthPx: number; readonly heightPx: number }): void {
  const watched: Watched = { stamps: [], shown: [], openedMs: undefined, firstMs: undefined };
  window.watched = watched;
  const Plain = WebSocket;
  window.WebSocket = class extends Plain {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      if (!/api\/(live|ws)/.test(String(url))) return;
      watched.openedMs ??= performance.timeOrigin + performance.now();
      this.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (!(data instanceof ArrayBuffer)) return;
        const text = new TextDecoder('latin1').decode(data);
        const found = /PREROLL \S+ \d+ ([\d.]+) yard=(\d+)/.exec(text);
        if (found !== null) watched.stamps.push({ frame: Number(found[2]), sentMs: Number(found[1]) * 1000 });
      });
    }
  };
  const canvas = document.createElement('canvas');
  canvas.width = corner.widthPx;
  canvas.height = corner.heightPx;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const look = (video: HTMLVideoElement): void => {
    video.requestVideoFrameCallback((_now, { expectedDisplayTime }) => {
      watched.firstMs ??= performance.timeOrigin + expectedDisplayTime - (watched.openedMs ?? 0);
      // As in `src/media/burnt-text`: how large a dot of its letters is.
      const dotPx = Math.max(1, Math.round(video.videoHeight / 360));
      if (context !== null) {
        context.imageSmoothingEnabled = false;
        const [width, height] = [corner.widthPx, corner.heightPx];
        context.drawImage(video, 0, 0, width * dotPx, height * dotPx, 0, 0, width, height);
        const { data } = context.getImageData(0, 0, width, height);
        const luma = Array.from({ length: width * height }, (_, at) => data[at * 4 + 1] ?? 0);
        watched.shown.push({ atMs: performance.timeOrigin + expectedDisplayTime, luma });
      }
      look(video);
    });
  };
  const seen = new WeakSet<HTMLVideoElement>();
  new MutationObserver(() => {
    for (const video of document.querySelectorAll('video')) {
      if (seen.has(video)) continue;
      seen.add(video);
      look(video);
    }
  }).observe(document, { childList: true, subtree: true });
}
