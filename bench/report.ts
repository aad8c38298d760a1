import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Load, Reading } from './contest.ts';
import type { Contestant } from './contestant.ts';
import { describeMachine } from './machine.ts';
import { median } from './median.ts';
import type { Plan } from './plan.ts';

export interface Case {
  /** Such as `4 cameras`. */
  readonly title: string;
  readonly contestants: readonly Contestant[];
  readonly readings: readonly Reading[];
}

export interface Report {
  /** Name of the files it goes to. */
  readonly subject: string;
  readonly title: string;
  readonly method: readonly string[];
  /** Name of the contestant that all are compared with. */
  readonly baseline: string;
  readonly plan: Plan;
  readonly cases: readonly Case[];
}

const RESULTS = join('bench', 'results');
/** Trial runs leave recorded results alone. */
const QUICK_RESULTS = join('node_modules', '.cache', 'bench', 'quick-results');

/** Writes the report as Markdown for people and as JSON with every reading, and gives the Markdown. */
export async function writeReport(report: Report): Promise<string> {
  const folder = report.plan.isQuick ? QUICK_RESULTS : RESULTS;
  const machine = describeMachine();
  const markdown = formatReport(report, machine);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${report.subject}.md`), markdown);
  const { subject, plan, cases, baseline } = report;
  const readings = cases.map(({ title, readings: all }) => ({ title, readings: all }));
  const json = JSON.stringify({ subject, machine, plan, baseline, cases: readings }, null, 2);
  await writeFile(join(folder, `${subject}.json`), `${json}\n`);
  return markdown;
}

function formatReport({ title, method, baseline, plan, cases }: Report, machine: readonly string[]): string {
  const { rounds, warmUpMs, windowMs } = plan;
  const timing =
    `${rounds} rounds, the contestants in turn in each, or beside each other where that is said; ${warmUpMs / 1000} s of warm-up, then ` +
    `${windowMs / 1000} s measured. Figures are medians of the rounds; a ratio is the median of the ratios to ` +
    `${baseline} round by round, with the least and greatest.`;
  return [
    `# ${title}`,
    '## Machine',
    list([...machine, new Date().toISOString().slice(0, 10)]),
    '## Method',
    list([...method, timing]),
    '## Contestants',
    list(uniqueContestants(cases).map(describeContestant)),
    ...cases.flatMap((one) => [`## ${one.title}`, formatCase(one, baseline)]),
    '',
  ].join('\n\n');
}

function uniqueContestants(cases: readonly Case[]): readonly Contestant[] {
  return [...new Map(cases.flatMap(({ contestants }) => contestants).map((one) => [one.name, one])).values()];
}

function describeContestant({ name, version, setup }: Contestant): string {
  return `**${name}** (${version ?? 'not installed'}): ${setup}`;
}

function formatCase({ contestants, readings }: Case, baseline: string): string {
  const against = readings.filter(({ contestant }) => contestant === baseline);
  const rows = contestants.map((contestant) => {
    const own = readings.filter((reading) => reading.contestant === contestant.name);
    if (own.length === 0) return `| ${contestant.name} | not installed | | | | | | | | | |`;
    return `| ${contestant.name} | ${figures(own, against).join(' | ')} |`;
  });
  return [
    '| | CPU ms/s | ratio | PSS MiB | ratio | RSS MiB | started processes: CPU ms/s | PSS MiB | with their children: CPU ms/s | PSS MiB | recorded kbit/s |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
    ...remarks(readings),
  ].join('\n');
}

function figures(own: readonly Reading[], against: readonly Reading[]): readonly string[] {
  const middle = (value: (reading: Reading) => number) => median(own.map(value)).toFixed(1);
  return [
    middle(({ counted }) => counted.cpuMsPerSecond),
    ratio(own, against, (load) => load.cpuMsPerSecond),
    middle(({ counted }) => counted.pssMib),
    ratio(own, against, (load) => load.pssMib),
    middle(({ counted }) => counted.rssMib),
    middle(({ leaders }) => leaders.cpuMsPerSecond),
    middle(({ leaders }) => leaders.pssMib),
    middle(({ whole }) => whole.cpuMsPerSecond),
    middle(({ whole }) => whole.pssMib),
    middle(({ recordedKbps }) => recordedKbps),
  ];
}

function ratio(own: readonly Reading[], against: readonly Reading[], value: (load: Load) => number): string {
  const ratios = own.flatMap(({ round, counted }) => {
    const other = against.find((reading) => reading.round === round);
    return other === undefined ? [] : [value(counted) / value(other.counted)];
  });
  if (ratios.length === 0) return '';
  const [least, greatest] = [Math.min(...ratios), Math.max(...ratios)];
  return `${median(ratios).toFixed(2)} (${least.toFixed(2)}..${greatest.toFixed(2)})`;
}

function remarks(readings: readonly Reading[]): readonly string[] {
  const told = readings.filter(({ remark }) => remark !== undefined);
  if (told.length === 0) return [];
  return ['', ...told.map(({ round, contestant, remark }) => `- round ${round}, ${contestant}: ${remark}`)];
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
