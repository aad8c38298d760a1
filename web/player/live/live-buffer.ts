import { mediaSourceClass } from './playable-codecs.ts';

export interface LiveBufferListener {
  /** Something that was given to `append` can be shown. */
  onAppended(): void;
  /** The browser does not take the stream: nothing goes on until `restart`. */
  onFailed(reason: string): void;
}

/** Behind what is shown so much is kept, and it is cut when it is twice that. */
const KEPT_S = 5;
/** Cut so long before a key picture, whose time is known to a few milliseconds. */
const BEFORE_KEY_S = 0.02;
/** More than that waits for a browser that hangs; what was wanted live is worth nothing by then. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;

type Task =
  | { readonly kind: 'append'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'type'; readonly mime: string }
  | { readonly kind: 'empty' };

/**
 * Feeds a `<video>` by Media Source Extensions: one SourceBuffer, whose tasks are done one after the other. What waits to be
 * appended meanwhile is appended at once.
 */
export class LiveBuffer {
  readonly #video: HTMLVideoElement;
  readonly #listener: LiveBufferListener;
  #source: MediaSource | undefined;
  #sourceUrl: string | undefined;
  #buffer: SourceBuffer | undefined;
  #mime: string | undefined;
  #tasks: Task[] = [];
  #waitingBytes = 0;
  /** Of the key pictures that were appended, from the oldest that is kept on; media time. */
  #keysS: number[] = [];

  constructor(video: HTMLVideoElement, listener: LiveBufferListener) {
    this.#video = video;
    this.#listener = listener;
  }

  /** Where what has come ends, in seconds of media time; undefined while there is nothing. */
  get endS(): number | undefined {
    const ranges = this.#buffer?.buffered;
    return ranges === undefined || ranges.length === 0 ? undefined : ranges.end(ranges.length - 1);
  }

  /** Where the unbroken stretch begins that ends at `endS`. */
  get startS(): number | undefined {
    const ranges = this.#buffer?.buffered;
    return ranges === undefined || ranges.length === 0 ? undefined : ranges.start(ranges.length - 1);
  }

  /** Opens a MediaSource before anything is known of what comes, since that takes browsers a while. */
  prepare(): void {
    if (this.#source === undefined) this.#open();
  }

  /** What is appended from now on is of this type, and begins with an init segment. */
  setType(mime: string): void {
    const before = this.#mime;
    if (before === undefined) this.#begin(mime);
    // A SourceBuffer has the same number of tracks for its whole life.
    else if (trackCount(mime) !== trackCount(before)) this.restart(mime);
    else if (mime !== before) this.#do({ kind: 'type', mime });
    this.#mime = mime;
  }

  /** @param keyAtS the media time of the key picture that it begins with, if it does. */
  append(bytes: Uint8Array<ArrayBuffer>, keyAtS?: number): void {
    if (keyAtS !== undefined) this.#keysS.push(keyAtS);
    this.#waitingBytes += bytes.byteLength;
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.#fail('the browser takes no more pictures');
    else this.#do({ kind: 'append', bytes });
  }

  /** Forgets what has come; the last picture stays. */
  empty(): void {
    this.#forget();
    if (this.#mime !== undefined) this.#do({ kind: 'empty' });
  }

  /** Begins anew with another MediaSource; the last picture goes. */
  restart(mime: string): void {
    this.close();
    this.#begin(mime);
  }

  close(): void {
    this.#forget();
    this.#source = undefined;
    this.#buffer = undefined;
    this.#mime = undefined;
    if (this.#sourceUrl === undefined) return;
    URL.revokeObjectURL(this.#sourceUrl);
    this.#sourceUrl = undefined;
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  #begin(mime: string): void {
    this.#mime = mime;
    this.prepare();
    this.#addBuffer();
  }

  #open(): void {
    const Source = mediaSourceClass();
    if (Source === undefined) return this.#fail('this browser has no Media Source Extensions');
    const source = new Source();
    this.#source = source;
    this.#sourceUrl = URL.createObjectURL(source);
    // Asked for by Safari's ManagedMediaSource.
    this.#video.disableRemotePlayback = true;
    source.addEventListener('sourceopen', () => this.#addBuffer(), { once: true });
    this.#video.src = this.#sourceUrl;
  }

  /** As soon as the source is open and it is known what comes. */
  #addBuffer(): void {
    const [source, mime] = [this.#source, this.#mime];
    if (source?.readyState !== 'open' || mime === undefined || this.#buffer !== undefined) return;
    try {
      const buffer = source.addSourceBuffer(mime);
      buffer.addEventListener('updateend', () => this.#isDone(buffer));
      buffer.addEventListener('error', () => this.#fail('the browser does not understand the stream'));
      this.#buffer = buffer;
      // Tells browsers to show pictures as soon as they can, rather than to collect some.
      source.duration = Infinity;
      this.#next();
    } catch (error) {
      this.#fail(String(error));
    }
  }

  #isDone(buffer: SourceBuffer): void {
    if (this.#buffer !== buffer || this.#source?.readyState !== 'open') return;
    if (this.endS !== undefined) this.#listener.onAppended();
    this.#next();
  }

  #do(task: Task): void {
    this.#tasks.push(task);
    this.#next();
  }

  #next(): void {
    const buffer = this.#buffer;
    if (buffer === undefined || buffer.updating) return;
    try {
      if (this.#trim(buffer)) return;
      const task = this.#tasks[0];
      if (task === undefined) return;
      if (task.kind === 'append') {
        buffer.appendBuffer(this.#takeAppended());
        return;
      }
      this.#tasks.shift();
      if (task.kind === 'type') buffer.changeType(task.mime);
      // Also what a torn fragment has left in the parser.
      else this.#remove(buffer);
      this.#next();
    } catch (error) {
      this.#fail(String(error));
    }
  }

  #remove(buffer: SourceBuffer): void {
    buffer.abort();
    buffer.remove(0, Infinity);
  }

  /** All that is to be appended up to the next other task, as one. */
  #takeAppended(): Uint8Array<ArrayBuffer> {
    const end = this.#tasks.findIndex(({ kind }) => kind !== 'append');
    const pieces = this.#tasks
      .splice(0, end === -1 ? this.#tasks.length : end)
      .flatMap((task) => (task.kind === 'append' ? [task.bytes] : []));
    const sizeBytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.#waitingBytes -= sizeBytes;
    const [only, second] = pieces;
    if (only !== undefined && second === undefined) return only;
    const joined = new Uint8Array(sizeBytes);
    let at = 0;
    for (const piece of pieces) {
      joined.set(piece, at);
      at += piece.byteLength;
    }
    return joined;
  }

  /**
   * Browsers remove up to the next key picture behind the end, or all where there is none (Media Source Extensions, coded frame
   * removal): so it ends at one.
   * @returns whether something is being cut.
   */
  #trim(buffer: SourceBuffer): boolean {
    const { currentTime } = this.#video;
    const [oldestS = Infinity] = this.#keysS;
    if (currentTime - oldestS < 2 * KEPT_S) return false;
    const kept = this.#keysS.findLastIndex((keyS) => keyS <= currentTime - KEPT_S);
    const keyS = this.#keysS[kept];
    if (keyS === undefined || kept < 1) return false;
    this.#keysS.splice(0, kept);
    buffer.remove(0, keyS - BEFORE_KEY_S);
    return true;
  }

  #forget(): void {
    this.#tasks = [];
    this.#waitingBytes = 0;
    this.#keysS = [];
  }

  #fail(reason: string): void {
    this.#forget();
    this.#listener.onFailed(reason);
  }
}

function trackCount(mime: string): number {
  return mime.split(',').length;
}
