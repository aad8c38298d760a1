import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_FOLDER } from './requirements.ts';

/** One row of the table that ends a run. */
export interface Measurement {
  readonly line: string;
  readonly what: string;
  readonly found: string;
}

const PATH = join(CACHE_FOLDER, 'measurements.jsonl');

/** Notes what was measured, for the table at the end; tests run in processes of their own. */
export function measured(line: string, what: string, found: string | number): void {
  const row: Measurement = { line, what, found: String(found) };
  appendFileSync(PATH, `${JSON.stringify(row)}\n`);
}

export function forgetMeasurements(): void {
  mkdirSync(CACHE_FOLDER, { recursive: true });
  rmSync(PATH, { force: true });
}

/** The table of everything measured since `forgetMeasurements`; empty if nothing was. */
export function measurementTable(): string {
  if (!existsSync(PATH)) return '';
  const rows = readFileSync(PATH, 'utf8')
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row) as Measurement);
  const widthOf = (key: keyof Measurement) => Math.max(...rows.map((row) => row[key].length));
  const [lineWidth, whatWidth] = [widthOf('line'), widthOf('what')];
  const table = rows
    .map(({ line, what, found }) => `${line.padEnd(lineWidth)}  ${what.padEnd(whatWidth)}  ${found}\n`)
    .join('');
  return `\nMeasured\n${table}`;
}
