import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultResult } from './fault.ts';

/** How one fault went when it was tried last. */
export interface FaultOutcome {
  readonly name: string;
  readonly title: string;
  readonly outcome: 'held' | 'failed' | 'not run';
  /** Why it was not run, or the error that ended it; undefined otherwise. */
  readonly reason?: string;
  readonly figures: FaultResult['figures'];
  readonly seconds: number;
  /** When, as ISO 8601, and on what machine. */
  readonly at: string;
  readonly machine: string;
}

const RESULTS = join('bench', 'results');

/**
 * Puts new outcomes to those of earlier days and writes all of them as JSON and as a table for people. What was not run
 * does not replace what was.
 */
export async function recordOutcomes(outcomes: readonly FaultOutcome[]): Promise<void> {
  const path = join(RESULTS, 'faults.json');
  const known = new Map((await readOutcomes(path)).map((one) => [one.name, one]));
  for (const one of outcomes) {
    if (one.outcome !== 'not run' || !known.has(one.name)) known.set(one.name, one);
  }
  const all = [...known.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  await mkdir(RESULTS, { recursive: true });
  await writeFile(path, `${JSON.stringify(all, undefined, 2)}\n`);
  await writeFile(join(RESULTS, 'faults.md'), document(all));
}

async function readOutcomes(path: string): Promise<readonly FaultOutcome[]> {
  const text = await readFile(path, 'utf8').catch(() => '[]');
  // Our own file.
  return JSON.parse(text) as readonly FaultOutcome[];
}

function document(outcomes: readonly FaultOutcome[]): string {
  const machines = [...new Set(outcomes.map(({ machine }) => machine))];
  return [
    '# Faults',
    'What was done to the recorder in real time, and what it cost. Each is a script in `test/faults`; `npm run faults` ' +
      'tries them all, `npm run faults -- NAME` one.',
    machines.map((machine) => `- ${machine}`).join('\n'),
    faultTable(outcomes),
    '',
  ].join('\n\n');
}

/** One row a fault, as Markdown. */
export function faultTable(outcomes: readonly FaultOutcome[]): string {
  const head = ['| fault | what has to hold | outcome | figures | took | on |', '|---|---|---|---|--:|---|'];
  return [...head, ...outcomes.map(row)].join('\n');
}

function row({ name, title, outcome, reason, figures, seconds, at }: FaultOutcome): string {
  const measured = Object.entries(figures).map(([what, value]) => `${what}: ${value}`);
  const found = [...measured, ...(reason === undefined ? [] : [reason])].join('; ').replaceAll(/[|\n]/g, ' ');
  return `| ${name} | ${title} | ${outcome} | ${found} | ${seconds.toFixed(0)} s | ${at.slice(0, 10)} |`;
}
