import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSegment } from '../archive/read-segment.ts';
import { FileSource } from '../archive/file-source.ts';
import { wallMs } from '../base/time.ts';
import type { SegmentRecord } from '../db/records.ts';
import { memorySource } from '../media/fmp4/byte-source.ts';
import { scanMp4 } from '../media/fmp4/fragment-scan.ts';
import { readKeyPicture } from './key-pictures.ts';
import { KeyStreamWriter } from './key-stream-writer.ts';
import { findSegment, StoredSegment } from './stored-segment.ts';
import { makeTestRun, writeTestSegment } from './testing/test-run.ts';

const START = Date.UTC(2026, 10, 28, 3, 0, 0);
const KEY = { volume: 'a volume', path: 'yard/1.mp4' };

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'preroll-stored-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const volumes = () => [{ id: KEY.volume, path: root, maxBytes: undefined, moveAfterMs: undefined }];

/** Thirty pictures, a key picture every ten, as the index knows them. */
async function record(): Promise<SegmentRecord> {
  const run = makeTestRun({ startWallMs: START, pictures: 30, bPictures: 2 });
  await writeTestSegment({ path: join(root, KEY.path), run, from: 0, to: 30 });
  await using source = await FileSource.open(join(root, KEY.path));
  const { segment } = await readSegment(source, KEY, undefined);
  if (segment === undefined) throw new Error('no segment');
  return segment;
}

describe('StoredSegment', () => {
  it('gives a header and fragments that any player joins', async () => {
    const segment = await record();
    await using stored = await StoredSegment.open(volumes(), segment);
    const [, second, third] = segment.fragments;
    if (second === undefined || third === undefined) throw new Error('fewer fragments');
    const parts = [await stored.init(), await stored.fragment(second), await stored.fragment(third)];
    const { header, fragments, tear } = await scanMp4(memorySource(Buffer.concat(parts)));
    expect(tear).toBeUndefined();
    expect(header.tracks.map(({ firstShown }) => firstShown)).toEqual([undefined, undefined]);
    const pictures = fragments.flatMap(({ runs }) => runs[0]?.samples ?? []);
    expect(pictures).toHaveLength(20);
    const startTicks = header.timeline.startTicks * (90_000 / header.timeline.clockRateHz);
    const shown = pictures
      .map(({ pts }) => (pts - startTicks) / 90 - segment.startWallMs)
      .toSorted((a, b) => a - b);
    expect(shown).toEqual(Array.from({ length: 20 }, (_, i) => 400 + i * 40));
  });

  it('gives as much of a fragment as the pictures up to a moment need, in whatever order they are decoded', async () => {
    const segment = await record();
    await using stored = await StoredSegment.open(volumes(), segment);
    const [, second] = segment.fragments;
    if (second === undefined) throw new Error('fewer fragments');
    const whole = await stored.fragment(second);
    const { runs } =
      (await scanMp4(memorySource(Buffer.concat([await stored.init(), whole])))).fragments[0] ?? {};
    const samples = runs?.[0]?.samples ?? [];
    const startPts = Math.min(...samples.map(({ pts }) => pts));
    const initBytes = (await stored.init()).byteLength;
    for (const untilMs of [0, 39, 40, 119, 120, 200, 1_000]) {
      const bytes = await stored.fragment(second, wallMs(segment.startWallMs + 400 + untilMs));
      const needed = samples.filter(({ pts }) => (pts - startPts) / 90 <= untilMs);
      const ends = needed.map(({ positionBytes, sizeBytes }) => positionBytes + sizeBytes - initBytes);
      expect([untilMs, bytes.byteLength]).toEqual([untilMs, Math.max(...ends)]);
      expect(bytes).toEqual(whole.subarray(0, bytes.byteLength));
    }
  });

  it('gives key pictures with their time, and how to decode them once', async () => {
    const segment = await record();
    await using stored = await StoredSegment.open(volumes(), segment);
    const writer = new KeyStreamWriter();
    const records: Uint8Array[] = [];
    for (const fragment of segment.fragments) {
      records.push(writer.write(await readKeyPicture(stored, fragment)) ?? new Uint8Array(0));
    }
    const bytes = Buffer.concat(records);
    const found: [number, number, Buffer][] = [];
    for (let at = 0; at < bytes.length; at += 16 + bytes.readUInt32BE(at + 4)) {
      const data = bytes.subarray(at + 16, at + 16 + bytes.readUInt32BE(at + 4));
      found.push([bytes.readUInt8(at), bytes.readDoubleBE(at + 8), data]);
    }
    expect(found.map(([type, atMs]) => [type, atMs])).toEqual([
      [1, 0],
      [3, segment.startWallMs],
      [3, segment.startWallMs + 400],
      [3, segment.startWallMs + 800],
    ]);
    expect(JSON.parse(String(found[0]?.[2]))).toMatchObject({
      codec: segment.video.codec,
      codedWidth: 640,
      codedHeight: 360,
    });
    expect(found.slice(1).map(([, , data]) => data.readUInt32BE(0))).toEqual([0, 10, 20]);
  });

  it('opens nothing but a file of the archive', async () => {
    const segment = await record();
    await writeFile(join(root, 'yard', 'not.mp4'), 'nothing of the kind');
    await symlink(join(root, KEY.path), join(root, 'yard', 'link.mp4'));
    const kindOf = async (changed: Partial<SegmentRecord>) =>
      await StoredSegment.open(volumes(), { ...segment, ...changed }).then(
        async (stored) => {
          await stored[Symbol.asyncDispose]();
          return 'opened';
        },
        (error: { readonly kind: string }) => error.kind,
      );
    expect(await kindOf({})).toBe('opened');
    expect(await kindOf({ path: '../yard/1.mp4' })).toBe('outside');
    expect(await kindOf({ path: '/etc/passwd' })).toBe('outside');
    expect(await kindOf({ path: 'yard/link.mp4' })).toBe('outside');
    expect(await kindOf({ path: 'yard/2.mp4' })).toBe('missing');
    expect(await kindOf({ path: 'yard/not.mp4' })).toBe('damaged');
    expect(await kindOf({ volume: 'another' })).toBe('missing');
  });

  it('tells of places that hold no fragment', async () => {
    const segment = await record();
    await using stored = await StoredSegment.open(volumes(), segment);
    const [first] = segment.fragments;
    if (first === undefined) throw new Error('no fragment');
    const wrong = { ...first, offsetBytes: first.offsetBytes + 4 };
    const far = { ...first, offsetBytes: 1_000_000 };
    for (const fragment of [wrong, far]) {
      await expect(stored.fragment(fragment)).rejects.toMatchObject({ kind: 'damaged' });
      await expect(readKeyPicture(stored, fragment)).rejects.toMatchObject({ kind: 'damaged' });
    }
  });
});

it('finds a segment by its beginning, and a time-lapse beside it', async () => {
  const segment = await record();
  const lapse = { ...segment, kind: 'timelapse', path: 'yard/2.mp4' } as const;
  const index = { segments: async () => [lapse, segment] };
  const find = async (startMs: number, isTimelapse: boolean) =>
    (await findSegment(index, 'yard', { startWallMs: wallMs(startMs), isTimelapse }))?.path;
  expect(await find(segment.startWallMs, false)).toBe('yard/1.mp4');
  expect(await find(segment.startWallMs, true)).toBe('yard/2.mp4');
  expect(await find(segment.startWallMs + 1, false)).toBeUndefined();
});
