import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { writeSidecar } from '../../archive/sidecar.ts';
import { mediaTicks, wallMs, type WallMs } from '../../base/time.ts';
import type { SegmentKind } from '../../db/records.ts';
import { FileMuxer } from '../../media/fmp4/file-muxer.ts';
import type { TrackRun } from '../../media/fmp4/fragment.ts';
import { h264HighTrack, stereoTrack } from '../../media/fmp4/testing/test-tracks.ts';
import type { AacTrack, Packet, VideoPacket, VideoTrack } from '../../media/packet.ts';

/** What a camera sent in one run. */
export interface TestRun {
  readonly startWallMs: WallMs;
  readonly video: readonly VideoPacket[];
  readonly audio: readonly (Packet & { readonly track: AacTrack })[];
}

export interface TestRunOptions {
  readonly startWallMs: number;
  readonly pictures: number;
  readonly intervalTicks?: number;
  readonly gop?: number;
  /** How many pictures after each reference picture are sent after it and shown before it. */
  readonly bPictures?: number;
  readonly track?: VideoTrack;
  readonly audioTrack?: AacTrack;
  /** How much earlier than pictures sound is sent. */
  readonly soundLeadMs?: number;
  readonly hasSound?: boolean;
  /** Of the first picture and the first packet of sound. */
  readonly firstNumber?: number;
}

/** Each picture's payload is its number in the order of showing, so that it is found again wherever it is copied to. */
export function makeTestRun(options: TestRunOptions): TestRun {
  const {
    firstNumber = 0,
    pictures,
    intervalTicks = 3600,
    gop = 10,
    bPictures = 0,
    track = h264HighTrack,
  } = options;
  const order = Array.from({ length: pictures }, (_, shown) => shown).toSorted(
    (a, b) => decodeRank(a, gop, bPictures) - decodeRank(b, gop, bPictures),
  );
  const video = order.map((shown, decoded): VideoPacket => ({
    track,
    isKey: shown % gop === 0,
    pts: mediaTicks((shown + (bPictures > 0 ? 1 : 0)) * intervalTicks),
    dts: mediaTicks(decoded * intervalTicks),
    data: numbered(firstNumber + shown, 8 + (shown % 5)),
  }));
  const seconds = (pictures * intervalTicks) / 90_000;
  const { hasSound = true, audioTrack = stereoTrack, soundLeadMs = 0 } = options;
  const frames = hasSound ? Math.floor((seconds * audioTrack.clockRateHz) / 1024) : 0;
  const leadTicks = Math.round((soundLeadMs * audioTrack.clockRateHz) / 1000);
  const audio = Array.from({ length: frames }, (_, i) => ({
    track: audioTrack,
    isKey: true,
    pts: mediaTicks(i * 1024 + leadTicks),
    dts: mediaTicks(i * 1024 + leadTicks),
    data: numbered(firstNumber + i, 6),
  }));
  return { startWallMs: wallMs(options.startWallMs), video, audio };
}

/** Within a GOP, a reference picture is sent before those that are shown before it. */
function decodeRank(shown: number, gop: number, bPictures: number): number {
  const inGop = shown % gop;
  const isReference = inGop % (bPictures + 1) === 0 || inGop === gop - 1;
  if (isReference || bPictures === 0) {
    const first = inGop === 0 ? inGop : inGop - ((inGop - 1) % (bPictures + 1));
    return shown - inGop + first - 0.5;
  }
  return shown;
}

function numbered(number: number, sizeBytes: number): Uint8Array {
  const data = new Uint8Array(sizeBytes);
  new DataView(data.buffer).setUint32(0, number);
  return data;
}

export interface TestSegment {
  readonly path: string;
  readonly run: TestRun;
  /** Of the pictures in the order of decoding: up to but without the second. */
  readonly from: number;
  readonly to: number;
  /** By how much the run's clock has been corrected. */
  readonly correctionMs?: number;
  readonly isOpen?: boolean;
  readonly hasSound?: boolean;
  readonly kind?: SegmentKind;
  /** The number, in the order of decoding, of a picture before which the stream had a hole. */
  readonly holeBefore?: number;
}

/** Writes a file as the recorder does: a fragment a GOP, sound by when it was sent. */
export async function writeTestSegment(segment: TestSegment): Promise<void> {
  const { path, run, from, to, correctionMs = 0, isOpen = false } = segment;
  const video = run.video.slice(from, to);
  const [first] = video;
  if (first === undefined) throw new Error('a segment needs pictures');
  const wallOf = (pts: number) => wallMs(Math.floor(run.startWallMs + pts / 90) + correctionMs);
  const tracks = [first.track, ...((segment.hasSound ?? run.audio.length > 0) ? [soundOf(run)] : [])];
  const startWallMs = wallOf(first.pts);
  const muxer = new FileMuxer({ tracks, createdAt: startWallMs, runStartWallMs: run.startWallMs });
  const pieces = fragmentsOf(segment).flatMap((runs) => muxer.encode(runs));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.concat(pieces));
  await writeSidecar(path, {
    camera: 'yard',
    file: basename(path),
    kind: segment.kind ?? 'continuous',
    startWallMs,
    endWallMs: isOpen ? undefined : wallOf(Math.max(...video.map(({ pts }) => pts))),
    endedBy: isOpen ? undefined : 'test',
    continues: undefined,
    tracks,
    annotations: [],
  });
}

function soundOf({ audio }: TestRun): AacTrack {
  const [first] = audio;
  if (first === undefined) throw new Error('a segment with sound needs some');
  return first.track;
}

function fragmentsOf({ run, from, to, hasSound = true, holeBefore }: TestSegment): TrackRun[][] {
  const starts = run.video.flatMap(({ isKey }, i) =>
    (isKey || i === holeBefore) && i >= from && i < to ? [i] : [],
  );
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? to;
    const packets = run.video.slice(start, end);
    const [first] = packets;
    if (first === undefined) throw new Error('a fragment begins with a picture');
    const nextDts = end === holeBefore ? undefined : run.video[end]?.dts;
    const isSent = ({ dts, track }: Packet) => {
      const ticks = (dts * 90_000) / track.clockRateHz;
      return ticks >= (start === from ? first.dts - 9000 : first.dts) && ticks < (nextDts ?? Infinity);
    };
    const sound = hasSound ? run.audio.filter(isSent) : [];
    const [firstSound] = sound;
    return [
      { track: first.track, packets, nextDts },
      ...(firstSound === undefined ? [] : [{ track: firstSound.track, packets: sound, nextDts: undefined }]),
    ];
  });
}
