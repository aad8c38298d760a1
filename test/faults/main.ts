import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../../bench/machine.ts';
import { describeError } from '../../src/base/error.ts';
import type { Fault, FaultReport, FaultResult } from './fault.ts';
import { faultTable, recordOutcomes, type FaultOutcome } from './fault-results.ts';

/**
 * Tries faults one after the other and writes `bench/results/faults.md`. Exit code 1 if one does not hold.
 *
 *   npm run faults [-- NAME... [--json] [--list]]
 *
 * A fault is a file `NAME.fault.ts` in this folder that exports `fault`.
 */

const ENDING = '.fault.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, list: { type: 'boolean', default: false } },
});
const known = await faultNames();
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no fault ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exitCode = 2;
} else if (values.list) {
  for (const name of known) process.stdout.write(`${name}: ${(await load(name)).title}\n`);
} else {
  const outcomes: FaultOutcome[] = [];
  for (const name of positionals.length > 0 ? positionals : known) outcomes.push(await tryFault(name));
  await recordOutcomes(outcomes);
  process.stdout.write(
    values.json ? `${JSON.stringify(outcomes, undefined, 2)}\n` : `${faultTable(outcomes)}\n`,
  );
  process.exitCode = outcomes.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

/** From the sources: of one that was deleted, the built file may still be there. */
async function faultNames(): Promise<readonly string[]> {
  const files = await readdir(join('test', 'faults'));
  return files.flatMap((file) => (file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : [])).toSorted();
}

async function load(name: string): Promise<Fault> {
  // Files of ours; the compiler has checked that each exports one.
  const module = (await import(new URL(`${name}.fault.js`, import.meta.url).href)) as {
    readonly fault: Fault;
  };
  return module.fault;
}

async function tryFault(name: string): Promise<FaultOutcome> {
  const fault = await load(name);
  const startMs = performance.now();
  const describe = (found: Pick<FaultOutcome, 'outcome' | 'figures'> & { readonly reason?: string }) => ({
    name,
    title: fault.title,
    ...found,
    seconds: Math.round((performance.now() - startMs) / 1000),
    at: new Date().toISOString(),
    machine: describeMachine().slice(0, 2).join(', '),
  });
  const reason = await fault.requires();
  if (reason !== undefined) {
    process.stderr.write(`${name}: not run: ${reason}\n`);
    return describe({ outcome: 'not run', reason, figures: {} });
  }
  try {
    const { ok, figures }: FaultResult = await fault.run(reporter(name));
    endLine();
    return describe({ outcome: ok ? 'held' : 'failed', figures });
  } catch (error) {
    endLine();
    process.stderr.write(
      `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return describe({ outcome: 'failed', reason: describeError(error), figures: {} });
  }
}

/** One line on a terminal, kept up to date; elsewhere a line each time. */
function reporter(name: string): FaultReport {
  return (share, text) => {
    const percent = share === undefined ? '' : `${Math.floor(share * 100)} % `;
    const line = `${name}: ${percent}${text}`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${line.slice(0, process.stderr.columns - 1)}`);
    else process.stderr.write(`${line}\n`);
  };
}

function endLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[2K');
}
