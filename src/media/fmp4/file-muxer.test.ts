import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opusTrack } from '../opus.ts';
import { mediaTicks, wallMs } from '../../base/time.ts';
import type { Packet } from '../packet.ts';
import { memorySource } from './byte-source.ts';
import { FileMuxer } from './file-muxer.ts';
import type { TrackRun } from './fragment.ts';
import { Mp4Error } from './mp4-error.ts';
import type { Mp4Track } from './mp4-track.ts';
import { readMp4, type Mp4File } from './reader.ts';
import { join, makePacket, makeRun } from './testing/packets.ts';
import {
  av1Main10Track,
  h264BaselineTrack,
  h264HighTrack,
  h265Main10Track,
  monoTrack,
  stereoTrack,
} from './testing/test-tracks.ts';

const CREATED_AT = wallMs(Date.UTC(2026, 10, 22, 20, 15, 3, 123));
const RUN_START = wallMs(Date.UTC(2026, 10, 21, 7, 30, 0, 456));
const HUNDRED_HOURS_TICKS = 100 * 3600 * 90_000;

function encodeFile(tracks: readonly Mp4Track[], fragments: readonly (readonly TrackRun[])[]): Uint8Array {
  const muxer = new FileMuxer({ tracks, createdAt: CREATED_AT, runStartWallMs: RUN_START });
  return join(fragments.flatMap((runs) => muxer.encode(runs)));
}

/** What the packets of a file's track are read back as. */
function packetsOf(file: Mp4File, content: Uint8Array, track: Mp4Track) {
  return file.fragments
    .flatMap((fragment) => fragment.runs)
    .filter((run) => run.header.track.index === track.index)
    .flatMap((run) => run.samples)
    .map(({ positionBytes, sizeBytes, isKey, pts, dts }) => {
      return { isKey, pts, dts, data: content.slice(positionBytes, positionBytes + sizeBytes) };
    });
}

const expected = ({ isKey, pts, dts, data }: Packet) => ({ isKey, pts, dts, data });

it('tells how pictures are to be shown', async () => {
  for (const turnDegrees of [0, 90, 180, 270] as const) {
    const track = { ...h264HighTrack, orientation: { turnDegrees, isMirrored: turnDegrees !== 90 } };
    const content = encodeFile([track], [[makeRun(track, 1, 0, 3600)]]);
    const { header } = await readMp4(memorySource(content));
    expect(header.tracks[0]?.track).toEqual(track);
  }
});

