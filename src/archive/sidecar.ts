import type { WallMs } from '../base/time.ts';
import type { SegmentKind } from '../db/records.ts';
import type { Mp4Track } from '../media/fmp4/mp4-track.ts';
import type { VideoTrack } from '../media/packet.ts';
import { replaceFile } from './replace-file.ts';

/** An event as the JSON file beside a recording tells it. `id` names it among the camera's events. */
export interface Annotation {
  readonly id: string;
  readonly [detail: string]: unknown;
}

/** What the JSON file beside a recording says. */
export interface SidecarContent {
  readonly camera: string;
  /** The recording's file name. */
  readonly file: string;
  /** What it was recorded for. */
  readonly kind: SegmentKind;
  readonly startWallMs: WallMs;
  /** Undefined while the file grows. */
  readonly endWallMs: WallMs | undefined;
  /** Why the file ended; undefined while it grows. */
  readonly endedBy: string | undefined;
  /** The file that this one goes on from without a gap, if any. */
  readonly continues: string | undefined;
  readonly tracks: readonly Mp4Track[];
  readonly annotations: readonly Annotation[];
}

/** Where the JSON file of a recording lies: same name, other ending. */
export function sidecarPath(recordingPath: string): string {
  return recordingPath.replace(/\.mp4$/, '.json');
}

/** Writes the JSON file beside `recordingPath`, replacing an older one in one step. */
export async function writeSidecar(recordingPath: string, content: SidecarContent): Promise<void> {
  await replaceFile(sidecarPath(recordingPath), `${JSON.stringify(toJson(content), undefined, 2)}\n`);
}

function toJson(content: SidecarContent): object {
  return {
    camera: content.camera,
    file: content.file,
    kind: content.kind,
    start: isoTime(content.startWallMs),
    end: isoTime(content.endWallMs),
    endedBy: content.endedBy,
    continues: content.continues,
    tracks: content.tracks.map(describeTrack),
    events: content.annotations,
  };
}

function describeTrack(track: Mp4Track): object {
  return track.kind === 'video'
    ? { kind: 'video', codec: track.codecString, width: track.widthPx, height: track.heightPx, ...shown(track) }
    : { kind: 'audio', codec: track.codecString, sampleRate: track.clockRateHz, channels: track.channels };
}

/** How it is to be shown, where that is not as it is coded. */
function shown({ orientation }: VideoTrack): object {
  if (orientation === undefined) return {};
  return { rotate: orientation.turnDegrees, mirror: orientation.isMirrored };
}

function isoTime(wall: WallMs | undefined): string | undefined {
  return wall === undefined ? undefined : new Date(wall).toISOString();
}
