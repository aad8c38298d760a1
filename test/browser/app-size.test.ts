import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const WEB = join(process.cwd(), 'dist', 'web');
const MOST_BYTES = 250_000;

/** What a file asks for at once: by elements of the page, and by static imports. */
const NEEDED_BY_PAGE = /<(?:script|link)[^>]+(?:src|href)="\.\/(assets\/[^"]+)"/g;
const NEEDED_BY_SCRIPT = /(?:^|[;\s}])(?:import|from)\s*["'](?:\.\/)([^"']+\.js)["']/g;

/** Gone to by a dynamic import in any case: the place that opens first, and a language. */
const LOADED_AT_ONCE = /^(live-page|messages)-.*\.js$/;

/** The files with their content; of the languages all, of which one is loaded. */
async function firstLoad(): Promise<Map<string, Buffer>> {
  const page = await readFile(join(WEB, 'index.html'));
  const files = new Map([['index.html', page]]);
  const names = await readdir(join(WEB, 'assets'));
  const waiting = [
    ...Array.from(page.toString().matchAll(NEEDED_BY_PAGE), ([, path]) => path ?? ''),
    ...names.filter((name) => LOADED_AT_ONCE.test(name)).map((name) => `assets/${name}`),
  ];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    const content = await readFile(join(WEB, path));
    files.set(path, content);
    if (!path.endsWith('.js')) continue;
    for (const [, name] of content.toString().matchAll(NEEDED_BY_SCRIPT)) waiting.push(`assets/${name}`);
  }
  return files;
}

test('the app, its languages and the live page are at most 250 kB, gzipped', async () => {
  const files = await firstLoad();
  for (const needed of [/index-.*\.js$/, /index-.*\.css$/, /live-page-/, /messages-/]) {
    expect(Array.from(files.keys()).some((path) => needed.test(path))).toBe(true);
  }
  const sizes = Array.from(files.values(), (content) => gzipSync(content).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST_BYTES);
});

test('no file of the app names another host', async () => {
  const names = await readdir(join(WEB, 'assets'));
  for (const name of names.filter((each) => each.endsWith('.js') || each.endsWith('.css'))) {
    const content = await readFile(join(WEB, 'assets', name), 'utf8');
    const hosts = new Set(Array.from(content.matchAll(/https?:\/\/[\w.-]+/g), ([host]) => host));
    // Names of XML vocabularies, and the address of React's error explanations: nothing is asked of them.
    const asked = Array.from(hosts).filter(
      (host) => !/\/\/(www\.w3\.org|react\.dev|reactjs\.org|tailwindcss\.com)$/.test(host),
    );
    expect({ name, asked }).toEqual({ name, asked: [] });
  }
});
