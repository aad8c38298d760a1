import { expect, test } from 'vitest';
import text from '../public/app.webmanifest?raw';

/** Which app a browser takes it for: https://www.w3.org/TR/appmanifest/#id-member */
function identityOf(manifestUrl: string): string {
  // The file is our own.
  const { id, start_url: start } = JSON.parse(text) as { readonly id?: string; readonly start_url: string };
  const startUrl = new URL(start, manifestUrl);
  return id === undefined ? startUrl.href : new URL(id, startUrl.origin).href;
}

test('recorders under several paths of one host are several apps to a browser that installs them', () => {
  expect(identityOf('https://host/house/app.webmanifest')).toBe('https://host/house/');
  expect(identityOf('https://host/barn/app.webmanifest')).toBe('https://host/barn/');
});
