import { expect, test, vi } from 'vitest';
import { loadIfRenewed } from './load-if-renewed.ts';

const PROGRAM = 'index-BMo83p2F.js';
const page = (program: string) =>
  `<base href="./" /><script type="module" src="./assets/${program}"></script>`;

async function isLoaded(askPage: () => Promise<string>): Promise<boolean> {
  const load = vi.fn();
  await loadIfRenewed({ program: PROGRAM, askPage, load });
  return load.mock.calls.length > 0;
}

test('the app is loaded again where the server has another version', async () => {
  expect(await isLoaded(() => Promise.resolve(page('index-D0h9aXyz.js')))).toBe(true);
});

test('it stays where the server has the same version, so that nothing goes round and round', async () => {
  expect(await isLoaded(() => Promise.resolve(page(PROGRAM)))).toBe(false);
});

test('it stays where the server is not reached', async () => {
  expect(await isLoaded(() => Promise.reject(new Error('no network')))).toBe(false);
});
