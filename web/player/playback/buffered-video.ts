import type { FootageSegmentJson } from '../../../src/http/api/footage.ts';
import { FootageError } from './footage-client.ts';
import type { FootageMap, FragmentPlace } from './footage-map.ts';
import type { FootageStore } from './footage-store.ts';
import type { InitSegment } from './mp4.ts';
import { SilenceFiller } from './silence-filler.ts';

export interface BufferedVideoOptions {
  readonly video: HTMLVideoElement;
  readonly map: FootageMap;
  readonly store: FootageStore;
  /** Told what keeps footage from being played. */
  readonly onProblem: (error: unknown) => void;
}

/** Fetched in one request once playing goes on. */
const BATCH_BYTES = 2 * 2 ** 20;
/** Ahead of the clock, whatever the speed; browsers hold 30 to 150 MB. */
const AHEAD_BYTES = 24 * 2 ** 20;
const BEHIND_MS = 15_000;
/** How far the media time line reaches back before the first moment that was asked for: seeking back needs no new one. */
const LEAD_MS = 86_400_000;
const LINE_SECONDS = 3650 * 86_400;
/** What is shown next may lie this far from what is buffered; more is begun anew. */
const NEAR_MS = 1_000;
/** Of so much that was appended from the clock's moment on, something would be there if the browser took it. */
const NOTHING_MS = 3_000;

/**
 * Footage in a `<video>` by Media Source Extensions, on one time line of wall time, buffered around the clock within
 * bounds. Files, runs and formats change within it where the browser allows it; where it does not (sound comes or goes,
 * another codec), a new one is begun.
 */
export class BufferedVideo implements Disposable {
  readonly #video: HTMLVideoElement;
  readonly #map: FootageMap;
  readonly #store: FootageStore;
  readonly #onProblem: (error: unknown) => void;
  #line: Line | undefined;
  /** Ends whatever belongs to what was buffered before. */
  #abort = new AbortController();
  #fill: Promise<void> | undefined;
  /** What is buffered, or on its way: from there up to the end of `#tail`. */
  #headMs = 0;
  #tail: FragmentPlace | undefined;
  /** What it begins with, until that is buffered; the rest follows from the map. */
  #next: readonly FragmentPlace[] = [];

  constructor({ video, map, store, onProblem }: BufferedVideoOptions) {
    this.#video = video;
    this.#map = map;
    this.#store = store;
    this.#onProblem = onProblem;
  }

  /** What the video shows, or where it stands; undefined before anything was buffered. */
  get positionMs(): number | undefined {
    return this.#line?.wallOf(this.#video.currentTime);
  }

  /** When the picture with this media time was recorded. */
  wallOf(mediaSeconds: number): number | undefined {
    return this.#line?.wallOf(mediaSeconds);
  }

