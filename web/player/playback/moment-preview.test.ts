import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { MomentPreview } from './moment-preview.ts';

afterEach(() => vi.unstubAllGlobals());

/** @returns the camera and the moment of each picture that was asked for, while a pointer went over these moments. */
async function askedWhileOver(moments: readonly (readonly [camera: string, atMs: number])[]) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    const [, camera, atMs] = /cameras\/(.*)\/footage\/keys\?from=(\d+)/.exec(url) ?? [];
    asked.push(`${camera} ${atMs}`);
    return new Response(new Uint8Array(0));
  });
  let onDrawn = () => undefined as void;
  // Nothing is drawn of what is not there.
  const preview = new MomentPreview({} as HTMLCanvasElement, 'api/', () => onDrawn());
  onTestFinished(() => preview[Symbol.dispose]());
  for (const [camera, atMs] of moments) {
    const before = asked.length;
    const drawn = new Promise<void>((resolve) => (onDrawn = resolve));
    preview.show({ camera, atMs });
    if (asked.length > before) await drawn;
    // Until it would ask for more.
    await setImmediate();
  }
  return asked;
}

test('of each second the picture is asked for at the moment that the pointer came to first, which is recorded', async () => {
  const over = [12_345, 12_001, 12_999, 13_000, 12_500].map((atMs) => ['yard', atMs] as const);
  expect(await askedWhileOver(over)).toEqual(['yard 12345', 'yard 13000', 'yard 12500']);
});

test('each camera is asked on its own', async () => {
  const over = ['yard', 'door', 'door'].map((camera) => [camera, 12_345] as const);
  expect(await askedWhileOver(over)).toEqual(['yard 12345', 'door 12345']);
});
