import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeMachine } from '../machine.ts';
import { median } from '../median.ts';
import { drawChart } from './chart.ts';
import { falseEventsAnHour, MINIMAL_DURATION_SECONDS, type Quality } from './tally.ts';

/** How all detectors did on one scene or clip. */
export interface SceneResult {
  readonly scene: string;
  readonly about: string;
  readonly isGenerated: boolean;
  readonly qualities: Readonly<Record<string, Quality>>;
}

const METHOD = [
  'generated scenes: 640x360, 10 minutes at 5 pictures a second, someone walking by every 47 s; the first minute does not ' +
    'count. Drawn by `bench/scenes`, the same each time, with exact truth',
  'found: passages of people during which an alarm marked something where they were',
  'alarmed: pictures with someone on them that alarmed',
  `false events an hour: events that open while nobody is there, nor was in the ${MINIMAL_DURATION_SECONDS} s before (an ` +
    `event lasts ${MINIMAL_DURATION_SECONDS} s after the last motion), by the hour of such time. A detector that alarms ` +
    'without a break has one event from each passage to the next',
  'false pictures: pictures of that time that alarmed',
  'delay: from entering the picture to the first alarm, median of the passages found',
  'all detectors with their default settings. Both clips are shown whole: on the first, people follow each other too ' +
    'closely for quiet time, on the second there is always someone',
];

/** Writes the results for people, for machines and as a picture. @returns the first. */
export async function writeResults(results: readonly SceneResult[]): Promise<string> {
  const folder = join('bench', 'results');
  const markdown = format(results);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'motion-quality.md'), markdown);
  await writeFile(join(folder, 'motion-quality.json'), `${JSON.stringify({ results }, null, 2)}\n`);
  await writeFile(
    join('design', 'motion-quality.svg'),
    drawChart(results.filter(({ isGenerated }) => isGenerated)),
  );
  return markdown;
}

function format(results: readonly SceneResult[]): string {
  return [
    '# Quality of motion detection',
    list([...describeMachine().slice(1, 2), new Date().toISOString().slice(0, 10)]),
    '## Method',
    list(METHOD),
    ...results.flatMap(({ scene, about, qualities }) => [`## ${scene}: ${about}`, table(qualities)]),
    '',
  ].join('\n\n');
}

function table(qualities: Readonly<Record<string, Quality>>): string {
  const rows = Object.entries(qualities).map(
    ([name, quality]) => `| ${[name, ...cells(quality)].join(' | ')} |`,
  );
  return [
    '| detector | found | alarmed | false events an hour | false pictures | delay |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function cells(quality: Quality): string[] {
  const { found, passages, delaysSeconds } = quality;
  const falseEvents = falseEventsAnHour(quality);
  return [
    `${found} of ${passages}`,
    percent(quality.alarmedPictures, quality.busyPictures),
    falseEvents?.toFixed(0) ?? '',
    falseEvents === undefined ? '' : percent(quality.falsePictures, quality.quietPictures),
    delaysSeconds.length === 0 ? '' : `${median(delaysSeconds).toFixed(1)} s`,
  ];
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)} %`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
