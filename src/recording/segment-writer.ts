import { fragmentRecord } from '../archive/fragment-record.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import { monotonicMs, wallMs, type MediaTicks, type MonotonicMs, type WallMs } from '../base/time.ts';
import type { FileKey, FragmentRecord } from '../db/records.ts';
import { FileMuxer } from '../media/fmp4/file-muxer.ts';
import { lengthTicks, type TrackRun } from '../media/fmp4/fragment.ts';
import type { Mp4SoundTrack, Packet } from '../media/packet.ts';
import { FragmentCutter, type Mp4Packet } from './fragment-cutter.ts';
import { RecordingError } from './recording-error.ts';
import { SegmentFile, type NewFile } from './segment-file.ts';

export interface SegmentWriterOptions {
  readonly create: () => Promise<NewFile>;
  /** When its first picture was taken. */
  readonly startWallMs: WallMs;
  /** When the run began that it is a part of. */
  readonly runStartWallMs: WallMs;
  /** Sound that the file is to have however late it comes; undefined where none is known. */
  readonly audio: Mp4SoundTrack | undefined;
  readonly isTimelapse: boolean;
  /** What may wait for the disk; beyond it the file ends with `too-slow`. */
  readonly maxQueuedBytes: number;
  readonly clock: Clock;
  /** Called each time more of the file is surely on disk. */
  readonly onDurable: (durable: DurableSegment) => void;
  /** Called at most once, when the file can take no more; without it if it could not be made. */
  readonly onFailed: (error: RecordingError, file: FileKey | undefined) => void;
}

/** What of a file no power cut takes away any more: whole fragments, at least one. */
export interface DurableSegment {
  readonly file: Omit<NewFile, 'handle'>;
  readonly sizeBytes: number;
  readonly endWallMs: WallMs;
  readonly fragments: readonly FragmentRecord[];
}

/** A fragment on its way to the disk. */
interface QueuedFragment {
  readonly runs: readonly TrackRun[];
  readonly pieces: readonly Uint8Array[];
  readonly sizeBytes: number;
  readonly record: FragmentRecord;
}

/**
 * Syncing a file more often would wear disks, less often would lose more of it with the power. Fragments of a second, read in turns of
 * 0.4 or 0.8 s, are written 0.8 to 1.6 s apart: each is to be synced when it is written and not to wait for a moment of its own.
 */
export const SYNC_INTERVAL_MS = 750;
/**
 * A sync that takes long keeps one of the four threads for files, which all cameras share: a file is not synced again before so
 * many times as long have passed.
 */
const SYNC_TIMES_APART = 4;

