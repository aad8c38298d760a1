import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { FootageJson } from '../../src/http/api/footage.ts';
import { makeFolder, PrerollProcess, writeConfig } from '../e2e/preroll-process.ts';
import { PATIENCE_MS } from '../patience.ts';

import { shownNumber } from './player-page.ts';

/** The demo camera is drawn once for all tests. */
const CACHE = { XDG_CACHE_HOME: join(process.cwd(), 'node_modules', '.cache') };

/** The administrator that a site has unless a test sets it up itself. */
export const ADMIN = { name: 'admin', password: 'a browser test of preroll' };

export interface NewAccount {
  readonly name: string;
  readonly password: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  readonly cameras: readonly string[] | null;
}

export interface RecordedSiteOptions {
  /** Of the configuration, over one demo camera `yard` that records events; text is the whole file. */
  readonly config?: object | string;
  /** Whether the first set-up is left to the test. */
  readonly isFresh?: boolean;
  /** On which the app is again after its process has ended; a free one where none is given. */
  readonly port?: number;
}

/** A recorder as a user starts it, with its web app, on this machine only. */
export class RecordedSite implements AsyncDisposable {
  /** Of the app; ends with a slash. */
  readonly url: string;
  /** What the first start prints, once; it is spent unless the site is fresh. */
  readonly setupUrl: string;
  /** Its working folder, with `preroll.yaml`. */
  readonly folder: string;
  readonly recorder: PrerollProcess;
  readonly #remove: () => Promise<void>;

  private constructor(
    folder: string,
    recorder: PrerollProcess,
    setupUrl: string,
    remove: () => Promise<void>,
  ) {
    this.folder = folder;
    this.recorder = recorder;
    this.setupUrl = setupUrl;
    this.url = setupUrl.slice(0, setupUrl.indexOf('setup#'));
    this.#remove = remove;
  }

  static async start({
    config = {},
    isFresh = false,
    port = 0,
  }: RecordedSiteOptions = {}): Promise<RecordedSite> {
    const folder = await makeFolder();
    const remove = (): Promise<void> => Promise.resolve(folder[Symbol.asyncDispose]());
    try {
      if (typeof config === 'string') await writeFile(join(folder.path, 'preroll.yaml'), config);
      else {
        await writeConfig(folder.path, {
          cameras: { yard: { url: 'demo:' } },
          web: { listen: 'loopback', port: 0 },
          ...config,
        });
      }
      const recorder = PrerollProcess.start(['run'], {
        hasWeb: true,
        folder: folder.path,
        environment: { ...CACHE, PREROLL__WEB__PORT: String(port) },
      });
      const link = /https?:\/\/\S+setup#\S+/;
      await recorder.says(link);
      const site = new RecordedSite(folder.path, recorder, link.exec(recorder.stderr)?.[0] ?? '', remove);
      if (!isFresh) await site.#setUp();
      return site;
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** Signs a page's browser in, without the form. */
  async signIn(
    page: Page,
    { name, password }: { readonly name: string; readonly password: string } = ADMIN,
  ): Promise<void> {
    const answer = await page.request.post(`${this.url}api/session`, { data: { name, password } });
    if (!answer.ok()) throw new Error(`signing in ${name}: ${answer.status()} ${await answer.text()}`);
  }

  /** Makes an account; the page is that of an administrator. */
  async addUser(page: Page, account: NewAccount): Promise<void> {
    const answer = await page.request.post(`${this.url}api/users`, {
      data: account,
      // As the app's own pages send it.
      headers: { origin: new URL(this.url).origin },
    });
    if (!answer.ok()) throw new Error(`adding ${account.name}: ${answer.status()} ${await answer.text()}`);
  }

  /** What is recorded of a camera, once that is at least so much. The page is that of somebody who may see it. */
  async recorded(
    page: Page,
    camera: string,
    leastMs: number,
  ): Promise<{ readonly startMs: number; readonly endMs: number }> {
    const untilMs = Date.now() + PATIENCE_MS;
    for (;;) {
      const span = `from=${Date.now() - 3_600_000}&to=${Date.now()}`;
      const answer = await page.request.get(`${this.url}api/cameras/${camera}/footage?${span}`);
      if (!answer.ok()) throw new Error(`the footage of ${camera}: ${answer.status()}`);
      // The server's own shape.
      const { segments } = (await answer.json()) as FootageJson;
      const [startMs, endMs] = [segments[0]?.startMs ?? 0, segments.at(-1)?.endMs ?? 0];
      if (endMs - startMs >= leastMs) return { startMs, endMs };
      if (Date.now() > untilMs) throw new Error(`only ${endMs - startMs} ms of ${camera} were recorded`);
      await page.waitForTimeout(200);
    }
  }

  /** Goes to a moment of the timeline: the number burnt into the picture that it shows; NaN where there is none. */
  async numberAt(page: Page, camera: string, atMs: number): Promise<number> {
    await page.goto(`${this.url}timeline?camera=${camera}&at=${new Date(atMs).toISOString()}`);
    await page.locator(`[data-camera="${camera}"][data-picture-ms]`).waitFor();
    return (await shownNumber(page, camera)) ?? Number.NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.recorder[Symbol.asyncDispose]();
    await this.#remove();
  }

  async #setUp(): Promise<void> {
    const token = decodeURIComponent(this.setupUrl.slice(this.setupUrl.indexOf('#') + 1));
    const answer = await fetch(`${this.url}api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, ...ADMIN }),
    });
    if (!answer.ok) throw new Error(`setting up: ${answer.status} ${await answer.text()}`);
  }
}
