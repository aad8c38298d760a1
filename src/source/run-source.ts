import {
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_OPUS,
} from 'node-av/constants';
import { avGetCodecName, type Stream } from 'node-av/lib';
import { wallMs, type WallMs } from '../base/time.ts';
import { SourceError } from '../camera/source-error.ts';
import { EncodeError } from '../decode/encode-error.ts';
import type { OpenedStream, SourceOrder } from '../camera/source-messages.ts';
import { displayOrientation } from '../decode/display-orientation.ts';
import { TrackOrienter } from '../media/orientation.ts';
import { isVideo, type Packet } from '../media/packet.ts';
import { CopiedAac } from './copied-aac.ts';
import { CopiedAv1 } from './copied-av1.ts';
import { CopiedOpus } from './copied-opus.ts';
import { Backlog } from './backlog.ts';
import { CopiedVideo } from './copied-video.ts';
import { EncodedSound } from './encoded-sound.ts';
import { EncodedVideo } from './encoded-video.ts';
import { inputPlace, SILENCE_MS } from './input-place.ts';
import { InputReader } from './input-reader.ts';
import { InputTimeline } from './input-timeline.ts';
import type { SoundLine } from './sound-line.ts';
import type { VideoLine } from './video-line.ts';

/** What a source process has to do with the world. All of it waits: the process has nothing else to do. */
export interface SourceWorld {
  opened(stream: OpenedStream): void;
  /** Valid during the call. */
  packet(packet: Packet, takenWallMs: WallMs): void;
  wallMs(): WallMs;
  /** On a clock that never jumps. */
  seconds(): number;
  sleep(ms: number): void;
}

/** Formats that are one picture each time they are asked for. */
const SNAPSHOTS: ReadonlySet<string> = new Set(['jpeg_pipe', 'png_pipe', 'webp_pipe', 'image2']);
/** Where the times are made up by FFmpeg, or are those of another clock. */
const WITHOUT_TIMES: ReadonlySet<string> = new Set([
  'mpjpeg',
  'mjpeg',
  'rawvideo',
  'h264',
  'hevc',
  'obu',
  ...SNAPSHOTS,
]);

/**
 * Opens the input and passes on what comes, until it fails.
 * @throws SourceError, EncodeError
 */
export function runSource(order: SourceOrder, world: SourceWorld): never {
  const place = inputPlace(order);
  const { input } = order;
  const now = () => world.seconds();
  const waiting = { seconds: now, sleep: (ms: number) => world.sleep(ms) };
  let reader = new InputReader(place, waiting);
  let ageMs = 0;
  using lines = makeLines(reader, order, { ...world, wallMs: () => wallMs(world.wallMs() - ageMs) });
  const isSnapshot = isSnapshotOf(reader.format, order);
  const isLooped = input.kind === 'file' && input.isLooped;
  const timing = input.kind !== 'file' && WITHOUT_TIMES.has(reader.format) ? 'arrival' : 'container';
  const timeline = new InputTimeline(timing, now);
  // What is stored comes faster than it happened: a file, or the last segments of a playlist.
  const isPaced = input.kind === 'file' || (timing === 'container' && isHttp(order));
  const everyMs = input.kind === 'network' ? input.everyMs : 0;
  world.opened(openedStream(reader, lines, isSnapshot ? everyMs : 0));
  const startedSeconds = world.seconds();
  let dueSeconds = startedSeconds;
  const backlog = timing === 'container' && !isPaced ? new Backlog(reader.openedSeconds) : undefined;
  for (;;) {
    const askedSeconds = now();
    const packet = reader.read();
    const readSeconds = now() - askedSeconds;
    if (packet === undefined) {
      if (!isLooped && !isSnapshot) {
        lines.video.finish();
        throw endOf(order);
      }
      const { codecId } = reader.video.codecpar;
      reader[Symbol.dispose]();
      if (isSnapshot) {
        // A camera that was slow is not asked in a hurry to make up for it.
        dueSeconds = Math.max(dueSeconds + everyMs / 1000, world.seconds());
        world.sleep((dueSeconds - world.seconds()) * 1000);
      }
      reader = new InputReader(place, waiting);
      checkSame(codecId, reader.video);
      timeline.restart();
      continue;
    }
    const { streamIndex } = packet;
    const isPicture = streamIndex === reader.videoIndex;
    const isSound = streamIndex === reader.audioIndex && lines.audio !== undefined;
    if (!isPicture && !isSound) continue;
    const seconds = timeline.at(
      packet,
      isPicture || reader.audio === undefined ? reader.video : reader.audio,
    );
    ageMs = (backlog?.age(seconds, now(), readSeconds) ?? 0) * 1000;
    if (isPaced) world.sleep((seconds - (world.seconds() - startedSeconds)) * 1000);
    if (isPicture) lines.video.push(packet, seconds);
    else lines.audio?.push(packet, seconds);
  }
}

