import { describe, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { memorySource } from '../media/fmp4/byte-source.ts';
import { toFileTicks } from '../media/fmp4/file-timeline.ts';
import { readMp4 } from '../media/fmp4/reader.ts';
import { h264HighTrack, monoTrack } from '../media/fmp4/testing/test-tracks.ts';
import type { VideoPacket } from '../media/packet.ts';
import { makePicture, makeSound } from '../media/testing/make-packet.ts';
import { LiveMuxer, type LiveFragment, type LiveMuxerOptions } from './live-muxer.ts';

const EPOCH_MS = Date.UTC(2026, 0, 1);
/** The picture at media time 0 is an hour into the time line. */
const HOUR_MS = 3_600_000;
const START_MS = EPOCH_MS + HOUR_MS;

const pictureAt = (ms: number): VideoPacket => makePicture(ms, { track: h264HighTrack, isKey: ms === 0 });

function muxer(options: Partial<LiveMuxerOptions> = {}): LiveMuxer {
  return new LiveMuxer({
    first: pictureAt(0),
    firstWallMs: wallMs(START_MS),
    epochWallMs: wallMs(EPOCH_MS),
    audio: monoTrack,
    intervalTicks: undefined,
    ...options,
  });
}

/** As a browser reads it: of each fragment when it begins, in ms after the hour, and how long it lasts. */
async function read(init: Uint8Array, fragments: readonly LiveFragment[]) {
  const bytes = Buffer.concat([init, ...fragments.flatMap(({ pieces }) => pieces)]);
  const { header, fragments: found, tornBy } = await readMp4(memorySource(bytes));
  expect(tornBy).toBeUndefined();
  return found.flatMap(({ runs }) =>
    runs.flatMap(({ header: { track, firstShown }, samples }) => {
      expect(firstShown).toBeUndefined();
      const toMs = (ticks: number) => Math.round((ticks * 1_000) / track.clockRateHz);
      return samples.map(({ dts, durationTicks, isKey }) => ({
        kind: track.kind,
        isKey,
        atMs: toMs(toFileTicks(header.timeline, dts, track.clockRateHz)) - HOUR_MS,
        forMs: toMs(durationTicks),
      }));
    }),
  );
}

describe('LiveMuxer', () => {
  test('places media time in wall time, and tells each picture as long as those before it were', async () => {
    const live = muxer({ intervalTicks: 9_000 });
    const fragments = [0, 100, 180, 280].map((ms) => live.picture(pictureAt(ms)));
    expect(await read(live.init(false), fragments)).toEqual([
      { kind: 'video', isKey: true, atMs: 0, forMs: 100 },
      { kind: 'video', isKey: false, atMs: 100, forMs: 100 },
      { kind: 'video', isKey: false, atMs: 180, forMs: 100 },
      { kind: 'video', isKey: false, atMs: 280, forMs: 100 },
    ]);
    expect(fragments.map(({ epochUs, hasGap }) => [epochUs, hasGap])).toEqual(
      fragments.map(() => [EPOCH_MS * 1_000, false]),
    );
  });

  test('never lets a picture begin more than twice the told duration after the one before', async () => {
    const live = muxer();
    const arrivals = [0, 40, 80, 5_080, 5_120, 5_500, 5_540, 9_000, 9_500, 10_000, 10_500];
    const told = await read(
      live.init(false),
      arrivals.map((ms) => live.picture(pictureAt(ms))),
    );
    for (const [i, { atMs }] of told.entries()) {
      const before = told[i - 1];
      if (before === undefined) continue;
      expect(atMs).toBeGreaterThan(before.atMs);
      expect(atMs - before.atMs).toBeLessThanOrEqual(2 * before.forMs);
    }
  });

  test('moves what follows a gap, sound too, and tells its new epoch', async () => {
    const live = muxer();
    const before = live.picture(pictureAt(0));
    const sounds = [0, 23, 46, 69, 92].map((ms) => live.sound(makeSound(ms, monoTrack)));
    const after = live.picture(pictureAt(1_000));
    const replaced = live.sound(makeSound(1_005, monoTrack));
    const resumed = live.sound(makeSound(1_036, monoTrack));
    const told = sounds.flatMap((sound) => sound ?? []);
    const fragments = [before, ...told, after, ...(resumed === undefined ? [] : [resumed])];
    const movedMs = 1_000 - 80;
    expect(replaced).toBeUndefined();
    expect((await read(live.init(true), fragments)).map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['video', 0],
      ...[0, 23, 46, 69, 92].map((ms) => ['audio', ms]),
      ['video', 1_000 - movedMs],
      ['audio', 1_036 - movedMs],
    ]);
    expect(after).toMatchObject({ hasGap: true });
    // A tick of the time line is 1 / 900 s.
    expect(Math.abs(after.epochUs - (EPOCH_MS + movedMs) * 1_000)).toBeLessThan(1_200);
  });

  test('fills a gap in the sound with what was heard last', async () => {
    const live = muxer();
    const fragments = [0, 23, 1_000, 1_023].flatMap((ms) => live.sound(makeSound(ms, monoTrack)) ?? []);
    const told = await read(live.init(true), fragments);
    expect(told.map(({ atMs, forMs }) => [atMs, forMs])).toEqual([
      [0, 23],
      [23, 23],
      [46, 954],
      [1_000, 23],
      [1_023, 23],
    ]);
  });

  test('leaves out sound of a track that was not told', () => {
    expect(muxer({ audio: undefined }).sound(makeSound(0, monoTrack))).toBeUndefined();
  });
});
