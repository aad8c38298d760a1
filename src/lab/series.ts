import { closeSync, openSync, writeSync } from 'node:fs';
import type { NormalisedBox } from '../motion/motion-sample.ts';

/** What a detector said about one picture, as the series tells it. */
export interface SeriesRow {
  /** Seconds since the first picture. */
  readonly time: number;
  /** Pixels of the mask. */
  readonly count: number;
  /** The detector's own measure. */
  readonly score: number;
  /** The detector's decision. */
  readonly motion: boolean;
  /** Whether an event goes on. */
  readonly event: boolean;
  readonly zones: readonly string[];
  readonly boxes: readonly NormalisedBox[];
}

/** `json`: an object with `pictures`, a row a line. `csv`: a row a line below their names (RFC 4180). */
export type SeriesFormat = 'json' | 'csv';

const COLUMNS = ['time', 'count', 'score', 'motion', 'event', 'zones', 'boxes'] as const;

/** Writes the series of a piece of footage as it goes. Dispose of it. */
export class SeriesWriter implements Disposable {
  readonly #format: SeriesFormat;
  readonly #file: number;
  #rows = 0;

  /**
   * @param path of a file, which is written over.
   * @param head what the whole is about, for JSON.
   */
  constructor(path: string, format: SeriesFormat, head: object) {
    this.#format = format;
    this.#file = openSync(path, 'w');
    if (format === 'csv') this.#write(`${COLUMNS.join(',')}\r\n`);
    else this.#write(`${JSON.stringify(head).slice(0, -1)},"pictures":[\n`);
  }

  add(row: SeriesRow): void {
    const rounded = { ...row, time: rounding(row.time, 3), boxes: row.boxes.map(roundedBox) };
    if (this.#format === 'csv') this.#write(`${csvFields(rounded).join(',')}\r\n`);
    else this.#write(`${this.#rows > 0 ? ',\n' : ''}${JSON.stringify(rounded)}`);
    this.#rows++;
  }

  finish(): void {
    if (this.#format === 'json') this.#write('\n]}\n');
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #write(text: string): void {
    writeSync(this.#file, text);
  }
}

/** Boxes as `x y width height`, divided by semicolons, as zones are. */
function csvFields({ time, count, score, motion, event, zones, boxes }: SeriesRow): readonly string[] {
  const boxList = boxes.map(({ x, y, width, height }) => `${x} ${y} ${width} ${height}`).join(';');
  const flags = [motion, event].map((flag) => (flag ? '1' : '0'));
  return [String(time), String(count), String(score), ...flags, quoted(zones.join(';')), boxList];
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Four decimals: finer than a pixel of 8K. */
function roundedBox({ x, y, width, height }: NormalisedBox): NormalisedBox {
  return { x: rounding(x, 4), y: rounding(y, 4), width: rounding(width, 4), height: rounding(height, 4) };
}

function rounding(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
