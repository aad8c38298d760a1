import type { Annotation } from '../archive/sidecar.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { wallMs, type MonotonicMs, type WallMs } from '../base/time.ts';
import type { FileKey, SegmentKind, SegmentRecord } from '../db/records.ts';
import { GopRing, type GopRingLimits } from '../media/gop-ring.ts';
import { isMp4Sound, shownAtMs, type Mp4SoundTrack, type Packet, type VideoTrack } from '../media/packet.ts';
import { wallOfPacket, type Run, type RunEnd, type StreamSink } from '../media/run.ts';
import { EndingFile } from './ending-file.ts';
import { isMp4Packet } from './fragment-cutter.ts';
import { RecordedFile } from './recorded-file.ts';
import type { RecordingError } from './recording-error.ts';
import type { NewFile } from './segment-file.ts';
import type { SegmentWriter } from './segment-writer.ts';

export interface RecorderOptions {
  readonly camera: string;
  /** What its files are when everything that it is given is recorded. */
  readonly wholeKind: Exclude<SegmentKind, 'event'>;
  /** Such a file ends on the first key picture after this long; a file of events with them. */
  readonly fileLengthMs: number;
  /** Holds what came before the moment that is asked for; without it a file begins with the next key picture. */
  readonly ring: GopRingLimits | undefined;
  /** Creates the file of a recording that starts at this time. */
  readonly createFile: (start: WallMs) => Promise<NewFile>;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Told of a file when some of it is surely on disk, each time when more of it is, and when it will not change any
   * more (`isOpen` false).
   */
  readonly onSegment?: (segment: SegmentRecord) => void;
  /** Told of a file that was made and is gone again, nothing of it ever having been surely on disk. */
  readonly onAbandoned?: (file: FileKey) => void;
  /** Told when a file could not be made or gone on with. */
  readonly onFailed?: (error: RecordingError, file: FileKey | undefined) => void;
}

/** After a failed write the next file is tried on the first key picture after this long. */
const RETRY_AFTER_FAILURE_MS = 5_000;
/** Sound that has not been heard of for longer is not expected in a new file. */
const LONGEST_SILENCE_MS = 5_000;
/** Of events that people keep: recordings of older ones are finished. */
const MOST_MARKS = 100;

/**
 * Records one camera, everything or what events ask for: holds the last seconds in a ring, begins a file on the key
 * picture before the moment that is asked for, and cuts files on key pictures so that nothing is lost between them,
 * also when what is asked for changes. Works on packets as they come; disk work goes on behind it.
 */