  /** Sets the video to a moment that is, or will be, buffered. */
  moveTo(wallMs: number): void {
    if (this.#line !== undefined) this.#video.currentTime = this.#line.secondsOf(wallMs);
  }

  /** Whether nothing follows what is buffered there: a gap, other tracks, or the end of what is recorded. */
  isLast(wallMs: number): boolean {
    const tail = this.#tail;
    if (tail === undefined || wallMs < tail.endMs - NEAR_MS) return false;
    const next = this.#map.after(tail);
    return this.#fill === undefined && (next === undefined || this.#line?.takes(next.segment) !== true);
  }

  /**
   * Sees to it that footage is buffered from a moment on. To be called again and again while playing.
   * @param place of that moment.
   * @param aheadMs how far; 0 for a picture that is shown alone.
   */
  buffer(place: FragmentPlace, wallMs: number, aheadMs: number): void {
    if (!this.#continues(place)) this.#restart(place);
    const line = this.#line;
    if (line === undefined || this.#fill !== undefined) return;
    // Chromium takes nothing of footage without whole key pictures (design/sources.md), and says nothing either.
    const untilMs = wallMs + NOTHING_MS;
    const endMs = Math.min(this.#tail?.endMs ?? 0, line.soundEndMs);
    if (endMs > untilMs && !line.holds(wallMs, untilMs)) {
      this.#onProblem(new FootageError({ kind: 'codec', detail: place.segment.codec }));
      return;
    }
    const wanted = { wallMs, aheadMs };
    const places = this.#placesToFetch(wanted);
    if (places.length > 0 || this.#needsSilence(line, wanted)) void this.#fillWith(line, places, wanted);
  }

  [Symbol.dispose](): void {
    this.#abort.abort();
    this.#line?.[Symbol.dispose]();
    this.#line = undefined;
    this.#tail = undefined;
  }

  #continues(place: FragmentPlace): boolean {
    const last = this.#tail ?? this.#next.at(-1);
    if (last === undefined || this.#line?.takes(place.segment) !== true) return false;
    return place.startMs >= this.#headMs - 1 && place.startMs < last.endMs + NEAR_MS;
  }

  #restart(place: FragmentPlace): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#fill = undefined;
    this.#tail = undefined;
    if (this.#line?.takes(place.segment) === true && this.#line.reaches(place.startMs)) this.#line.clear();
    else {
      this.#line?.[Symbol.dispose]();
      this.#line = undefined;
      if (!MediaSource.isTypeSupported(place.segment.mime)) {
        this.#onProblem(new FootageError({ kind: 'codec', detail: place.segment.codec }));
        return;
      }
      this.#line = new Line(this.#video, place.segment, place.startMs - LEAD_MS);
    }
    this.#headMs = this.#map.groupOf(place)[0]?.startMs ?? place.startMs;
    this.#next = this.#map.groupOf(place);
  }

  async #fillWith(line: Line, places: readonly FragmentPlace[], wanted: Wanted): Promise<void> {
    const { signal } = this.#abort;
    const filling = this.#extend(line, places, wanted);
    this.#fill = filling;
    try {
      await filling;
    } catch (error) {
      if (signal.aborted) return;
      this.#tail = undefined;
      this.#next = [];
      this.#onProblem(error);
    } finally {
      if (this.#fill === filling) this.#fill = undefined;
    }
  }

  async #extend(line: Line, places: readonly FragmentPlace[], wanted: Wanted): Promise<void> {
    const { signal } = this.#abort;
    await this.#append(line, places, signal);
    if (this.#needsSilence(line, wanted)) await line.endSound(signal);
    const { wallMs } = wanted;
    if (this.#headMs < wallMs - 2 * BEHIND_MS) {
      this.#headMs = wallMs - BEHIND_MS;
      await line.removeBefore(this.#headMs, signal);
    }
  }

  async #append(line: Line, places: readonly FragmentPlace[], signal: AbortSignal): Promise<void> {
    const [first] = places;
    const last = places.at(-1);
    if (first === undefined || last === undefined) return;
    const [init, fragments] = await Promise.all([
      this.#store.init(first.segment, signal),
      this.#store.fragments(places, signal),
    ]);
    await line.append(first.segment, init, fragments, signal);
    this.#next = [];
    this.#tail = last;
  }

  /**
   * Whether pictures that are wanted soon lack sound that is not waited for: there is nothing to fetch that might bring it, and
   * nothing more is being recorded. A picture that is shown alone does not wait.
   */
  #needsSilence(line: Line, wanted: Wanted): boolean {
    const tail = this.#tail;
    if (tail === undefined || !line.isSoundBehind(wanted.wallMs + NEAR_MS)) return false;
    if (wanted.aheadMs === 0) return true;
    return this.#placesToFetch(wanted).length === 0 && this.#map.isSettled(tail.endMs);
  }

  /** A few fragments of one file, one behind the other. */
  #placesToFetch({ wallMs, aheadMs }: Wanted): readonly FragmentPlace[] {
    if (this.#next.length > 0) return this.#next;
    const places: FragmentPlace[] = [];
    let before = this.#tail;
    let sizeBytes = 0;
    for (;;) {
      if (before === undefined || before.endMs > wallMs + aheadMs) break;
      const next = this.#map.after(before);
      // Files with other tracks are for another line, when the clock comes there.
      if (next !== undefined && this.#line?.takes(next.segment) !== true) break;
      if (next === undefined || (places[0] !== undefined && next.segment !== places[0].segment)) break;
      const aheadBytes = bytesBetween(wallMs, before) + next.sizeBytes;
      if (sizeBytes + next.sizeBytes > BATCH_BYTES && places.length > 0) break;
      if (aheadBytes > AHEAD_BYTES) break;
      places.push(next);
      sizeBytes += next.sizeBytes;
      before = next;
    }
    return places;
  }
}

/** Footage from a moment on, as `buffer` is told. */
interface Wanted {
  readonly wallMs: number;
  readonly aheadMs: number;
}

/** An estimate: as if all were like the last fragment. */
function bytesBetween(wallMs: number, { startMs, endMs, sizeBytes }: FragmentPlace): number {
  return (Math.max(0, endMs - wallMs) * sizeBytes) / Math.max(1, endMs - startMs);
}

/** A `MediaSource` in its video, as long as its tracks stay alike. */
class Line implements Disposable {
  readonly #video: HTMLVideoElement;
  readonly #originMs: number;
  readonly #mime: string;
  readonly #isFor: string;
  readonly #source = new MediaSource();
  readonly #url: string;
  readonly #opened: Promise<SourceBuffer>;
  /** One change of the buffer after the other. */
  #last: Promise<unknown>;
  /** The file whose header was appended last. */
  #segmentId: string | undefined;
  readonly #silence = new SilenceFiller();

  constructor(video: HTMLVideoElement, segment: FootageSegmentJson, originMs: number) {
    this.#video = video;
    this.#originMs = Math.floor(originMs);
    this.#mime = segment.mime;
    this.#isFor = kindOf(segment);
    this.#url = URL.createObjectURL(this.#source);
    this.#opened = this.#open();
    this.#last = this.#opened.catch(() => undefined);
    video.src = this.#url;
  }

  takes(segment: FootageSegmentJson): boolean {
    return kindOf(segment) === this.#isFor;
  }

  reaches(wallMs: number): boolean {
    const seconds = this.secondsOf(wallMs);
    return seconds >= 0 && seconds < LINE_SECONDS;
  }

  secondsOf(wallMs: number): number {
    return (wallMs - this.#originMs) / 1000;
  }

  wallOf(seconds: number): number {
    return this.#originMs + seconds * 1000;
  }

  /** Whether something of this span can be played. */
  holds(fromMs: number, toMs: number): boolean {
    const { buffered } = this.#video;
    const [from, to] = [this.secondsOf(fromMs), this.secondsOf(toMs)];
    for (let i = 0; i < buffered.length; i += 1) {
      if (buffered.start(i) < to && buffered.end(i) > from) return true;
    }
    return false;
  }

  /** Until when there is sound beside the pictures; for ever where none can be missing. */
  get soundEndMs(): number {
    return this.#silence.soundEndMs;
  }

  /** Whether pictures go on at a moment at which sound does not. */
  isSoundBehind(wallMs: number): boolean {
    return this.#silence.isBehind(wallMs);
  }

  async append(
    { id }: FootageSegmentJson,
    init: InitSegment,
    fragments: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<void> {
    await this.#change(signal, async (buffer) => {
      if (this.#segmentId !== id) await appended(buffer, init.bytes);
      this.#segmentId = id;
      for (const fragment of fragments) {
        signal.throwIfAborted();
        for (const piece of this.#silence.fill(fragment, init)) await appended(buffer, piece);
      }
    });
  }

  /** Lets sound go as far as the pictures do: none is waited for. */
  async endSound(signal: AbortSignal): Promise<void> {
    await this.#change(signal, async (buffer) => {
      for (const piece of this.#silence.rest()) await appended(buffer, piece);
    });
  }

  async removeBefore(wallMs: number, signal: AbortSignal): Promise<void> {
    const endSeconds = this.secondsOf(wallMs);
    if (endSeconds > 0) await this.#change(signal, (buffer) => removed(buffer, 0, endSeconds));
  }

  /** Takes everything out. */
  clear(): void {
    void this.#change(undefined, async (buffer) => {
      this.#silence.clear();
      await removed(buffer, 0, Number.POSITIVE_INFINITY);
    }).catch(() => undefined);
  }

  [Symbol.dispose](): void {
    URL.revokeObjectURL(this.#url);
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  async #open(): Promise<SourceBuffer> {
    if (this.#source.readyState !== 'open') {
      await new Promise((resolve) => this.#source.addEventListener('sourceopen', resolve, { once: true }));
    }
    this.#source.duration = LINE_SECONDS;
    const buffer = this.#source.addSourceBuffer(this.#mime);
    // The server counts since 1970; browsers are at ease with smaller numbers.
    buffer.timestampOffset = -this.#originMs / 1000;
    return buffer;
  }

  async #change(
    signal: AbortSignal | undefined,
    change: (buffer: SourceBuffer) => Promise<void>,
  ): Promise<void> {
    const before = this.#last;
    const work = async () => {
      await before;
      signal?.throwIfAborted();
      await change(await this.#opened);
    };
    const done = work();
    this.#last = done.catch(() => undefined);
    await done;
  }
}

/** A source buffer takes files of one codec family with the same tracks. */
function kindOf({ codec, hasSound }: FootageSegmentJson): string {
  return `${codec.slice(0, 4)} ${hasSound}`;
}

async function appended(buffer: SourceBuffer, bytes: Uint8Array): Promise<void> {
  await updated(buffer, () => buffer.appendBuffer(Uint8Array.from(bytes)));
}

async function removed(buffer: SourceBuffer, fromSeconds: number, toSeconds: number): Promise<void> {
  await updated(buffer, () => buffer.remove(fromSeconds, toSeconds));
}

async function updated(buffer: SourceBuffer, begin: () => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const settle = (event: Event) => {
      buffer.removeEventListener('updateend', settle);
      buffer.removeEventListener('error', settle);
      if (event.type === 'error')
        reject(new FootageError({ kind: 'missing', detail: 'the browser refused it' }));
      else resolve();
    };
    buffer.addEventListener('error', settle);
    buffer.addEventListener('updateend', settle);
    begin();
  });
}
