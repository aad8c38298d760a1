import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from './load.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-reencode-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function reencodeOf(section: string | undefined) {
  const path = join(folder, 'preroll.yaml');
  const more = section === undefined ? '' : `, reencode: ${section}`;
  await writeFile(path, `cameras: { yard: { url: "demo:"${more} } }`);
  const config = await loadConfig({ path, environment: {}, flags: [] });
  return config.cameras[0]?.reencode;
}

test('video is not re-encoded unless the section is there', async () => {
  expect(await reencodeOf(undefined)).toBeUndefined();
});

test('the section alone re-encodes to H.264 of good quality, and leaves size and rate alone', async () => {
  expect(await reencodeOf('{}')).toEqual({
    codec: 'h264',
    encoder: 'auto',
    widthPx: undefined,
    heightPx: undefined,
    rateFps: undefined,
    rateControl: { kind: 'quality', quality: 23 },
    hasLabel: false,
  });
});

test('sizes become even, and a bit rate takes the place of quality', async () => {
  const written =
    '{ codec: h265, encoder: v4l2m2m, widthPx: 641, heightPx: 361, rateFps: 12.5, bitRateKbps: 800, label: true }';
  expect(await reencodeOf(written)).toEqual({
    codec: 'h265',
    encoder: 'v4l2m2m',
    widthPx: 640,
    heightPx: 360,
    rateFps: 12.5,
    rateControl: { kind: 'bit-rate', bitRateBps: 800_000 },
    hasLabel: true,
  });
});

test.each([
  ['{ quality: 20, bitRateKbps: 800 }', 'and quality are both set'],
  ['{ encoder: v4l2m2m }', 'v4l2m2m knows no constant quality'],
  ['{ codec: mpeg4 }', 'expected one of h264, h265, found'],
  ['{ widthPx: 8 }', 'expected a whole number from 16 to 8192'],
  ['{ rateFps: 0 }', 'expected a number from 0.1 to 240'],
  ['{ quality: 0 }', 'expected a whole number from 1 to 51'],
])('%s is a mistake', async (section, message) => {
  await expect(reencodeOf(section)).rejects.toThrow(message);
});
