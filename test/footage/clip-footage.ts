import { link, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readSegment } from '../../src/archive/read-segment.ts';
import { mediaTicks, wallMs, type WallMs } from '../../src/base/time.ts';
import type { SegmentRecord, VolumeRecord } from '../../src/db/records.ts';
import { AAC_UNIT_SAMPLES, type Clip } from '../../src/demo/clip.ts';
import { aacCodecString, parseAudioSpecificConfig } from '../../src/media/aac.ts';
import { memorySource } from '../../src/media/fmp4/byte-source.ts';
import { FileMuxer } from '../../src/media/fmp4/file-muxer.ts';
import type { TrackRun } from '../../src/media/fmp4/fragment.ts';
import { h264Track } from '../../src/media/h264.ts';
import { VIDEO_CLOCK_RATE_HZ, type AacTrack, type Packet } from '../../src/media/packet.ts';

export interface ClipFootageOptions {
  /** H.264, without B frames, some number of whole GOPs long. */
  readonly clip: Clip;
  readonly volume: VolumeRecord;
  readonly camera: string;
  /** When the loop begins. */
  readonly startWallMs: WallMs;
  /** Which minutes since then are recorded, a file each. */
  readonly minutes: readonly number[];
  /** In which no sound comes; none without them. */
  readonly silences?: readonly Silence[] | undefined;
}

/** In seconds of each minute. */
export interface Silence {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export const MINUTE_MS = 60_000;

/**
 * Records a demo camera's clip into files of a minute without waiting for it: what the recorder would have made of the
 * camera. Where minutes are alike, they share one file on disk.
 * @returns what the index is to be told.
 */
export async function recordClip(options: ClipFootageOptions): Promise<readonly SegmentRecord[]> {
  const { clip, volume, camera, startWallMs, minutes, silences = [] } = options;
  const written = new Map<number, { readonly path: string; readonly segment: SegmentRecord }>();
  const segments: SegmentRecord[] = [];
  for (const minute of minutes) {
    const firstSlot = minute * 60 * clip.rateFps;
    const phase = firstSlot % clip.units.length;
    const fileStartMs = wallMs(startWallMs + minute * MINUTE_MS);
    const path = `${camera}/${minute}.mp4`;
    const file = join(volume.path, path);
    const alike = written.get(phase);
    if (alike === undefined) {
      const bytes = minuteOf(clip, firstSlot, fileStartMs, silences);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
      const key = { volume: volume.id, path };
      const { segment } = await readSegment(memorySource(bytes), key, undefined);
      if (segment === undefined) throw new Error('a clip without pictures');
      written.set(phase, { path: file, segment });
      segments.push(segment);
    } else {
      await link(alike.path, file);
      const endWallMs = wallMs(alike.segment.endWallMs - alike.segment.startWallMs + fileStartMs);
      segments.push({
        ...alike.segment,
        path,
        startWallMs: fileStartMs,
        runStartWallMs: fileStartMs,
        endWallMs,
      });
    }
  }
  return segments;
}

/** The number that is burnt into the picture of a moment of such a recording. */
export function frameAt({ clip, startWallMs }: ClipFootageOptions, atMs: number): number {
  const minute = Math.floor((atMs - startWallMs) / MINUTE_MS);
  const inMinute = Math.floor(((atMs - startWallMs - minute * MINUTE_MS) * clip.rateFps) / 1000 + 1e-6);
  const slot = minute * 60 * clip.rateFps + inMinute;
  return clip.units[slot % clip.units.length]?.frame ?? -1;
}

function minuteOf(
  clip: Clip,
  firstSlot: number,
  createdAt: WallMs,
  silences: readonly Silence[],
): Uint8Array {
  const { parameterSets, rateFps, units } = clip;
  if (parameterSets.codec !== 'h264') throw new Error('expected H.264');
  const video = h264Track(0, parameterSets.sps, parameterSets.pps);
  const sound = soundTrackOf(clip);
  const tracks = sound === undefined ? [video] : [video, sound];
  const muxer = new FileMuxer({ tracks, createdAt, runStartWallMs: createdAt });
  const pictures = Array.from({ length: 60 * rateFps }, (_, i): Packet => {
    const unit = units[(firstSlot + i) % units.length];
    if (unit === undefined) throw new Error('a clip without pictures');
    const ticks = mediaTicks(Math.round((i * VIDEO_CLOCK_RATE_HZ) / rateFps));
    return { track: video, isKey: unit.isKey, pts: ticks, dts: ticks, data: lengthPrefixed(unit.nals) };
  });
  const endTicks = mediaTicks(60 * VIDEO_CLOCK_RATE_HZ);
  const starts = pictures.flatMap(({ isKey }, i) => (isKey ? [i] : []));
  const pieces = starts.flatMap((start, i) => {
    const end = starts[i + 1];
    const nextDts = end === undefined ? endTicks : (pictures[end]?.dts ?? endTicks);
    const runs: TrackRun[] = [{ track: video, packets: pictures.slice(start, end), nextDts }];
    if (sound !== undefined) {
      const packets = soundOf(clip, sound, (pictures[start]?.dts ?? 0) / 90_000, nextDts / 90_000);
      const heard = packets.filter(({ dts }) => !isIn(silences, dts / sound.clockRateHz));
      runs.push({ track: sound, packets: heard, nextDts: undefined });
    }
    return muxer.encode(runs);
  });
  return Buffer.concat(pieces);
}

function isIn(silences: readonly Silence[], seconds: number): boolean {
  return silences.some(({ fromSeconds, toSeconds }) => fromSeconds <= seconds && seconds < toSeconds);
}

function soundTrackOf({ sound }: Clip): AacTrack | undefined {
  if (sound === undefined) return undefined;
  const { audioSpecificConfig, sampleRateHz: clockRateHz, channels } = sound;
  const codecString = aacCodecString(parseAudioSpecificConfig(audioSpecificConfig));
  return { kind: 'audio', index: 1, codec: 'aac', audioSpecificConfig, codecString, clockRateHz, channels };
}

function soundOf({ sound }: Clip, track: AacTrack, fromSeconds: number, toSeconds: number): Packet[] {
  const unitSeconds = AAC_UNIT_SAMPLES / track.clockRateHz;
  const [first, last] = [fromSeconds, toSeconds].map((seconds) => Math.ceil(seconds / unitSeconds - 1e-9));
  const units = sound?.units ?? [];
  return Array.from({ length: (last ?? 0) - (first ?? 0) }, (_, i) => {
    const number = (first ?? 0) + i;
    const ticks = mediaTicks(number * AAC_UNIT_SAMPLES);
    return {
      track,
      isKey: true,
      pts: ticks,
      dts: ticks,
      data: units[number % units.length] ?? new Uint8Array(0),
    };
  });
}

function lengthPrefixed(nals: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    nals.flatMap((nal) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(nal.byteLength);
      return [length, nal];
    }),
  );
}
