import type { Page } from 'playwright-core';
import type { Player } from '../../web/player/playback/player.ts';
import { dotSizePx } from '../../src/media/burnt-text.ts';
import { readBurntNumber } from './burnt-number.ts';

declare global {
  interface Window {
    /** What the page of `player-site.ts` was given. */
    playback: {
      createPlayer(options: {
        readonly places: readonly { readonly camera: string; readonly box: HTMLElement }[];
        readonly apiUrl: string;
      }): Player;
    };
    player: Player;
  }
}

/** Makes a player of these cameras, `window.player`. */
export async function makePlayer(page: Page, cameras: readonly string[]): Promise<void> {
  await page.waitForFunction(() => 'playback' in window);
  await page.evaluate((names) => {
    const places = names.map((camera) => {
      const box = document.createElement('div');
      box.className = 'box';
      box.dataset['camera'] = camera;
      document.body.append(box);
      return { camera, box };
    });
    window.player = window.playback.createPlayer({ places, apiUrl: 'api/' });
  }, cameras);
}

export async function seek(page: Page, wallMs: number): Promise<boolean> {
  return await page.evaluate((at) => window.player.seek(at), wallMs);
}

/** The top left corner of what is on the screen of a camera. */
interface ShownCorner {
  readonly heightPx: number;
  /** 400 pixels wide, 60 high. */
  readonly luma: readonly number[];
}

/** What is on the screen of a camera: the number burnt into the picture; undefined without a picture. */
export async function shownNumber(page: Page, camera: string): Promise<number | undefined> {
  return burntNumberOf(await page.evaluate(shownCorner, camera));
}

export function burntNumberOf(corner: ShownCorner | undefined): number | undefined {
  return corner && readBurntNumber(corner.luma, 400, dotSizePx(corner.heightPx));
}

/** Runs in a page; undefined without a picture. */
export function shownCorner(camera: string): ShownCorner | undefined {
  const box = document.querySelector(`[data-camera="${camera}"]`);
  const layers = [...(box?.querySelectorAll('video, canvas') ?? [])];
  const layer = layers.find((one) => getComputedStyle(one).visibility === 'visible');
  if (!(layer instanceof HTMLVideoElement) && !(layer instanceof HTMLCanvasElement)) return undefined;
  const heightPx = layer instanceof HTMLVideoElement ? layer.videoHeight : layer.height;
  const corner = document.createElement('canvas');
  corner.width = 400;
  corner.height = 60;
  const context = corner.getContext('2d', { willReadFrequently: true });
  context?.drawImage(layer, 0, 0);
  const { data } = context?.getImageData(0, 0, corner.width, corner.height) ?? { data: [] };
  // Gray: one of the colours is enough.
  return { heightPx, luma: Array.from({ length: 400 * 60 }, (_, i) => data[i * 4 + 1] ?? 0) };
}
