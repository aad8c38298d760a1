import { describe, expect, it } from 'vitest';
import { wallMs } from '../../base/time.ts';
import { makeTestRun } from '../../playback/testing/test-run.ts';
import { memorySource } from './byte-source.ts';
import { FileMuxer } from './file-muxer.ts';
import { readFragment } from './fragment-reader.ts';
import { readHeader } from './header-reader.ts';
import { monoTrack } from './testing/test-tracks.ts';
import { dropEditLists, toWallTime, wallShift } from './wall-time.ts';

const CREATED_AT = wallMs(Date.UTC(2026, 10, 28, 3, 0, 0, 123));

/** A file with B frames and sound at 44.1 kHz that begins 100 h into its run, in which sound began before the picture. */
async function makeFile() {
  const run = makeTestRun({ startWallMs: 0, pictures: 20, bPictures: 2, audioTrack: monoTrack });
  const later = 100 * 3600;
  const moved = <Packet extends { dts: number; pts: number; track: { clockRateHz: number } }>(
    packet: Packet,
  ): Packet => {
    const ticks = later * packet.track.clockRateHz;
    return { ...packet, dts: packet.dts + ticks, pts: packet.pts + ticks };
  };
  const video = run.video.map(moved);
  const audio = run.audio.map(moved).slice(4);
  const [firstVideo, firstAudio] = [video[0], audio[0]];
  if (firstVideo === undefined || firstAudio === undefined) throw new Error('no packets');
  const tracks = [firstVideo.track, firstAudio.track];
  const muxer = new FileMuxer({ tracks, createdAt: CREATED_AT, runStartWallMs: wallMs(0) });
  const bytes = Buffer.concat(
    muxer.encode([
      { track: firstVideo.track, packets: video, nextDts: undefined },
      { track: firstAudio.track, packets: audio, nextDts: undefined },
    ]),
  );
  const header = await readHeader(memorySource(bytes));
  return { bytes, header, video, audio };
}

/** The file again, as players get it. */
async function toPlayers() {
  const made = await makeFile();
  const init = Uint8Array.from(made.bytes.subarray(0, made.header.sizeBytes));
  const fragment = Uint8Array.from(made.bytes.subarray(made.header.sizeBytes));
  dropEditLists(init);
  toWallTime(fragment, wallShift(made.header, CREATED_AT));
  return { ...made, init, fragment };
}

describe('wall time of files', () => {
  it('says of each picture and of sound when it was recorded, to the tick', async () => {
    const { init, fragment, video, audio } = await toPlayers();
    const source = memorySource(Buffer.concat([init, fragment]));
    const header = await readHeader(source);
    const read = await readFragment(
      source,
      { ...header, timeline: { startTicks: 0, clockRateHz: 1 } },
      init.length,
    );
    const [pictures, sound] = read?.runs ?? [];
    const firstPts = Math.min(...video.map(({ pts }) => pts));
    expect(pictures?.samples.map(({ pts }) => pts - CREATED_AT * 90)).toEqual(
      video.map(({ pts }) => pts - firstPts),
    );
    const expected = audio.map(
      ({ pts }) => (CREATED_AT / 1000) * 44_100 + pts - (firstPts / 90_000) * 44_100,
    );
    expect(sound?.samples.map(({ pts }, i) => Math.abs(pts - (expected[i] ?? 0)) <= 1)).toEqual(
      audio.map(() => true),
    );
  });

  it('keeps payload, sizes and every other box', async () => {
    const { bytes, init, fragment } = await toPlayers();
    const changed = Buffer.concat([init, fragment]);
    expect(changed.length).toBe(bytes.length);
    expect(changed.subarray(changed.indexOf('mdat'))).toEqual(bytes.subarray(bytes.indexOf('mdat')));
    expect([bytes.includes('edts'), changed.includes('edts')]).toEqual([true, false]);
  });

  it('refuses what is no fragment, and one that is cut off', async () => {
    const { fragment, header } = await toPlayers();
    const shift = wallShift(header, CREATED_AT);
    const kindOf = (bytes: Uint8Array) => {
      try {
        toWallTime(bytes, shift);
        return 'none';
      } catch (error) {
        return (error as { kind: string }).kind;
      }
    };
    expect(kindOf(new Uint8Array(0))).toBe('malformed');
    expect(kindOf(fragment.subarray(8))).toBe('malformed');
    expect(kindOf(fragment.subarray(0, 40))).toBe('malformed');
    expect(kindOf(Uint8Array.from(fragment))).toBe('none');
  });
});
