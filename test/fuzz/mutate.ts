import type { Random } from './random.ts';

/** What inputs of one kind are made from. */
export interface Breed {
  /** Valid inputs. */
  readonly corpus: readonly [Uint8Array, ...Uint8Array[]];
  /** Pieces that mean something to the parser, put in anywhere. */
  readonly words: readonly [Uint8Array, ...Uint8Array[]];
  /** What long runs are made of, and what ends them; by default words. */
  readonly fillings?: readonly [Uint8Array, ...Uint8Array[]];
  readonly ends?: readonly [Uint8Array, ...Uint8Array[]];
  /** No input grows beyond this. */
  readonly maxBytes: number;
}

/** Values at which counts, lengths and signs turn over. */
const EXTREMES = [0, 1, 2, 3, 4, 7, 8, 0x0f, 0x10, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff] as const;
const WIDE_EXTREMES = [0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff] as const;

type Mutation = (random: Random, bytes: Uint8Array, breed: Breed) => Uint8Array;

/** Each as often as it stands here. */
const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  flipBit,
  flipBit,
  setByte,
  setByte,
  setNumber,
  setNumber,
  nudgeNumber,
  insertWord,
  insertWord,
  overwriteWord,
  insertNoise,
  deleteRange,
  deleteRange,
  repeatRange,
  truncate,
  splice,
  shiftBits,
];
/** Long runs of the same find what grows with the square of its input; they are dear, so they are rare. */
const PUMP_SHARE = 0.03;

/** A valid input, changed in one to eight places; once in a while as it is. */
export function breedInput(random: Random, breed: Breed): Uint8Array {
  return random.chance(0.02)
    ? pickBytes(random, breed.corpus)
    : mutate(random, pickBytes(random, breed.corpus), breed);
}

/** `bytes`, which stay as they are, with one to eight changes. */
export function mutate(random: Random, bytes: Uint8Array, breed: Breed): Uint8Array {
  let changed = bytes;
  for (let left = random.scaled(1, 8); left > 0; left -= 1) {
    changed = random.pick(MUTATIONS)(random, changed, breed);
  }
  if (random.chance(PUMP_SHARE)) changed = pump(random, changed, breed);
  return changed.length > breed.maxBytes ? changed.subarray(0, breed.maxBytes) : changed;
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'));
}

function pickBytes(random: Random, choices: readonly [Uint8Array, ...Uint8Array[]]): Uint8Array {
  return random.pick(choices);
}

function place(random: Random, bytes: Uint8Array): number {
  return random.integer(0, bytes.length);
}

function replace(bytes: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array {
  return joinBytes(bytes.subarray(0, from), by, bytes.subarray(to));
}

function edited(bytes: Uint8Array, edit: (copy: Uint8Array) => void): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (copy.length > 0) edit(copy);
  return copy;
}

function flipBit(random: Random, bytes: Uint8Array): Uint8Array {
  return edited(bytes, (copy) => {
    const at = random.integer(0, copy.length - 1);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.integer(0, 7));
  });
}

function setByte(random: Random, bytes: Uint8Array): Uint8Array {
  return edited(bytes, (copy) => {
    copy[random.integer(0, copy.length - 1)] = random.chance(0.5) ? random.pick(EXTREMES) : random.next();
  });
}

function setNumber(random: Random, bytes: Uint8Array): Uint8Array {
  const width = random.pick([1, 2, 4] as const);
  const value = random.pick([...EXTREMES, ...WIDE_EXTREMES]);
  return edited(bytes, (copy) => writeNumber(copy, random.integer(0, copy.length - 1), width, value));
}

function nudgeNumber(random: Random, bytes: Uint8Array): Uint8Array {
  const width = random.pick([1, 2, 4] as const);
  const by = random.integer(-4, 4);
  return edited(bytes, (copy) => {
    const at = random.integer(0, copy.length - 1);
    let value = 0;
    for (let byte = 0; byte < width; byte += 1) value = value * 256 + (copy[at + byte] ?? 0);
    writeNumber(copy, at, width, value + by);
  });
}

/** Big-endian; what passes the end is left out. */
function writeNumber(bytes: Uint8Array, at: number, width: number, value: number): void {
  for (let byte = 0; byte < width && at + byte < bytes.length; byte += 1) {
    bytes[at + byte] = Math.floor(value / 256 ** (width - 1 - byte)) & 0xff;
  }
}

function insertWord(random: Random, bytes: Uint8Array, { words }: Breed): Uint8Array {
  const at = place(random, bytes);
  return replace(bytes, at, at, pickBytes(random, words));
}

function overwriteWord(random: Random, bytes: Uint8Array, { words }: Breed): Uint8Array {
  const at = place(random, bytes);
  const word = pickBytes(random, words);
  return replace(bytes, at, at + word.length, word);
}

function insertNoise(random: Random, bytes: Uint8Array): Uint8Array {
  const at = place(random, bytes);
  return replace(bytes, at, at, random.bytes(random.scaled(1, 40)));
}

function deleteRange(random: Random, bytes: Uint8Array): Uint8Array {
  const at = place(random, bytes);
  return replace(bytes, at, at + random.scaled(1, 200), new Uint8Array(0));
}

function repeatRange(random: Random, bytes: Uint8Array): Uint8Array {
  const from = place(random, bytes);
  const to = from + random.scaled(1, 200);
  return replace(bytes, to, to, bytes.subarray(from, to));
}

function truncate(random: Random, bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, place(random, bytes));
}

function splice(random: Random, bytes: Uint8Array, { corpus }: Breed): Uint8Array {
  const other = pickBytes(random, corpus);
  return joinBytes(bytes.subarray(0, place(random, bytes)), other.subarray(place(random, other)));
}

/** Puts in or takes out one bit, so that all after it moves: for fields that keep no byte boundary. */
function shiftBits(random: Random, bytes: Uint8Array): Uint8Array {
  const from = place(random, bytes);
  const isLeft = random.chance(0.5);
  return edited(bytes, (copy) => {
    for (let at = from; at < copy.length; at += 1) {
      const next = (isLeft ? bytes[at + 1] : bytes[at - 1]) ?? 0;
      const own = bytes[at] ?? 0;
      copy[at] = isLeft ? (own << 1) | (next >> 7) : (own >> 1) | ((next & 1) << 7);
    }
  });
}

/**
 * Repeats a filling or one to six bytes up to the largest size, and often puts an end right behind the run that makes
 * the parser go back.
 */
function pump(random: Random, bytes: Uint8Array, breed: Breed): Uint8Array {
  const at = placeBehindMark(random, bytes);
  const unit = random.chance(0.7)
    ? pickBytes(random, breed.fillings ?? breed.words)
    : bytes.subarray(at, at + random.integer(1, 6));
  const room = breed.maxBytes - bytes.length - 64;
  if (unit.length === 0 || room <= unit.length) return bytes;
  const run = new Uint8Array(random.scaled(1, Math.floor(room / unit.length)) * unit.length);
  for (let to = 0; to < run.length; to += unit.length) run.set(unit, to);
  const end = random.chance(0.7) ? pickBytes(random, breed.ends ?? breed.words) : new Uint8Array(0);
  return replace(bytes, at, at, joinBytes(run, end));
}

/** Behind the next byte, if there is one, that is neither letter nor digit. */
function placeBehindMark(random: Random, bytes: Uint8Array): number {
  const from = place(random, bytes);
  const mark = bytes.subarray(from).findIndex((byte) => !isLetterOrDigit(byte));
  return mark < 0 ? from : from + mark + 1;
}

function isLetterOrDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);
}
