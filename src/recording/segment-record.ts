import type { WallMs } from '../base/time.ts';
import type { SegmentKind, SegmentRecord } from '../db/records.ts';
import { shownSize } from '../media/orientation.ts';
import type { Mp4SoundTrack, VideoTrack } from '../media/packet.ts';
import type { DurableSegment } from './segment-writer.ts';

/** What is known of a file from its beginning on. */
export interface SegmentHead {
  readonly camera: string;
  readonly kind: SegmentKind;
  readonly runStartWallMs: WallMs;
  readonly startWallMs: WallMs;
  readonly video: VideoTrack;
  readonly audio: Mp4SoundTrack | undefined;
}

/**
 * What the index is told of a file.
 * @param endedBy why it ended; undefined while it grows.
 */
export function segmentRecord(
  head: SegmentHead,
  { file, sizeBytes, endWallMs, fragments }: DurableSegment,
  endedBy: string | undefined,
): SegmentRecord {
  const { camera, kind, runStartWallMs, startWallMs, video, audio } = head;
  return {
    volume: file.key.volume,
    path: file.key.path,
    camera,
    kind,
    runStartWallMs,
    startWallMs,
    endWallMs,
    sizeBytes,
    isOpen: endedBy === undefined,
    endedBy,
    video: { codec: video.codecString, ...shownSize(video) },
    audio: audio && {
      codec: audio.codecString,
      sampleRateHz: audio.clockRateHz,
      channels: audio.channels,
    },
    fragments,
  };
}
