import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import source from '../public/service-worker.js?raw';

interface Fetched {
  readonly request: { readonly method: string; readonly mode: string; readonly url: string };
  respondWith(answer: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}

type Key = string | { readonly url: string };

const SCOPE = 'https://recorder/';

/** The caches of a browser. */
class FakeCaches {
  readonly all = new Map<string, FakeCache>();
  /** Whether there is no room for anything more. */
  isFull = false;

  open(name: string): Promise<FakeCache> {
    const cache = this.all.get(name) ?? new FakeCache(() => this.isFull);
    this.all.set(name, cache);
    return Promise.resolve(cache);
  }

  keys(): Promise<string[]> {
    return Promise.resolve([...this.all.keys()]);
  }

  delete(name: string): Promise<boolean> {
    return Promise.resolve(this.all.delete(name));
  }

  async match(key: Key): Promise<Response | undefined> {
    const found = await Promise.all(Array.from(this.all.values(), (cache) => cache.match(key)));
    return found.find((response) => response !== undefined);
  }
}

class FakeCache {
  readonly #kept = new Map<string, Response>();
  readonly #isFull: () => boolean;

  constructor(isFull: () => boolean) {
    this.#isFull = isFull;
  }

  match(key: Key): Promise<Response | undefined> {
    return Promise.resolve(this.#kept.get(urlOf(key))?.clone());
  }

  put(key: Key, response: Response): Promise<void> {
    if (this.#isFull()) return Promise.reject(new DOMException('no room', 'QuotaExceededError'));
    this.#kept.set(urlOf(key), response);
    return Promise.resolve();
  }
}

function urlOf(key: Key): string {
  return typeof key === 'string' ? key : key.url;
}

/** The service worker before a server that has certain files; as long as it has none it is away. */
function startWorker() {
  const caches = new FakeCaches();
  const server = new Map<string, string>();
  let listener: ((event: Fetched) => void) | undefined;
  const self = {
    registration: { scope: SCOPE },
    addEventListener(type: string, heard: (event: Fetched) => void) {
      if (type === 'fetch') listener = heard;
    },
  };
  const fetch = (asked: Key): Promise<Response> => {
    if (server.size === 0) return Promise.reject(new TypeError('no route to host'));
    const content = server.get(urlOf(asked).slice(SCOPE.length));
    return Promise.resolve(new Response(content, { status: content === undefined ? 404 : 200 }));
  };
  const browser = { self, caches, fetch, URL, Response, AbortController, setTimeout, clearTimeout };
  runInContext(source, createContext(browser));
  const get = async (path: string, mode: string): Promise<Response> => {
    const lasting: Promise<unknown>[] = [];
    const response = await new Promise<Response>((resolve, reject) => {
      listener?.({
        request: { method: 'GET', mode, url: `${SCOPE}${path}` },
        respondWith: (answer) => void answer.then(resolve, reject),
        waitUntil: (work) => void lasting.push(work),
      });
    });
    await Promise.all(lasting);
    return response;
  };
  return {
    caches,
    /** What the server has from now on; nothing for one that is away. */
    serve: (files: Readonly<Record<string, string>>) => {
      server.clear();
      for (const [path, content] of Object.entries(files)) server.set(path, content);
    },
    open: async () => await (await get('live', 'navigate')).text(),
    /** @returns undefined where there is none. */
    load: async (name: string): Promise<string | undefined> => {
      const response = await get(`assets/${name}`, 'cors');
      return response.ok ? await response.text() : undefined;
    },
  };
}

const version = (number: number) => ({
  live: `<base href="./"><script src="assets/app-${number}.js">`,
  [`assets/app-${number}.js`]: `app ${number}`,
  [`assets/lazy-${number}.js`]: `lazy ${number}`,
  'assets/font.woff2': 'font',
});

test('the app opens where the disk is full and nothing of it can be kept', async () => {
  const { caches, serve, open, load } = startWorker();
  caches.isFull = true;
  serve(version(1));
  expect(await open()).toContain('app-1.js');
  expect(await load('app-1.js')).toBe('app 1');
});

test('the app opens while the server is away, as it was last', async () => {
  const { serve, open, load } = startWorker();
  serve(version(1));
  await open();
  await load('app-1.js');
  serve({});
  expect(await open()).toBe('<base href="/"><script src="assets/app-1.js">');
  expect(await load('app-1.js')).toBe('app 1');
});

test('a version that is on screen keeps its assets when a new one comes, and loses them with the next', async () => {
  const { caches, serve, open, load } = startWorker();
  serve(version(1));
  await open();
  for (const name of ['app-1.js', 'lazy-1.js', 'font.woff2']) await load(name);
  serve(version(2));
  expect(await open()).toContain('app-2.js');
  for (const name of ['app-2.js', 'font.woff2']) await load(name);
  expect(await load('lazy-1.js')).toBe('lazy 1');

  serve(version(3));
  await open();
  serve({});
  expect(await load('app-2.js')).toBe('app 2');
  expect(await load('font.woff2')).toBe('font');
  expect(caches.all.size).toBe(2);
  serve(version(4));
  await open();
  expect(await load('lazy-1.js')).toBeUndefined();
});

test('a new version that finds no room leaves the former one', async () => {
  const { caches, serve, open, load } = startWorker();
  serve(version(1));
  await open();
  await load('app-1.js');
  caches.isFull = true;
  serve(version(2));
  expect(await open()).toContain('app-2.js');
  serve({});
  expect(await open()).toContain('app-1.js');
  expect(await load('app-1.js')).toBe('app 1');
});

test('what other apps of the origin have kept is theirs', async () => {
  const { caches, serve, open } = startWorker();
  const others = [`preroll-app ${SCOPE}attic/ 1`, 'of another app'];
  for (const name of others) await caches.open(name);
  for (const number of [1, 2, 3]) {
    serve(version(number));
    await open();
  }
  expect(await caches.keys()).toEqual(expect.arrayContaining(others));
});
