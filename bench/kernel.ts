import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { AdaptiveDetector } from '../src/motion/adaptive/adaptive-detector.ts';
import { DEFAULT_ADAPTIVE_SETTINGS } from '../src/motion/adaptive/adaptive-settings.ts';
import { WHOLE_PICTURE } from '../src/motion/areas.ts';
import type { LumaPicture } from '../src/motion/detector.ts';
import { DifferenceDetector } from '../src/motion/difference-detector.ts';
import { DIFFERENCE_PRESETS, type DifferenceSettings } from '../src/motion/difference-settings.ts';
import { FastDifferenceDetector } from '../src/motion/kernel/fast-difference-detector.ts';
import { KernelBackground } from '../src/motion/kernel/kernel-background.ts';
import { Kernel } from '../src/motion/kernel/kernel.ts';
import type { ScaledSize } from '../src/motion/scale-area.ts';
import { OpenCvPeer, type PeerPictures } from '../test/goldens/opencv-peer.ts';
import { describeMachine } from './machine.ts';
import { median } from './median.ts';
import { loadOpenCvJs, OpenCvJsDetector } from './opencv-js.ts';

/*
 * npm run bench:kernel -- [CLIP ...] [--chunks COUNT]
 *
 * How long the `current` detector takes for a picture, the kernel and the plain reference, against OpenCV on one thread
 * and, where it is installed, opencv-js, and how long `adaptive`, in turn on the same pictures. Without clips it takes those of
 * ../shared/footage.
 */

const SIZES: readonly ScaledSize[] = [
  { widthPx: 500, heightPx: 281 },
  { widthPx: 640, heightPx: 360 },
  { widthPx: 1920, heightPx: 1080 },
];
const PICTURES_PER_CHUNK = 40;
const FOOTAGE = join('..', 'shared', 'footage');
const RESULTS = join('bench', 'results');

/** Microseconds for each picture of a chunk. */
type Timer = (pictures: PeerPictures) => Promise<readonly number[]>;

interface Case {
  readonly clip: string;
  readonly size: ScaledSize;
  /** By contestant, then by chunk: the median of its pictures, in microseconds. */
  readonly chunks: Readonly<Record<string, readonly number[]>>;
}

async function measureCase(peer: OpenCvPeer, clip: string, size: ScaledSize, chunks: number): Promise<Case> {
  const settings = { ...DIFFERENCE_PRESETS.current, analysedWidthPx: size.widthPx };
  using kernel = new FastDifferenceDetector(loadKernel(), settings);
  using plain = new DifferenceDetector(settings);
  const adaptiveSettings = { ...DEFAULT_ADAPTIVE_SETTINGS, analysedWidthPx: size.widthPx };
  using adaptive = new AdaptiveDetector(
    adaptiveSettings,
    WHOLE_PICTURE,
    (options) => new KernelBackground(loadKernel(), options),
  );
  const openCvJs = await loadOpenCvJs();
  using scripted = openCvJs && new OpenCvJsDetector(openCvJs, size, settings);
  await peer.open(clip, size);
  const timers = Object.entries<Timer>({
    kernel: timerOf(kernel),
    plain: timerOf(plain),
    adaptive: timerOf(adaptive),
    OpenCV: () => peer.time('current', settings),
    ...(scripted && { 'opencv-js': timerOf(scripted) }),
  });
  const medians = Object.fromEntries(timers.map(([name]) => [name, [] as number[]]));
  // The first chunk is for warming up.
  for (let chunk = 0; chunk <= chunks; chunk++) {
    const pictures = await peer.read(PICTURES_PER_CHUNK);
    if (pictures.lumas.length < PICTURES_PER_CHUNK) break;
    const turn = chunk % timers.length;
    for (const [name, time] of [...timers.slice(turn), ...timers.slice(0, turn)]) {
      const us = median(await time(pictures));
      if (chunk > 0) medians[name]?.push(us);
    }
  }
  return { clip: basename(clip), size, chunks: medians };
}

function loadKernel(): Kernel {
  return Kernel.load(resolve('dist/kernel.wasm'));
}