/** Sample tables of one track, cut into fragments. */
const runsOf = (track: Mp4Track) =>
  fc
    .record({
      startTicks: fc.integer({ min: -900_000, max: 2 ** 40 }),
      fragments: fc.array(
        fc.array(
          fc.record({
            durationTicks: fc.integer({ min: 1, max: 400_000 }),
            compositionOffset: fc.integer({ min: -90_000, max: 90_000 }),
            isKey: fc.boolean(),
            data: fc.uint8Array({ maxLength: 20 }),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        { minLength: 1, maxLength: 4 },
      ),
    })
    .map(({ startTicks, fragments }) => {
      let dts = startTicks;
      return fragments.map((samples): TrackRun => {
        const packets = samples.map(({ durationTicks, ...rest }) => {
          const packet = makePacket(track, { dts, ...rest });
          dts += durationTicks;
          return packet;
        });
        return { track, packets, nextDts: mediaTicks(dts) };
      });
    });

describe('FileMuxer', () => {
  it('writes any packets of one track so that they are read back the same', async () => {
    await fc.assert(
      fc.asyncProperty(runsOf(h264HighTrack), async (runs) => {
        const content = encodeFile(
          [h264HighTrack],
          runs.map((run) => [run]),
        );
        const file = await readMp4(memorySource(content));
        const packets = runs.flatMap((run) => run.packets);
        expect(packetsOf(file, content, h264HighTrack)).toEqual(packets.map(expected));
        expect(file.tornBy).toBeUndefined();
      }),
    );
  });

  it('holds Opus beside the picture', async () => {
    const video = makeRun(h264HighTrack, 25, 0, 3600);
    const sound = makeRun(opusTrack(1, 2), 50, 480, 960);
    const content = encodeFile([h264HighTrack, sound.track], [[video, sound]]);
    const file = await readMp4(memorySource(content));
    expect(file.header.tracks.map(({ track }) => track)).toEqual([h264HighTrack, sound.track]);
    expect(packetsOf(file, content, sound.track)).toEqual(sound.packets.map(expected));
  });

  it('keeps two tracks of different clocks exactly where they were in the run', async () => {
    const offsetMs = fc.integer({ min: -700, max: 700 });
    await fc.assert(
      fc.asyncProperty(offsetMs, fc.integer({ min: 0, max: 1e9 }), async (aheadMs, startMs) => {
        const video = makeRun(h264HighTrack, 25, startMs * 90, 3600);
        const audio = makeRun(monoTrack, 43, Math.round((startMs + aheadMs) * 44.1), 1024);
        const content = encodeFile([h264HighTrack, monoTrack], [[video, audio]]);
        const file = await readMp4(memorySource(content));
        expect(packetsOf(file, content, h264HighTrack)).toEqual(video.packets.map(expected));
        expect(packetsOf(file, content, monoTrack)).toEqual(audio.packets.map(expected));
      }),
    );
  });

  it('says in the file which tracks it has, when it was made and what is shown first', async () => {
    const first = makePacket(h265Main10Track, { dts: 7200, compositionOffset: 12_000 });
    const video: TrackRun = { track: h265Main10Track, packets: [first], nextDts: undefined };
    const sound = makeRun(stereoTrack, 4, 1000, 1024);
    const { header } = await readMp4(
      memorySource(encodeFile([h265Main10Track, stereoTrack], [[video, sound]])),
    );
    expect(header.tracks.map(({ track }) => track)).toEqual([h265Main10Track, stereoTrack]);
    expect(header.createdAt).toBe(CREATED_AT);
    expect(header.runStartWallMs).toBe(RUN_START);
    expect(header.tracks.map(({ firstShown }) => firstShown)).toEqual([19_200, 10_240]);
  });

  it.each([h264BaselineTrack, h264HighTrack, h265Main10Track, av1Main10Track])(
    'carries the parameter sets of $codecString',
    async (track) => {
      const content = encodeFile([track], [[makeRun(track, 2, 0, 3600)]]);
      const { header } = await readMp4(memorySource(content));
      expect(header.tracks[0]?.track).toEqual(track);
    },
  );

  it('begins the time line of a file at its first packet, not at that of the run', async () => {
    const content = encodeFile([h264HighTrack], [[makeRun(h264HighTrack, 3, HUNDRED_HOURS_TICKS, 3600)]]);
    const tfdt = content.subarray(Buffer.from(content).indexOf('tfdt') + 8);
    expect(Buffer.from(tfdt).readBigUInt64BE()).toBe(0n);
    const { fragments } = await readMp4(memorySource(content));
    expect(fragments[0]?.runs[0]?.samples[0]?.dts).toBe(HUNDRED_HOURS_TICKS);
  });

  it('accepts a track that starts later and one that ends earlier', async () => {
    const content = encodeFile(
      [h264HighTrack, stereoTrack],
      [
        [makeRun(h264HighTrack, 5, 0, 3600), { track: stereoTrack, packets: [], nextDts: undefined }],
        [makeRun(h264HighTrack, 5, 18_000, 3600), makeRun(stereoTrack, 9, 9600, 1024)],
        [makeRun(h264HighTrack, 5, 36_000, 3600)],
      ],
    );
    const { fragments } = await readMp4(memorySource(content));
    const counts = fragments.map(({ runs }) => runs.map((run) => run.samples.length));
    expect(counts).toEqual([[5], [5, 9], [5]]);
    expect(fragments.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3]);
  });

  it('leaves out packets of a late track from before the file began', async () => {
    const sounds = makeRun(stereoTrack, 4, -2048, 1024);
    const content = encodeFile(
      [h264HighTrack, stereoTrack],
      [[makeRun(h264HighTrack, 5, 0, 3600)], [makeRun(h264HighTrack, 5, 18_000, 3600), sounds]],
    );
    const file = await readMp4(memorySource(content));
    expect(packetsOf(file, content, stereoTrack)).toEqual(sounds.packets.slice(2).map(expected));
  });

  it('goes on after a fragment that it refused', async () => {
    const muxer = new FileMuxer({
      tracks: [h264HighTrack],
      createdAt: CREATED_AT,
      runStartWallMs: RUN_START,
    });
    expect(() => muxer.encode([])).toThrow(Mp4Error);
    const head = muxer.encode([makeRun(h264HighTrack, 2, 0, 3600)]);
    expect(() =>
      muxer.encode([{ ...makeRun(h264HighTrack, 2, 7200, 3600), nextDts: mediaTicks(0) }]),
    ).toThrow(Mp4Error);
    const tail = muxer.encode([makeRun(h264HighTrack, 2, 7200, 3600)]);
    const { fragments } = await readMp4(memorySource(join([...head, ...tail])));
    expect(fragments.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2]);
  });

  it('refuses parameter sets that an MP4 cannot hold', () => {
    const { parameterSets } = h264HighTrack;
    const pps = [new Uint8Array(70_000)];
    const track = { ...h264HighTrack, parameterSets: { ...parameterSets, pps } } as Mp4Track;
    expect(() => encodeFile([track], [[makeRun(track, 1, 0, 3600)]])).toThrow(/70000 bytes/);
  });
});
