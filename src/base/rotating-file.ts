import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from './clock.ts';

export interface RotatingFileOptions {
  readonly path: string;
  /** No file grows beyond this; a longer single line is cut. */
  readonly maxSizeBytes: number;
  /** How many full files are kept as `path.1` (the newest) to `path.<count>`; with 0 a full file starts anew. */
  readonly count: number;
  readonly clock: Clock;
  /** Told when writing begins to fail. */
  onFailure(error: unknown): void;
  /** Gives the line that is written in place of lost ones. */
  describeLost(lines: number): string;
}

/** While the disk does not take lines, the newest are dropped beyond this. */
const QUEUE_BYTES = 8 * 2 ** 20;
/** A failing disk is tried again with the first line after this. */
const RETRY_MS = 1_000;

/**
 * A file of lines that rotates exactly: no line is split over two files, no file exceeds its size. Writing happens
 * in the background and never throws; lines wait in memory while the disk is slow or failing, and are counted when
 * that is full.
 */
export class RotatingFile implements AsyncDisposable {
  readonly #options: RotatingFileOptions;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #lostLines = 0;
  #file: FileHandle | undefined;
  /** Bytes of the current file that are whole lines; undefined before it was first opened. */
  #sizeBytes: number | undefined;
  #isFailing = false;
  #retryAtMs = 0;
  #draining: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** Queues a line, given without its line break. Does nothing once disposed. */
  write(line: string): void {
    if (this.#isClosed) return;
    const bytes = this.#encode(line);
    if (this.#queuedBytes + bytes.length > QUEUE_BYTES) {
      this.#lostLines += 1;
    } else {
      this.#queue.push(bytes);
      this.#queuedBytes += bytes.length;
    }
    const mayTry = !this.#isFailing || this.#options.clock.monotonicMs() >= this.#retryAtMs;
    if (mayTry) this.#startDraining();
  }

  /** Writes what is queued, as far as the disk takes it, and closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
    this.#startDraining();
    await this.#draining;
    await this.#close();
  }

  #encode(line: string): Buffer {
    const bytes = Buffer.from(`${line}\n`);
    if (bytes.length <= this.#options.maxSizeBytes) return bytes;
    let end = this.#options.maxSizeBytes - 1;
    // Not within a character: bytes 10xxxxxx continue one.
    while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    bytes[end] = 0x0a;
    return bytes.subarray(0, end + 1);
  }

  #startDraining(): void {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
      // A line may have come between the last look at the queue and now.
      if (this.#queue.length > 0 && !this.#isFailing) this.#startDraining();
    });
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.length > 0) await this.#writeBatch();
      this.#isFailing = false;
    } catch (error) {
      this.#retryAtMs = this.#options.clock.monotonicMs() + RETRY_MS;
      const isNew = !this.#isFailing;
      this.#isFailing = true;
      await this.#close();
      if (isNew) this.#options.onFailure(error);
    }
  }

  /** Writes as many queued lines as the current file holds, and only then takes them off the queue. */
  async #writeBatch(): Promise<void> {
    let sizeBytes = await this.#open();
    const [first] = this.#queue;
    if (first === undefined) return;
    if (sizeBytes > 0 && sizeBytes + first.length > this.#options.maxSizeBytes) {
      await this.#rotate();
      sizeBytes = await this.#open();
    }
    let lines = 0;
    let bytes = 0;
    for (const line of this.#queue) {
      if (sizeBytes + bytes + line.length > this.#options.maxSizeBytes) break;
      lines += 1;
      bytes += line.length;
    }
    const batch = Buffer.concat(this.#queue.slice(0, lines));
    await this.#file?.appendFile(batch);
    this.#sizeBytes = sizeBytes + batch.length;
    this.#queue = this.#queue.slice(lines);
    this.#queuedBytes -= bytes;
    this.#tellLost();
  }

  #tellLost(): void {
    if (this.#lostLines === 0) return;
    const line = this.#encode(this.#options.describeLost(this.#lostLines));
    this.#lostLines = 0;
    this.#queue.push(line);
    this.#queuedBytes += line.length;
  }

  /** Opens the file if it is not, without the part of a line that a failed write may have left. */
  async #open(): Promise<number> {
    if (this.#file !== undefined && this.#sizeBytes !== undefined) return this.#sizeBytes;
    const { path } = this.#options;
    await mkdir(dirname(path), { recursive: true });
    if (this.#sizeBytes === undefined) await this.#removeSurplus();
    const file = await open(path, 'a', 0o640);
    this.#file = file;
    const { size } = await file.stat();
    if (this.#sizeBytes !== undefined && size > this.#sizeBytes) await file.truncate(this.#sizeBytes);
    this.#sizeBytes = Math.min(size, this.#sizeBytes ?? size);
    return this.#sizeBytes;
  }

  async #rotate(): Promise<void> {
    const { path, count } = this.#options;
    await this.#close();
    if (count === 0) await rm(path, { force: true });
    else await rm(`${path}.${count}`, { force: true });
    for (let number = count; number > 0; number -= 1) {
      await renameIfThere(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`);
    }
    this.#sizeBytes = 0;
  }

  /** Rotated files beyond `count` stay behind when the count is lowered. */
  async #removeSurplus(): Promise<void> {
    const folder = dirname(this.#options.path);
    const prefix = `${basename(this.#options.path)}.`;
    for (const name of await readdir(folder)) {
      const number = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      const isSurplus = /^[1-9]\d{0,8}$/.test(number) && Number(number) > this.#options.count;
      if (isSurplus) await rm(join(folder, name), { force: true });
    }
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    try {
      await file?.close();
    } catch {
      // Its lines were written or are still queued; there is nothing left to do with the handle.
    }
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
