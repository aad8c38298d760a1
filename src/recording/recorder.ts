import { basename } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { wallMs, type MonotonicMs, type WallMs } from '../base/time.ts';
import type { FileKey, SegmentKind, SegmentRecord } from '../db/records.ts';
import { isMp4Track } from '../media/fmp4/mp4-track.ts';
import { GopRing, type GopRingLimits } from '../media/gop-ring.ts';
import { shownAtMs, type AacTrack, type Packet, type VideoTrack } from '../media/packet.ts';
import { wallOfPacket, type Run, type RunEnd, type StreamSink } from '../media/run.ts';
import type { Mp4Packet } from './fragment-cutter.ts';
import type { RecordingError } from './recording-error.ts';
import type { NewFile } from './segment-file.ts';
import { segmentRecord } from './segment-record.ts';
import { SegmentWriter, type DurableSegment } from './segment-writer.ts';
import { writeSidecar, type Annotation } from '../archive/sidecar.ts';

/** `always`: everything is recorded. `event`: only what `keepFrom` … `keepUntil` asks for. */
export type RecordingMode =
  | { readonly kind: 'always'; readonly fileLengthMs: number }
  | { readonly kind: 'event'; readonly ring: GopRingLimits; readonly fileLengthMs: number };

export interface RecorderOptions {
  readonly camera: string;
  readonly mode: RecordingMode;
  /** Creates the file of a recording that starts at this time. */
  readonly createFile: (start: WallMs) => Promise<NewFile>;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Told of a file when some of it is surely on disk, each time when more of it is, and when it will not change any
   * more (`isOpen` false).
   */
  readonly onSegment?: (segment: SegmentRecord) => void;
  /** Told when a file could not be made or gone on with. */
  readonly onFailed?: (error: RecordingError, file: FileKey | undefined) => void;
}

/** A file being recorded. */
interface OpenFile {
  readonly writer: SegmentWriter;
  readonly runStartWallMs: WallMs;
  /** Settles when the JSON file beside it is written; undefined until some of the file is surely on disk. */
  description: Promise<void> | undefined;
  readonly video: VideoTrack;
  /** Joins with the first sound packet, if that comes before the first fragment is complete. */
  audio: AacTrack | undefined;
  readonly startWallMs: WallMs;
  readonly startMediaMs: number;
  readonly openedAt: MonotonicMs;
  endWallMs: WallMs;
  readonly continues: SegmentWriter | undefined;
  readonly annotations: Map<string, Annotation>;
}

/** After a failed write the next file is tried on the first key picture after this long. */
const RETRY_AFTER_FAILURE_MS = 5_000;
const MAX_QUEUED_BYTES = 64 * 2 ** 20;

/**
 * Records one camera: holds the last seconds in a ring, begins a file on the key picture before the moment that is
 * asked for, and cuts files on key pictures so that nothing is lost between them. Works on packets as they come;
 * disk work goes on behind it.
 */
export class Recorder implements StreamSink, AsyncDisposable {
  readonly #options: RecorderOptions;
  readonly #ring: GopRing | undefined;
  #file: OpenFile | undefined;
  /** The file closed last, as long as the next packet would continue it without a gap. */
  #previous: SegmentWriter | undefined;
  /** Footage is wanted up to here; Infinity while an event is open, -Infinity when nothing is wanted. */
  #wantedUntilMs = Number.NEGATIVE_INFINITY;
  #annotations = new Map<string, Annotation>();
  #run: Run | undefined;
  #audio: AacTrack | undefined;
  #failedAt: MonotonicMs | undefined;
  #ringIsFull = false;
  readonly #closing = new Set<Promise<void>>();

  constructor(options: RecorderOptions) {
    this.#options = options;
    if (options.mode.kind === 'event') this.#ring = new GopRing(options.mode.ring);
    else this.#wantedUntilMs = Number.POSITIVE_INFINITY;
  }

  get isRecording(): boolean {
    return this.#file !== undefined;
  }

