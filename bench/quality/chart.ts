import type { SceneResult } from './report.ts';
import { falseEventsAnHour } from './tally.ts';

const NAME_WIDTH = 110;
const BAR_WIDTH = 330;
const BAR_HEIGHT = 11;
const GAP = 14;
const TOP = 58;
/** By detector, in the order of the legend. */
const COLOURS: Readonly<Record<string, string>> = { current: '#c8452f', adaptive: '#2f6f73' };

/** Passages found and false events an hour of the default and the adaptive detector, as SVG. */
export function drawChart(results: readonly SceneResult[]): string {
  const names = Object.keys(COLOURS);
  const rowHeight = names.length * BAR_HEIGHT + GAP;
  const charted = results.flatMap(({ qualities }) => names.map((name) => qualities[name]));
  const most = Math.max(1, ...charted.map((quality) => (quality && falseEventsAnHour(quality)) ?? 0));
  const height = TOP + results.length * rowHeight + 10;
  const width = NAME_WIDTH + 2 * (BAR_WIDTH + 80);
  const rows = results.flatMap(({ scene, qualities }, i) => {
    const y = TOP + i * rowHeight;
    const bars = names.flatMap((name, j) => {
      const quality = qualities[name];
      if (quality === undefined) return [];
      const found = quality.found / quality.passages;
      const rate = falseEventsAnHour(quality);
      const at = { y: y + j * BAR_HEIGHT, colour: COLOURS[name] ?? '' };
      return [
        bar({ ...at, x: NAME_WIDTH, share: found, label: `${quality.found} of ${quality.passages}` }),
        rate === undefined
          ? ''
          : bar({ ...at, x: NAME_WIDTH + BAR_WIDTH + 80, share: rate / most, label: rate.toFixed(0) }),
      ];
    });
    return [text(NAME_WIDTH - 8, y + BAR_HEIGHT + 3, scene, 'end'), ...bars];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...names.map((name, i) => `<g fill="${COLOURS[name]}">${text(NAME_WIDTH + 80 * i, 18, name)}</g>`),
    text(NAME_WIDTH, 42, 'passages of people found'),
    text(NAME_WIDTH + BAR_WIDTH + 80, 42, 'false events an hour'),
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

interface Bar {
  readonly x: number;
  readonly y: number;
  /** Of the full width. */
  readonly share: number;
  readonly colour: string;
  readonly label: string;
}

function bar({ x, y, share, colour, label }: Bar): string {
  const width = Math.max(1, share * BAR_WIDTH);
  const rectangle = `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT - 2}" fill="${colour}"/>`;
  return rectangle + text(x + width + 5, y + BAR_HEIGHT - 3, label);
}

function text(x: number, y: number, value: string, anchor = 'start'): string {
  return `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${value}</text>`;
}