/**
 * Writes one MP4 file in the background, a fragment or all of a long turn a write, and syncs it as often as `SYNC_INTERVAL_MS` and the disk allow.
 * The file is playable after every fragment. When the disk fails, it ends with the last fragment that is surely there.
 * Pushing never waits for the disk.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #cutter: FragmentCutter;
  #muxer: FileMuxer | undefined;
  #firstPicture: Packet | undefined;
  #file: SegmentFile | undefined;
  #queue = Promise.resolve();
  #queuedBytes = 0;
  /** To be written together; nothing waits here but while the stream is read in long turns. */
  #unwritten: QueuedFragment[] = [];
  #encodedBytes = 0;
  readonly #written: FragmentRecord[] = [];
  #durable: DurableSegment | undefined;
  /** Not to be synced again before; undefined until it was synced first. */
  #syncDue: MonotonicMs | undefined;
  #nextSync: Timer | undefined;
  #failure: RecordingError | undefined;
  /** Whether the disk refused something: then nothing more is written. */
  #isRefused = false;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#cutter = new FragmentCutter(options.isTimelapse);
  }

  /** What is surely on disk; undefined until something is, and where the file was given up before. */
  get durable(): DurableSegment | undefined {
    return this.#durable;
  }

  /** Names the file, once it has been made. */
  get key(): FileKey | undefined {
    return this.#file?.key;
  }

  /** Resolves when everything pushed so far in whole fragments is written, or the file has failed. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  /** Whether the first fragment is complete: the file has the tracks of its packets and that of its sound, and takes no other ones. */
  get hasBegun(): boolean {
    return this.#muxer !== undefined;
  }

  /** Takes a packet of one of the file's tracks; ignored after a failure. */
  push(packet: Mp4Packet): void {
    if (this.#failure !== undefined) return;
    packet.memory?.hold();
    const fragment = this.#cutter.push(packet);
    if (fragment !== undefined) this.#enqueue(fragment);
    if (!this.#cutter.isInLongTurns) this.#writeUnwritten();
  }

  /**
   * All packets that there are so far have been pushed.
   * @param isLongPause whether the next ones come in a while only: then these are written now, and those of the next turn together.
   */
  allRead(isLongPause: boolean): void {
    if (this.#failure !== undefined) return;
    const fragment = this.#cutter.allRead(isLongPause);
    if (fragment !== undefined) this.#enqueue(fragment);
    this.#writeUnwritten();
  }

  /**
   * Writes what is left, syncs and closes the file. Never rejects: a failure has been told through `onFailed`.
   * @param next when the picture is decoded that the camera sent after the last one pushed, if there is one.
   */
  async close(next?: MediaTicks): Promise<void> {
    const rest = this.#cutter.cut(next);
    if (rest !== undefined && this.#failure === undefined) this.#enqueue(rest);
    else if (rest !== undefined) release(rest);
    this.#writeUnwritten();
    this.#then(() => this.#finish());
    await this.#queue;
  }

  #enqueue(runs: readonly TrackRun[]): void {
    try {
      const fragment = this.#encode(runs);
      const { sizeBytes } = fragment;
      this.#requireRoom(sizeBytes);
      this.#queuedBytes += sizeBytes;
      this.#unwritten.push(fragment);
    } catch (error) {
      release(runs);
      this.#fail(
        error instanceof RecordingError
          ? error
          : new RecordingError('packets', `could not add to ${this.#name()}: ${describeError(error)}`, {
              cause: error,
            }),
      );
    }
  }

  #writeUnwritten(): void {
    const fragments = this.#unwritten;
    if (fragments.length === 0) return;
    this.#unwritten = [];
    this.#then(async () => {
      await this.#write(fragments);
      for (const { runs, sizeBytes } of fragments) {
        this.#queuedBytes -= sizeBytes;
        release(runs);
      }
    });
  }

  /** Disk work goes on one after the other. */
  #then(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work);
  }

  #encode(runs: readonly TrackRun[]): QueuedFragment {
    this.#muxer ??= this.#makeMuxer(runs);
    const pieces = this.#muxer.encode(runs);
    const sizeBytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
    const offsetBytes = Math.max(this.#encodedBytes, this.#muxer.headerBytes);
    this.#encodedBytes += sizeBytes;
    return { runs, pieces, sizeBytes, record: this.#describe(runs, offsetBytes) };
  }

  #makeMuxer(runs: readonly TrackRun[]): FileMuxer {
    const { audio, startWallMs: createdAt, runStartWallMs } = this.#options;
    const tracks = new Set(runs.map(({ track }) => track));
    if (audio !== undefined) tracks.add(audio);
    const inOrder = [...tracks].toSorted((a, b) => a.index - b.index);
    return new FileMuxer({ tracks: inOrder, createdAt, runStartWallMs });
  }

  #describe(runs: readonly TrackRun[], offsetBytes: number): FragmentRecord {
    const video = runs.find(({ track }) => track.kind === 'video');
    const first = video?.packets[0];
    this.#firstPicture ??= first;
    return fragmentRecord({
      offsetBytes,
      sizeBytes: this.#encodedBytes - offsetBytes,
      startTicks: (first?.dts ?? 0) - (this.#firstPicture?.dts ?? 0),
      durationTicks: video === undefined ? 0 : lengthTicks(video),
      isKey: first?.isKey === true,
    });
  }

  /** @throws RecordingError `too-slow` */
  #requireRoom(sizeBytes: number): void {
    if (this.#queuedBytes + sizeBytes <= this.#options.maxQueuedBytes) return;
    const mib = (this.#queuedBytes / 2 ** 20).toFixed(0);
    throw new RecordingError('too-slow', `the disk is ${mib} MiB behind while writing ${this.#name()}`);
  }

  async #write(fragments: readonly QueuedFragment[]): Promise<void> {
    // What was taken before the disk fell too far behind, or the camera sent nonsense, is written all the same.
    if (this.#isRefused) return;
    try {
      this.#file ??= new SegmentFile(await this.#options.create());
      await this.#file.append(fragments.flatMap(({ pieces }) => pieces));
    } catch (error) {
      this.#refused('write', error);
      // What came before it is whole: not the disk has lost it, it only takes no more.
      await this.#sync();
      return;
    }
    this.#written.push(...fragments.map(({ record }) => record));
    this.#planSync();
  }

  #planSync(): void {
    if (this.#nextSync !== undefined) return;
    const { clock } = this.#options;
    const waitMs = (this.#syncDue ?? 0) - clock.monotonicMs();
    if (waitMs <= 0) this.#then(() => this.#sync());
    else this.#nextSync = clock.setTimer(waitMs, () => this.#then(() => this.#sync()));
  }

  /** Never rejects. */
  async #sync(): Promise<void> {
    this.#nextSync?.[Symbol.dispose]();
    this.#nextSync = undefined;
    const fragments = [...this.#written];
    const last = fragments.at(-1);
    if (this.#file === undefined || last === undefined) return;
    if (this.#durable?.fragments.length === fragments.length) return;
    const { clock } = this.#options;
    const beganMs = clock.monotonicMs();
    try {
      await this.#file.sync();
      const tookMs = clock.monotonicMs() - beganMs;
      this.#syncDue = monotonicMs(beganMs + Math.max(SYNC_INTERVAL_MS, SYNC_TIMES_APART * tookMs));
    } catch (error) {
      this.#refused('sync', error);
      return;
    }
    this.#durable = {
      file: { path: this.#file.path, key: this.#file.key },
      sizeBytes: last.offsetBytes + last.sizeBytes,
      endWallMs: wallMs(Math.floor(this.#options.startWallMs) + last.startMs + last.durationMs),
      fragments,
    };
    this.#options.onDurable(this.#durable);
  }

  async #finish(): Promise<void> {
    await this.#sync();
    try {
      await this.#file?.close();
    } catch (error) {
      this.#refused('close', error);
    }
  }

  #refused(attempted: 'write' | 'sync' | 'close', cause: unknown): void {
    this.#isRefused = true;
    const message = `could not ${attempted} ${this.#name()}: ${describeError(cause)}`;
    this.#fail(new RecordingError('disk', message, { cause }));
  }

  #fail(error: RecordingError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#options.onFailed(error, this.#file?.key);
  }

  #name(): string {
    return this.#file?.path ?? 'a new file';
  }
}

function release(runs: readonly TrackRun[]): void {
  runs.forEach(({ packets }) => packets.forEach(({ memory }) => memory?.release()));
}
