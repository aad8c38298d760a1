import type { AnalysisCost } from '../analysis/cpu-budget.ts';
import type { StreamState } from '../camera/stream.ts';
import type { RecordingMode } from '../config/recording-mode.ts';
import type { CameraStatusJson, StreamJson } from '../control/controlled-recorder.ts';
import type { FallbackRecord } from '../db/records.ts';
import type { Event, EventCause } from '../event/event.ts';
import { eventJson } from '../event/event-json.ts';
import { shownSize } from '../media/orientation.ts';
import { isMp4Sound, type AudioTrack, type VideoTrack } from '../media/packet.ts';

/** A camera at a glance, for the status line, other programs and pages. */
export interface CameraStatus {
  readonly camera: string;
  readonly stream: StreamState;
  readonly mode: RecordingMode;
  readonly isRecording: boolean;
  /** Why its footage cannot be written at present, if that is so. */
  readonly failure: string | undefined;
  /** The causes for which rules hold events open, also while the camera is away. */
  readonly held: readonly EventCause[];
  readonly event: Event | undefined;
  readonly video: VideoTrack | undefined;
  readonly audio: AudioTrack | undefined;
  /** Whether there is a sub-stream to be watched. */
  readonly hasSub: boolean;
  /** The streams that FFmpeg reads because our own client does not understand the camera. */
  readonly fallbacks: readonly FallbackRecord[];
  /** What it takes to look for motion; undefined until that is known. */
  readonly analysis: AnalysisCost | undefined;
}

/** @param redact takes out of an error what a camera may have repeated of its password. */
export function cameraStatusJson(status: CameraStatus, redact: (text: string) => string): CameraStatusJson {
  const { camera, stream, mode, isRecording, failure, held, event, video, audio } = status;
  return {
    camera,
    stream: streamJson(stream, redact),
    mode,
    recording: isRecording,
    failure: failure ?? null,
    held,
    event: event === undefined ? null : eventJson(event),
    video: video === undefined ? null : videoJson(video),
    audio: audio === undefined ? null : audioJson(audio),
    hasSub: status.hasSub,
    fallbacks: status.fallbacks.map(({ stream: name, reason, sinceWallMs }) => ({
      stream: name,
      reason,
      since: new Date(sinceWallMs).toISOString(),
    })),
    analysis: status.analysis ?? null,
  };
}

function streamJson(stream: StreamState, redact: (text: string) => string): StreamJson {
  if (stream.kind === 'waiting') return { state: stream.kind, reason: redact(stream.reason) };
  if (stream.kind === 'connecting') return { state: stream.kind };
  return { state: stream.kind, since: new Date(stream.sinceMs).toISOString() };
}

function audioJson(track: AudioTrack): CameraStatusJson['audio'] {
  const codec = isMp4Sound(track) ? track.codecString : track.codec;
  return { codec, rate: track.clockRateHz, channels: track.channels };
}

function videoJson(track: VideoTrack): CameraStatusJson['video'] {
  const { widthPx, heightPx } = shownSize(track);
  return { codec: track.codecString, width: widthPx, height: heightPx };
}
