import { open, type FileHandle } from 'node:fs/promises';
import { systemCode } from './error.ts';

/** Where a line begins: a file, which keeps its identity when it is rotated, and bytes from its start. */
export interface LogPlace {
  readonly file: string;
  readonly offset: number;
}

export interface PlacedLine {
  readonly place: LogPlace;
  /** Where the next one begins. */
  readonly end: LogPlace;
  readonly text: string;
}

interface OpenFile {
  readonly id: string;
  readonly handle: FileHandle;
  /** Of whole lines, as they were when it was opened. */
  readonly sizeBytes: number;
}

const CHUNK_BYTES = 64 * 1_024;
const LINE_BREAK = 0x0a;

/** A log that rotates (`RotatingFile`) as it is at one moment: the current file and those before it. */
export class LogFiles implements AsyncDisposable {
  /** The newest first. */
  readonly #files: readonly OpenFile[];

  private constructor(files: readonly OpenFile[]) {
    this.#files = files;
  }

  /**
   * @param count of rotated files.
   * @throws an error of the system when one cannot be read, or none is there.
   */
  static async open({ path, count }: { readonly path: string; readonly count: number }): Promise<LogFiles> {
    const files: OpenFile[] = [];
    try {
      // The newest first: one that is rotated meanwhile is met twice instead of never.
      for (let number = 0; number <= count; number += 1) {
        const file = await openFile(number === 0 ? path : `${path}.${number}`, number > 0 || count > 0);
        if (file === undefined) continue;
        if (files.some(({ id }) => id === file.id)) await file.handle.close();
        else files.push(file);
      }
      // Tells why there is none.
      if (files.length === 0) await openFile(path, false);
      return new LogFiles(files);
    } catch (error) {
      await closeAll(files);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeAll(this.#files);
  }

  /** Behind the newest line. */
  get end(): LogPlace {
    const [newest] = this.#files;
    return { file: newest?.id ?? '', offset: newest?.sizeBytes ?? 0 };
  }

  /** Whether lines can be read on from there: its file is still one of those that are kept. */
  has({ file, offset }: LogPlace): boolean {
    return this.#files.some(({ id, sizeBytes }) => id === file && offset <= sizeBytes);
  }

  /** The lines before a place of which it `has` the file, the newest first. */
  async *before(place: LogPlace): AsyncGenerator<PlacedLine> {
    const from = this.#files.findIndex(({ id }) => id === place.file);
    for (const file of this.#files.slice(from)) {
      yield* linesBefore(file, file.id === place.file ? place.offset : file.sizeBytes);
    }
  }

  /** The lines from a place on, of which it `has` the file, the oldest first; all lines where no place is given. */
  async *from(place?: LogPlace): AsyncGenerator<PlacedLine> {
    const last =
      place === undefined ? this.#files.length - 1 : this.#files.findIndex(({ id }) => id === place.file);
    for (const file of this.#files.slice(0, last + 1).toReversed()) {
      yield* linesFrom(file, file.id === place?.file ? place.offset : 0);
    }
  }
}

/** @returns undefined where there is none, and that may be so. */
async function openFile(path: string, mayMiss: boolean): Promise<OpenFile | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (mayMiss && systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { ino, size } = await handle.stat({ bigint: true });
    return { id: ino.toString(36), handle, sizeBytes: await wholeLines(handle, Number(size)) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Without a line at the end that is still being written. */
async function wholeLines(handle: FileHandle, sizeBytes: number): Promise<number> {
  for (let end = sizeBytes; end > 0;) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const at = (await read(handle, start, end)).lastIndexOf(LINE_BREAK);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

async function* linesBefore({ id, handle }: OpenFile, offset: number): AsyncGenerator<PlacedLine> {
  let rest = Buffer.alloc(0);
  for (let start = offset; start > 0;) {
    const end = start;
    start = Math.max(0, end - CHUNK_BYTES);
    const bytes = Buffer.concat([await read(handle, start, end), rest]);
    let stop = bytes.byteLength;
    while (stop > 0) {
      // Of the line before; the byte before `stop` is this line's own.
      const lineBreak = stop < 2 ? -1 : bytes.lastIndexOf(LINE_BREAK, stop - 2);
      if (lineBreak < 0 && start > 0) break;
      yield lineOf(id, bytes, start, lineBreak + 1, stop);
      stop = lineBreak + 1;
    }
    rest = bytes.subarray(0, stop);
  }
}

async function* linesFrom({ id, handle, sizeBytes }: OpenFile, offset: number): AsyncGenerator<PlacedLine> {
  let rest = Buffer.alloc(0);
  for (let end = offset; end < sizeBytes;) {
    const start = end - rest.byteLength;
    const next = Math.min(sizeBytes, end + CHUNK_BYTES);
    const bytes = Buffer.concat([rest, await read(handle, end, next)]);
    end = next;
    let begin = 0;
    for (;;) {
      const lineBreak = bytes.indexOf(LINE_BREAK, begin);
      if (lineBreak < 0) break;
      yield lineOf(id, bytes, start, begin, lineBreak + 1);
      begin = lineBreak + 1;
    }
    rest = bytes.subarray(begin);
  }
}

/** @param start of the bytes in the file. */
function lineOf(file: string, bytes: Buffer, start: number, begin: number, stop: number): PlacedLine {
  return {
    place: { file, offset: start + begin },
    end: { file, offset: start + stop },
    text: bytes.toString('utf8', begin, stop - 1),
  };
}

async function read(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, start);
  return bytes.subarray(0, bytesRead);
}

async function closeAll(files: readonly OpenFile[]): Promise<void> {
  await Promise.all(files.map(async ({ handle }) => await handle.close()));
}