  get #kind(): SegmentKind {
    return this.#options.mode.kind === 'always' ? 'continuous' : 'event';
  }

  runStarted(run: Run): void {
    this.#run = run;
    this.#audio = undefined;
    this.#ring?.clear();
  }

  packet(packet: Packet, run: Run): void {
    if (packet.track.kind === 'audio' && packet.track.codec === 'aac') this.#audio = packet.track;
    if (this.#ring !== undefined) this.#tellIfRingIsFull(this.#ring.push(packet));
    if (this.#file !== undefined || this.#wantedUntilMs > Number.NEGATIVE_INFINITY) this.#record(packet, run);
  }

  runEnded(_run: Run, end: RunEnd): void {
    this.#closeFile(undefined, end.message);
    this.#previous = undefined;
    this.#run = undefined;
    this.#ring?.clear();
  }

  /**
   * An event opened: in mode `event`, footage is kept from `from` on, as far as the ring reaches back.
   * @param annotation goes into the JSON file beside each recording of the event.
   */
  keepFrom(from: WallMs, annotation: Annotation): void {
    this.#annotations.set(annotation.id, annotation);
    this.#file?.annotations.set(annotation.id, annotation);
    if (this.#ring === undefined) return;
    const wasWanted = this.#wantedUntilMs > Number.NEGATIVE_INFINITY;
    this.#wantedUntilMs = Number.POSITIVE_INFINITY;
    const run = this.#run;
    if (wasWanted || run === undefined) return;
    for (const packet of this.#ring.since(run.clock.mediaOf(from))) this.#record(packet, run);
  }

  /** The event ended: footage is kept up to `until` only. The annotation replaces that of the same id. */
  keepUntil(until: WallMs, annotation: Annotation): void {
    this.#annotations.delete(annotation.id);
    this.#file?.annotations.set(annotation.id, annotation);
    if (this.#ring === undefined || this.#annotations.size > 0) return;
    this.#wantedUntilMs = until;
    if (this.#file === undefined || this.#file.endWallMs >= until) this.#stopWanting('the event ended');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closeFile(undefined, 'the recorder stopped');
    await Promise.all(this.#closing);
  }

  #record(packet: Packet, run: Run): void {
    const isPicture = packet.track.kind === 'video';
    const wall = isPicture ? wallOfPacket(packet, run) : undefined;
    if (wall !== undefined && wall > this.#wantedUntilMs) {
      this.#stopWanting('the event ended', packet);
      return;
    }
    if (isPicture && this.#file !== undefined) {
      const reason = this.#reasonToRotate(this.#file, packet);
      if (reason !== undefined) this.#closeFile(packet, reason, 'continued');
    }
    if (this.#file === undefined && isPicture && packet.isKey) this.#openFile(packet, packet.track, run);
    const file = this.#file;
    if (file === undefined || !isMp4Packet(packet)) return;
    if (packet.track.kind === 'audio' && !file.writer.hasBegun) file.audio ??= packet.track;
    if (packet.track !== file.video && packet.track !== file.audio) return;
    file.writer.push(packet);
    if (wall !== undefined && wall > file.endWallMs) file.endWallMs = wall;
  }

  #reasonToRotate(file: OpenFile, packet: Packet): string | undefined {
    if (packet.track !== file.video) return 'the video format changed';
    if (!packet.isKey) return undefined;
    if (shownAtMs(packet) - file.startMediaMs >= this.#options.mode.fileLengthMs) return 'the file was full';
    if (this.#audio !== file.audio) return 'the sound format changed';
    return undefined;
  }

  #openFile(first: Packet, video: VideoTrack, run: Run): void {
    const { clock, createFile, onFailed } = this.#options;
    if (this.#failedAt !== undefined && clock.monotonicMs() - this.#failedAt < RETRY_AFTER_FAILURE_MS) return;
    const startWallMs = wallMs(Math.floor(wallOfPacket(first, run)));
    const writer = new SegmentWriter({
      create: () => createFile(startWallMs),
      startWallMs,
      runStartWallMs: run.startWallMs,
      maxQueuedBytes: MAX_QUEUED_BYTES,
      clock,
      onDurable: (durable) => this.#tellDurable(file, durable),
      onFailed: (error, key) => {
        this.#tellFailure(error);
        if (this.#file?.writer === writer) this.#closeFile(undefined, error.message);
        onFailed?.(error, key);
      },
    });
    const file: OpenFile = {
      writer,
      runStartWallMs: run.startWallMs,
      description: undefined,
      video,
      audio: undefined,
      startWallMs,
      startMediaMs: shownAtMs(first),
      openedAt: clock.monotonicMs(),
      endWallMs: startWallMs,
      continues: this.#previous,
      annotations: new Map(this.#annotations),
    };
    this.#previous = undefined;
    this.#file = file;
  }

  #stopWanting(reason: string, next?: Packet): void {
    this.#wantedUntilMs = Number.NEGATIVE_INFINITY;
    this.#closeFile(next, reason);
    this.#previous = undefined;
  }

  /** @param next the video packet that comes after the file's last one, if it is known. */
  #closeFile(next: Packet | undefined, reason: string, then: 'continued' | 'ended' = 'ended'): void {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    if (then === 'continued') this.#previous = file.writer;
    void this.#inBackground(this.#finish(file, next, reason));
  }

  async #finish(file: OpenFile, next: Packet | undefined, reason: string): Promise<void> {
    await file.writer.close(next);
    const { durable } = file.writer;
    if (durable === undefined) return;
    await file.description;
    await this.#describe(file, durable, reason);
    this.#tellSegment(file, durable, reason);
    const seconds = (durable.endWallMs - file.startWallMs) / 1000;
    this.#options.log.info(`recorded ${durable.file.path}`, { seconds, bytes: durable.sizeBytes });
  }

  #tellDurable(file: OpenFile, durable: DurableSegment): void {
    const { log } = this.#options;
    if (this.#failedAt !== undefined && file.openedAt > this.#failedAt) {
      this.#failedAt = undefined;
      log.info('recording again');
    }
    if (file.description === undefined) {
      log.info(`recording to ${durable.file.path}`);
      file.description = this.#inBackground(this.#describe(file, durable, undefined));
    }
    this.#tellSegment(file, durable, undefined);
  }

  #tellSegment(file: OpenFile, durable: DurableSegment, endedBy: string | undefined): void {
    const head = { camera: this.#options.camera, kind: this.#kind, ...file };
    this.#options.onSegment?.(segmentRecord(head, durable, endedBy));
  }

  /** Writes the JSON file beside the recording. */
  async #describe(file: OpenFile, durable: DurableSegment, endedBy: string | undefined): Promise<void> {
    const { camera, log } = this.#options;
    const { path } = durable.file;
    const before = file.continues?.durable?.file.path;
    try {
      await writeSidecar(path, {
        camera,
        file: basename(path),
        kind: this.#kind,
        startWallMs: file.startWallMs,
        endWallMs: endedBy === undefined ? undefined : durable.endWallMs,
        endedBy,
        continues: before && basename(before),
        tracks: file.audio === undefined ? [file.video] : [file.video, file.audio],
        annotations: [...file.annotations.values()],
      });
    } catch (error) {
      log.error(`could not write the description beside ${path}: ${describeError(error)}`);
    }
  }

  #tellFailure(error: RecordingError): void {
    const { log, clock } = this.#options;
    const text = `${error.message}; footage is being lost, trying a new file every few seconds`;
    // Loud once, until it works again.
    if (this.#failedAt === undefined) log.error(text, { reason: error.kind });
    else log.debug(text, { reason: error.kind });
    this.#failedAt = clock.monotonicMs();
  }

  #inBackground(work: Promise<void>): Promise<void> {
    const owned = work.finally(() => this.#closing.delete(owned));
    this.#closing.add(owned);
    return owned;
  }

  #tellIfRingIsFull(wasKept: boolean): void {
    if (!wasKept && !this.#ringIsFull) {
      this.#options.log.warn(
        'a single GOP is larger than ring.maxBytes: there is no pre-roll until the next key picture; ' +
          'raise ring.maxBytes or shorten the camera’s key frame interval',
      );
    }
    this.#ringIsFull = !wasKept;
  }
}

function isMp4Packet(packet: Packet): packet is Mp4Packet {
  return isMp4Track(packet.track);
}