export class Recorder implements StreamSink, AsyncDisposable {
  readonly #options: RecorderOptions;
  readonly #ring: GopRing | undefined;
  #file: RecordedFile | undefined;
  /** The file closed last, as long as the next packet would continue it without a gap. */
  #previous: SegmentWriter | undefined;
  /** Everything is wanted up to here: Infinity while no end is known, -Infinity when it is not wanted. */
  #everythingUntilMs = Number.NEGATIVE_INFINITY;
  /** The same of what events ask for; Infinity while one is open. */
  #eventsUntilMs = Number.NEGATIVE_INFINITY;
  #isEventToSplit = false;
  /** By the event's id. */
  readonly #marks = new Map<string, Readonly<Record<string, unknown>>>();
  /** Those whose footage may be still to come, by id; wanted up to Infinity while an event is open. */
  readonly #events = new Map<string, { readonly annotation: Annotation; readonly untilMs: number }>();
  #run: Run | undefined;
  /** Of the run's pictures so far. */
  #newestWallMs = Number.NEGATIVE_INFINITY;
  /** The newest sound of the run. */
  #audio: { readonly track: Mp4SoundTrack; readonly mediaMs: number } | undefined;
  #ending: EndingFile | undefined;
  /** Why the last attempt to write failed, until one succeeds. */
  #failure: { readonly at: MonotonicMs; readonly message: string } | undefined;
  #ringIsFull = false;
  readonly #closing = new Set<Promise<void>>();

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#ring = options.ring && new GopRing(options.ring);
  }

  get isRecording(): boolean {
    return this.#file !== undefined;
  }

  /** Why footage cannot be written at present; undefined while it can, as far as is known. */
  get failure(): string | undefined {
    return this.#failure?.message;
  }

  /** Whether what comes now is to be recorded, if it can be. */
  get isWanted(): boolean {
    return this.#wantedUntilMs > Number.NEGATIVE_INFINITY;
  }

  runStarted(run: Run): void {
    this.#run = run;
    this.#newestWallMs = Number.NEGATIVE_INFINITY;
    this.#audio = undefined;
    this.#ring?.clear();
  }

  packet(packet: Packet, run: Run): void {
    const { track } = packet;
    if (isMp4Sound(track)) this.#audio = { track, mediaMs: shownAtMs(packet) };
    if (this.#ring !== undefined) this.#tellIfRingIsFull(this.#ring.push(packet));
    const isOfBefore = this.#ending?.takes(packet) === true;
    if (!isOfBefore && this.#ending?.isOverWith(packet) === true) this.#closeEnding();
    const wall = wallOfPicture(packet, run);
    if (this.isWanted && !isOfBefore) this.#record(packet, run, wall);
    if (wall !== undefined) this.#newestWallMs = Math.max(this.#newestWallMs, wall);
  }

  /**
   * All that the camera has sent so far is here.
   * @param isLongPause whether what comes next is read in a while only: then what is here is written now.
   */
  allRead(isLongPause: boolean): void {
    this.#ending?.file.writer.allRead(isLongPause);
    this.#file?.writer.allRead(isLongPause);
  }

  runEnded(_run: Run, end: RunEnd): void {
    this.#closeFile(end.message);
    this.#previous = undefined;
    this.#run = undefined;
    this.#ring?.clear();
  }

  /** Everything is recorded from `from` on, as far as the ring reaches back. */
  recordFrom(from: WallMs): void {
    const wasWanted = this.isWanted;
    this.#everythingUntilMs = Number.POSITIVE_INFINITY;
    if (!wasWanted) this.#recordRing(from);
  }

  /** Everything up to `until`, if it was recorded, and beyond that only what events ask for. */
  recordUntil(until: WallMs): void {
    if (this.#everythingUntilMs !== Number.POSITIVE_INFINITY) return;
    this.#everythingUntilMs = until;
    this.#stopIfReached();
  }

  /**
   * An event opened: footage is kept from `from` on, as far as the ring reaches back.
   * @param annotation goes into the JSON file beside each recording of the event.
   */
  keepFrom(from: WallMs, annotation: Annotation): void {
    const wasWanted = this.isWanted;
    this.#events.set(annotation.id, { annotation, untilMs: Number.POSITIVE_INFINITY });
    this.#file?.annotations.set(annotation.id, annotation);
    this.#eventsUntilMs = Number.POSITIVE_INFINITY;
    if (!wasWanted) this.#recordRing(from);
  }

  /** The event ended: footage is kept up to `until` only. The annotation replaces that of the same id. */
  keepUntil(until: WallMs, annotation: Annotation): void {
    this.#events.set(annotation.id, { annotation, untilMs: until });
    this.#file?.annotations.set(annotation.id, annotation);
    this.#eventsUntilMs = Math.max(...Array.from(this.#events.values(), ({ untilMs }) => untilMs));
    this.#stopIfReached();
  }

  /** Lays this over what recordings tell of an event, that which is being written and those to come. */
  markEvent(id: string, mark: Readonly<Record<string, unknown>>): void {
    this.#marks.delete(id);
    this.#marks.set(id, mark);
    const [oldest] = this.#marks.keys();
    if (this.#marks.size > MOST_MARKS && oldest !== undefined) this.#marks.delete(oldest);
  }

  /** Recordings tell of an event that has ended no more, neither the one that is being written nor those to come. */
  forgetEvent(id: string): void {
    this.#events.delete(id);
    for (const file of [this.#ending?.file, this.#file]) file?.annotations.delete(id);
  }

  /** A file of events ends on the next key picture, and another one goes on. */
  splitEventFile(): void {
    this.#isEventToSplit = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closeFile('the recorder stopped');
    await Promise.all(this.#closing);
  }

  /** @param wall of a picture. */
  #record(packet: Packet, run: Run, wall: WallMs | undefined): void {
    if (wall !== undefined && wall > this.#wantedUntilMs) {
      this.#stopWanting(packet);
      return;
    }
    if (wall !== undefined && this.#file !== undefined) {
      const reason = this.#reasonToRotate(this.#file, packet, wall);
      if (reason !== undefined) {
        this.#previous = this.#file.writer;
        this.#endFile(reason, packet);
      }
    }
    if (this.#file === undefined && packet.track.kind === 'video' && packet.isKey)
      this.#openFile(packet, packet.track, run);
    if (isMp4Packet(packet)) this.#file?.push(packet);
  }

  get #wantedUntilMs(): number {
    return Math.max(this.#everythingUntilMs, this.#eventsUntilMs);
  }

  #kindAt(wall: WallMs): SegmentKind {
    return wall <= this.#everythingUntilMs ? this.#options.wholeKind : 'event';
  }

  #recordRing(from: WallMs): void {
    const run = this.#run;
    if (run === undefined || this.#ring === undefined) return;
    for (const packet of this.#ring.since(run.clock.mediaOf(from))) {
      this.#record(packet, run, wallOfPicture(packet, run));
    }
  }

  #reasonToRotate(file: RecordedFile, packet: Packet, wall: WallMs): string | undefined {
    if (packet.track !== file.video) return reasonOfChange(packet.track);
    if (!packet.isKey) return undefined;
    if (file.kind !== this.#kindAt(wall)) return 'the mode changed';
    if (file.kind === 'event' && this.#isEventToSplit) return 'the event was long';
    if (file.kind !== 'event' && shownAtMs(packet) - file.startMediaMs >= this.#options.fileLengthMs)
      return 'the file was full';
    const heard = this.#audio;
    if (heard !== undefined && heard.track !== file.audio && heard.mediaMs >= file.startMediaMs)
      return 'the sound format changed';
    return undefined;
  }

  #openFile(first: Packet, video: VideoTrack, run: Run): void {
    const { camera, clock, log, createFile, onSegment, onAbandoned, onFailed } = this.#options;
    if (this.#failure !== undefined && clock.monotonicMs() - this.#failure.at < RETRY_AFTER_FAILURE_MS)
      return;
    const startWallMs = wallMs(Math.floor(wallOfPacket(first, run)));
    this.#isEventToSplit = false;
    this.#forgetEventsBefore(startWallMs);
    const startMediaMs = shownAtMs(first);
    const heard = this.#audio;
    const isHeard = heard !== undefined && startMediaMs - heard.mediaMs <= LONGEST_SILENCE_MS;
    // One that reaches back over the file before takes the sound of that time itself.
    if (this.#ending !== undefined && startMediaMs < this.#ending.endMediaMs) this.#closeEnding();
    const file = new RecordedFile({
      camera,
      kind: this.#kindAt(startWallMs),
      runStartWallMs: run.startWallMs,
      video,
      audio: isHeard ? heard.track : undefined,
      startWallMs,
      startMediaMs,
      continues: this.#previous,
      annotations: new Map(Array.from(this.#events, ([id, { annotation }]) => [id, annotation])),
      marks: this.#marks,
      create: () => createFile(startWallMs),
      clock,
      log,
      onSegment: (segment) => {
        this.#tellSuccess(file);
        onSegment?.(segment);
      },
      onAbandoned: (key) => onAbandoned?.(key),
      onFailed: (error, key) => {
        this.#tellFailure(error);
        if (this.#file === file) this.#closeFile(error.message);
        onFailed?.(error, key);
      },
    });
    this.#previous = undefined;
    this.#file = file;
  }

  #forgetEventsBefore(wall: WallMs): void {
    for (const [id, { untilMs }] of this.#events) if (untilMs < wall) this.#events.delete(id);
  }

  #stopIfReached(): void {
    if (this.#wantedUntilMs === Number.POSITIVE_INFINITY) return;
    // Packets may come late: what is wanted may be still to come, even where nothing of it has come yet.
    if (this.#run === undefined || this.#newestWallMs >= this.#wantedUntilMs) this.#stopWanting();
  }

  #stopWanting(next?: Packet): void {
    const reason = this.#eventsUntilMs >= this.#everythingUntilMs ? 'the event ended' : 'the mode changed';
    this.#everythingUntilMs = Number.NEGATIVE_INFINITY;
    this.#eventsUntilMs = Number.NEGATIVE_INFINITY;
    this.#events.clear();
    this.#endFile(reason, next);
    this.#previous = undefined;
  }

  /**
   * Nothing more goes into the file but sound from before its end.
   * @param next the picture after its last one, if that is known.
   */
  #endFile(reason: string, next: Packet | undefined): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#closeEnding();
    this.#file = undefined;
    const ending = new EndingFile(file, reason, next);
    this.#ending = ending;
    const heard = this.#audio;
    if (heard === undefined || heard.track !== file.audio || heard.mediaMs >= ending.endMediaMs)
      this.#closeEnding();
  }

  #closeEnding(): void {
    const ending = this.#ending;
    this.#ending = undefined;
    if (ending !== undefined) this.#inBackground(ending.finish());
  }

  /** At once, without what might still come. */
  #closeFile(reason: string): void {
    this.#closeEnding();
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) this.#inBackground(file.finish(reason, undefined));
  }

  /** Some of a file is surely on disk. */
  #tellSuccess(file: RecordedFile): void {
    if (this.#failure === undefined || file.openedAt <= this.#failure.at) return;
    this.#failure = undefined;
    this.#options.log.info('recording again');
  }

  #tellFailure(error: RecordingError): void {
    const { log, clock } = this.#options;
    const text = `${error.message}; footage is being lost, trying a new file every few seconds`;
    // Loud once, until it works again.
    if (this.#failure === undefined) log.error(text, { reason: error.kind });
    else log.debug(text, { reason: error.kind });
    this.#failure = { at: clock.monotonicMs(), message: error.message };
  }

  #inBackground(closing: Promise<void>): void {
    const owned = closing.finally(() => this.#closing.delete(owned));
    this.#closing.add(owned);
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

/** When a picture was taken; undefined of sound. */
function wallOfPicture(packet: Packet, run: Run): WallMs | undefined {
  return packet.track.kind === 'video' ? wallOfPacket(packet, run) : undefined;
}

function reasonOfChange(track: Packet['track']): string {
  const reason = track.kind === 'video' ? track.changeReason : undefined;
  return reason ?? 'the video format changed';
}
