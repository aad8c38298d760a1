import { readFile } from 'node:fs/promises';

/** A stamp found in recorded bytes. */
export interface FoundStamp {
  /** Camera and stream, `camera/path`. */
  readonly stream: string;
  readonly number: number;
  /** When the picture was sent. */
  readonly wallMs: number;
  /** Frame of the yard's loop that it shows. */
  readonly frame: number;
}

/** What became of the pictures of one stream. */
export interface StampReport {
  readonly frames: number;
  readonly first: number;
  readonly last: number;
  /** Numbers between first and last that are nowhere. */
  readonly missing: readonly number[];
  /** How many stamps bear a number that was found before. */
  readonly duplicated: number;
  /** How many stamps bear a lower number than the one before them. */
  readonly reordered: number;
}

const STAMP = /PREROLL (\S{1,120}\/\S{1,60}) (\d{10}) (\d{1,11}\.\d{6}) yard=(\d{1,9})/g;

/** Every stamp in the bytes, in their order there. No demuxer is trusted: this is a plain search. */
export function findStamps(bytes: Buffer): FoundStamp[] {
  return Array.from(bytes.toString('latin1').matchAll(STAMP), ([, stream = '', number, seconds, frame]) => ({
    stream,
    number: Number(number),
    wallMs: Number(seconds) * 1000,
    frame: Number(frame),
  }));
}

/** The stamps of several files, in the order given. */
export async function findStampsInFiles(paths: readonly string[]): Promise<FoundStamp[]> {
  const found: FoundStamp[] = [];
  for (const path of paths) found.push(...findStamps(await readFile(path)));
  return found;
}

/** One report a stream. */
export function reportStamps(stamps: readonly FoundStamp[]): ReadonlyMap<string, StampReport> {
  const numbers = new Map<string, number[]>();
  for (const { stream, number } of stamps) {
    const known = numbers.get(stream);
    if (known === undefined) numbers.set(stream, [number]);
    else known.push(number);
  }
  return new Map(Array.from(numbers, ([stream, list]) => [stream, reportNumbers(list)]));
}

function reportNumbers(numbers: readonly number[]): StampReport {
  const distinct = new Set(numbers);
  const sorted = [...distinct].toSorted((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 0;
  const missing: number[] = [];
  for (let number = first; number <= last; number++) if (!distinct.has(number)) missing.push(number);
  const reordered = numbers.filter((number, index) => index > 0 && number < (numbers[index - 1] ?? 0)).length;
  return {
    frames: numbers.length,
    first,
    last,
    missing,
    duplicated: numbers.length - distinct.size,
    reordered,
  };
}