function timerOf(detector: { detect(picture: LumaPicture): unknown }): Timer {
  return ({ lumas, widthPx, heightPx }) => {
    const us = lumas.map((data) => {
      const started = performance.now();
      detector.detect({ widthPx, heightPx, stride: widthPx, data, isFullRange: true });
      return 1000 * (performance.now() - started);
    });
    return Promise.resolve(us);
  };
}

function formatCase({ clip, size, chunks }: Case): string {
  const { kernel = [], plain = [], adaptive = [], OpenCV: openCv = [], 'opencv-js': openCvJs } = chunks;
  const figures = [kernel, plain, adaptive, openCv].map((us) => Math.round(median(us)));
  const scripted = openCvJs === undefined ? 'not installed' : Math.round(median(openCvJs));
  const columns = [`${clip} ${size.widthPx}x${size.heightPx}`, ...figures, scripted];
  return `| ${[...columns, ratio(kernel, openCv), ratio(adaptive, openCv)].join(' | ')} |`;
}

function ratio(ours: readonly number[], theirs: readonly number[]): string {
  const ratios = ours.map((us, i) => us / (theirs[i] ?? Number.NaN));
  return `${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)})`;
}

function formatReport(
  cases: readonly Case[],
  setup: readonly string[],
  settings: DifferenceSettings,
): string {
  return [
    '# The motion kernel against OpenCV',
    '## Machine',
    list(setup),
    '## Method',
    list([
      `the detector \`current\`: ${JSON.stringify(settings)}, the analysed width being that of the pictures`,
      'pictures decoded, made grey and brought to size by OpenCV beforehand, the same ones for all; at 1920x1080 they ' +
        'are enlarged',
      'a picture counts from its luma in the memory of Node.js or of Python to the decision and, where there is ' +
        'motion, the boxes of all contours: the kernel copies the picture, and follows borders without keeping their ' +
        'points; OpenCV blurs, subtracts, thresholds, dilates, erodes, counts, finds contours and their boxes, called ' +
        'from Python on one thread (`setNumThreads(1)`)',
      `in turn on chunks of ${PICTURES_PER_CHUNK} pictures, the first chunk for warming up; figures are medians of the ` +
        'chunks’ medians in microseconds, the ratio the median of the ratios of kernel to OpenCV chunk by chunk, ' +
        'with the least and greatest',
      'adaptive: the detector of that name in the kernel, at the same sizes; OpenCV has no equal, so it is compared ' +
        'with `current` there',
    ]),
    '## Results',
    [
      '| pictures | kernel | plain | adaptive | OpenCV | opencv-js | kernel / OpenCV | adaptive / OpenCV |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ]
      .concat(cases.map(formatCase))
      .join('\n'),
    '',
  ].join('\n\n');
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function givenClips(given: readonly string[]): readonly string[] {
  if (given.length > 0) return given;
  const found = existsSync(FOOTAGE) ? readdirSync(FOOTAGE) : [];
  const clips = found.filter((name) => /\.(avi|mp4)$/.test(name)).map((name) => join(FOOTAGE, name));
  if (clips.length === 0) throw new Error('usage: npm run bench:kernel -- CLIP...');
  return clips;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { chunks: { type: 'string', default: '9' } },
  });
  using peer = OpenCvPeer.start();
  const { opencv, python, cpu } = await peer.versions();
  const setup = [
    ...describeMachine(),
    `OpenCV ${opencv} (${cpu}), Python ${python}`,
    new Date().toISOString().slice(0, 10),
  ];
  const cases: Case[] = [];
  for (const clip of givenClips(positionals)) {
    for (const size of SIZES) cases.push(await measureCase(peer, clip, size, Number(values.chunks)));
  }
  const markdown = formatReport(cases, setup, DIFFERENCE_PRESETS.current);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, 'kernel.md'), markdown);
  await writeFile(join(RESULTS, 'kernel.json'), `${JSON.stringify({ setup, cases }, null, 2)}\n`);
  process.stdout.write(markdown);
}

await main();
