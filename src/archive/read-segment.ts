import { wallMs } from '../base/time.ts';
import type { EventRecord, FileKey, FragmentRecord, RunRecord, SegmentRecord } from '../db/records.ts';
import type { ByteSource } from '../media/fmp4/byte-source.ts';
import type { Mp4Fragment } from '../media/fmp4/fragment-reader.ts';
import { scanMp4, type ScannedFile } from '../media/fmp4/fragment-scan.ts';
import { shownSize } from '../media/orientation.ts';
import type { Mp4SoundTrack, VideoTrack } from '../media/packet.ts';
import { fragmentRecord } from './fragment-record.ts';
import { eventOf, type Sidecar } from './read-sidecar.ts';

/** What the index should know about a file, from the file itself and its sidecar. */
export interface ReadSegment {
  readonly scanned: ScannedFile;
  /** Up to the last whole fragment, closed; undefined for a file without pictures. */
  readonly segment: SegmentRecord | undefined;
  /** The run it belongs to, of which a file knows the start only. */
  readonly run: RunRecord;
  readonly events: readonly EventRecord[];
}

/**
 * Reads the tables of a file of the archive; its payload is not looked at.
 * @param sidecar undefined where there is none, or none that can be read.
 * @throws Mp4Error as `scanMp4` does; what the source throws.
 */
export async function readSegment(
  source: ByteSource,
  key: FileKey,
  sidecar: Sidecar | undefined,
): Promise<ReadSegment> {
  const scanned = await scanMp4(source);
  const camera = cameraOf(key.path);
  const run: RunRecord = {
    camera,
    startWallMs: scanned.header.runStartWallMs,
    endWallMs: undefined,
    endKind: undefined,
    endMessage: undefined,
  };
  const events = (sidecar?.annotations ?? []).flatMap((annotation) => eventOf(camera, annotation) ?? []);
  return { scanned, segment: segmentOf(scanned, key, sidecar), run, events };
}

/** The camera whose recording lies at this path: the name of its first folder. */
export function cameraOf(path: string): string {
  return path.slice(0, Math.max(0, path.indexOf('/')));
}

function segmentOf(
  { header, fragments, wholeSizeBytes }: ScannedFile,
  key: FileKey,
  sidecar: Sidecar | undefined,
): SegmentRecord | undefined {
  const tracks = header.tracks.map(({ track }) => track);
  const video = tracks.find((track): track is VideoTrack => track.kind === 'video');
  const audio = tracks.find((track): track is Mp4SoundTrack => track.kind === 'audio');
  const records = fragmentsOf(fragments);
  const last = records.at(-1);
  if (video === undefined || last === undefined) return undefined;
  const { volume, path } = key;
  return {
    volume,
    path,
    camera: cameraOf(path),
    runStartWallMs: header.runStartWallMs,
    startWallMs: header.createdAt,
    endWallMs: wallMs(header.createdAt + last.startMs + last.durationMs),
    sizeBytes: wholeSizeBytes,
    kind: sidecar?.kind ?? 'continuous',
    isOpen: false,
    endedBy: sidecar?.endedBy,
    video: { codec: video.codecString, ...shownSize(video) },
    audio: audio && {
      codec: audio.codecString,
      sampleRateHz: audio.clockRateHz,
      channels: audio.channels,
    },
    fragments: records,
  };
}

function fragmentsOf(fragments: readonly Mp4Fragment[]): readonly FragmentRecord[] {
  const records: FragmentRecord[] = [];
  let fileStartTicks: number | undefined;
  let endTicks = 0;
  for (const { positionBytes: offsetBytes, sizeBytes, runs } of fragments) {
    const pictures = runs.find(({ header }) => header.track.kind === 'video')?.samples ?? [];
    const [first] = pictures;
    fileStartTicks ??= first?.dts;
    // Sound alone, as may end a file, lies at the end of the pictures before it.
    const startTicks = first === undefined ? endTicks : first.dts - (fileStartTicks ?? 0);
    const durationTicks = pictures.reduce((sum, picture) => sum + picture.durationTicks, 0);
    const isKey = first?.isKey ?? false;
    records.push(fragmentRecord({ offsetBytes, sizeBytes, startTicks, durationTicks, isKey }));
    endTicks = startTicks + durationTicks;
  }
  return records;
}
