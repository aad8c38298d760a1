import { basename } from 'node:path';
import { writeSidecar, type Annotation } from '../archive/sidecar.ts';
import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { MediaTicks, MonotonicMs, WallMs } from '../base/time.ts';
import type { FileKey, SegmentKind, SegmentRecord } from '../db/records.ts';
import { shownAtMs, type Mp4SoundTrack, type VideoTrack } from '../media/packet.ts';
import type { Mp4Packet } from './fragment-cutter.ts';
import type { RecordingError } from './recording-error.ts';
import type { NewFile } from './segment-file.ts';
import { segmentRecord } from './segment-record.ts';
import { SegmentWriter, type DurableSegment } from './segment-writer.ts';

export interface RecordedFileOptions {
  readonly camera: string;
  readonly kind: SegmentKind;
  readonly runStartWallMs: WallMs;
  readonly video: VideoTrack;
  /** Where it is not known from the beginning, it joins with its first packet, if that comes before the first fragment is complete. */
  readonly audio: Mp4SoundTrack | undefined;
  /** When its first picture was taken, and when that is shown in its run. */
  readonly startWallMs: WallMs;
  readonly startMediaMs: number;
  /** Of the file that goes on in this one. */
  readonly continues: SegmentWriter | undefined;
  /** What its description tells of events, by their ids, and what is laid over that. */
  readonly annotations: Map<string, Annotation>;
  readonly marks: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly create: () => Promise<NewFile>;
  readonly clock: Clock;
  readonly log: Log;
  /** Told each time when more of it is surely on disk, and once it will not change any more. */
  readonly onSegment: (segment: SegmentRecord) => void;
  /** Told in the end where it was made and is gone again, nothing of it ever having been surely on disk. */
  readonly onAbandoned: (file: FileKey) => void;
  /** Told at most once, when it can take no more; without the file where it could not be made. */
  readonly onFailed: (error: RecordingError, file: FileKey | undefined) => void;
}

const MAX_QUEUED_BYTES = 64 * 2 ** 20;

/** A file that is recorded, with the JSON file beside it. */
export class RecordedFile {
  readonly #options: RecordedFileOptions;
  readonly writer: SegmentWriter;
  readonly openedAt: MonotonicMs;
  #audio: Mp4SoundTrack | undefined;
  #endMediaMs: number;
  /** Settles when the JSON file is written; undefined until some of the file is surely on disk. */
  #description: Promise<void> | undefined;

  constructor(options: RecordedFileOptions) {
    const { create, startWallMs, runStartWallMs, audio, kind, clock, onFailed } = options;
    this.#options = options;
    this.#audio = audio;
    this.#endMediaMs = options.startMediaMs;
    this.openedAt = clock.monotonicMs();
    this.writer = new SegmentWriter({
      create,
      startWallMs,
      runStartWallMs,
      audio,
      isTimelapse: kind === 'timelapse',
      maxQueuedBytes: MAX_QUEUED_BYTES,
      clock,
      onDurable: (durable) => this.#tellDurable(durable),
      onFailed,
    });
  }

  get kind(): SegmentKind {
    return this.#options.kind;
  }

  get video(): VideoTrack {
    return this.#options.video;
  }

  get audio(): Mp4SoundTrack | undefined {
    return this.#audio;
  }

  get startMediaMs(): number {
    return this.#options.startMediaMs;
  }

  /** When its last picture so far is shown. */
  get endMediaMs(): number {
    return this.#endMediaMs;
  }

  get annotations(): Map<string, Annotation> {
    return this.#options.annotations;
  }

  /** Takes a packet, if it is of its tracks. */
  push(packet: Mp4Packet): void {
    const { track } = packet;
    if (track.kind === 'audio' && !this.writer.hasBegun) this.#audio ??= track;
    if (track !== this.video && track !== this.#audio) return;
    this.writer.push(packet);
    if (track.kind === 'video') this.#endMediaMs = Math.max(this.#endMediaMs, shownAtMs(packet));
  }

  /**
   * Closes the file and tells so. Never rejects.
   * @param next when the picture after its last one is decoded, if that is known.
   */
  async finish(reason: string, next: MediaTicks | undefined): Promise<void> {
    await this.writer.close(next);
    const { durable, key } = this.writer;
    const { startWallMs, continues, log, onAbandoned } = this.#options;
    if (durable === undefined) {
      if (key !== undefined) onAbandoned(key);
      return;
    }
    await this.#description;
    // It may be slower than this one, and is named in this one's description.
    await continues?.settled();
    await this.#describe(durable, reason);
    this.#tellSegment(durable, reason);
    const seconds = (durable.endWallMs - startWallMs) / 1000;
    log.info(`recorded ${durable.file.path}`, { seconds, bytes: durable.sizeBytes });
  }

  #tellDurable(durable: DurableSegment): void {
    this.#tellSegment(durable, undefined);
    if (this.#description !== undefined) return;
    this.#options.log.info(`recording to ${durable.file.path}`);
    this.#description = this.#describe(durable, undefined);
  }

  #tellSegment(durable: DurableSegment, endedBy: string | undefined): void {
    const { camera, kind, runStartWallMs, startWallMs, video, onSegment } = this.#options;
    const head = { camera, kind, runStartWallMs, startWallMs, video, audio: this.#audio };
    onSegment(segmentRecord(head, durable, endedBy));
  }

  /** Writes the JSON file beside the recording. */
  async #describe(durable: DurableSegment, endedBy: string | undefined): Promise<void> {
    const { camera, kind, video, startWallMs, continues, marks, log } = this.#options;
    const { path } = durable.file;
    const before = continues?.durable?.file.path;
    try {
      await writeSidecar(path, {
        camera,
        file: basename(path),
        kind,
        startWallMs,
        endWallMs: endedBy === undefined ? undefined : durable.endWallMs,
        endedBy,
        continues: before && basename(before),
        tracks: this.#audio === undefined ? [video] : [video, this.#audio],
        annotations: Array.from(this.annotations.values(), (told) => ({ ...told, ...marks.get(told.id) })),
      });
    } catch (error) {
      log.error(`could not write the description beside ${path}: ${describeError(error)}`);
    }
  }
}