interface Lines extends Disposable {
  readonly video: VideoLine;
  readonly isEncoded: boolean;
  readonly audio: SoundLine | undefined;
}

function makeLines({ format, video, audio }: InputReader, order: SourceOrder, world: SourceWorld): Lines {
  const copied = makeCopied(video, (packet) => pass(packet));
  const orienter = new TrackOrienter();
  const orientation = displayOrientation(video.codecpar);
  const pass = (packet: Packet, takenWallMs = world.wallMs()) => {
    if (orientation === undefined || !isVideo(packet)) world.packet(packet, takenWallMs);
    else world.packet({ ...packet, track: orienter.orient(packet.track, orientation) }, takenWallMs);
  };
  const made = {
    isEncoded: copied === undefined,
    video:
      copied ??
      new EncodedVideo({
        stream: video,
        encoding: order.encoding,
        isPrompt: isSnapshotOf(format, order),
        wallMs: () => world.wallMs(),
        onPacket: pass,
      }),
    audio: order.audio && audio !== undefined ? makeSoundLine(audio, pass) : undefined,
  };
  return {
    ...made,
    [Symbol.dispose]() {
      made.audio?.[Symbol.dispose]();
      made.video[Symbol.dispose]();
    },
  };
}

/** Undefined for video that no recording can hold as it comes. */
function makeCopied(stream: Stream, onPacket: (packet: Packet) => void): VideoLine | undefined {
  const { codecId } = stream.codecpar;
  if (codecId === AV_CODEC_ID_AV1) return new CopiedAv1(stream, onPacket);
  const isNal = codecId === AV_CODEC_ID_H264 || codecId === AV_CODEC_ID_HEVC;
  return isNal ? new CopiedVideo(stream, onPacket) : undefined;
}

/** Undefined for sound that cannot be used. */
function makeSoundLine(stream: Stream, onPacket: (packet: Packet) => void): SoundLine | undefined {
  const { codecId, channelLayout } = stream.codecpar;
  if (codecId === AV_CODEC_ID_AAC) return new CopiedAac(stream, onPacket);
  if (codecId === AV_CODEC_ID_OPUS && channelLayout.nbChannels <= 2) return new CopiedOpus(stream, onPacket);
  try {
    return new EncodedSound(stream, onPacket);
  } catch (error) {
    if (error instanceof EncodeError) return undefined;
    throw error;
  }
}

function openedStream({ format, video, audio }: InputReader, lines: Lines, everyMs: number): OpenedStream {
  return {
    format,
    videoCodec: nameOf(video),
    isEncoded: lines.isEncoded,
    audioCodec: audio === undefined || lines.audio === undefined ? undefined : nameOf(audio),
    patienceMs: SILENCE_MS + 2_000 + everyMs,
  };
}

/** Of what is opened again and again. @throws SourceError */
function checkSame(codecId: number, { codecpar }: Stream): void {
  if (codecpar.codecId !== codecId) {
    throw new SourceError('media', 'the source changed its codec');
  }
}

function isSnapshotOf(format: string, { input }: SourceOrder): boolean {
  return input.kind === 'network' && SNAPSHOTS.has(format);
}

function isHttp({ input }: SourceOrder): boolean {
  return input.kind === 'network' && (input.protocol === 'http' || input.protocol === 'https');
}

function endOf({ input }: SourceOrder): SourceError {
  if (input.kind === 'file') return new SourceError('finished', 'the file has been played to its end');
  return new SourceError('closed', 'the camera ended the stream');
}

function nameOf({ codecpar }: Stream): string {
  return avGetCodecName(codecpar.codecId) ?? 'unknown';
}
