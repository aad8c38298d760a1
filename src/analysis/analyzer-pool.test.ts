import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { monotonicMs, wallMs } from '../base/time.ts';
import { PLAIN_ENCODING } from '../config/resolve-reencode.ts';
import type { Fallback } from '../db/records.ts';
import { startRun } from '../media/run.ts';
import { makePicture } from '../media/testing/make-packet.ts';
import { WHOLE_PICTURE } from '../motion/areas.ts';
import { DIFFERENCE_PRESETS } from '../motion/difference-settings.ts';
import { AnalyzerPool } from './analyzer-pool.ts';

/** An analyzer that logs what it is told. */
const PROGRAM = `
process.on('message', ({ type }) => {
  if (type === 'stop') process.exit(0);
  process.send([{ type: 'log', level: 'info', message: 'told ' + type, fields: {} }]);
});
process.on('disconnect', () => process.exit(0));
`;

/** An analyzer that says what it is told of a fallback, and tells of one. */
const FALLING_BACK = `
process.on('message', ({ type, watch }) => {
  if (type === 'stop') process.exit(0);
  const fallback = { reason: 'no RTSP', sinceWallMs: 1e12, triedWallMs: 1e12 };
  const message = 'told ' + (watch.source.fallback?.reason ?? 'nothing');
  process.send([
    { type: 'fell-back', camera: 'yard', fallback },
    { type: 'log', level: 'info', message, fields: {} },
  ]);
});
process.on('disconnect', () => process.exit(0));
`;

const run = startRun(1, 0, { wall: wallMs(1e12), monotonic: monotonicMs(0) });
const watch = {
  camera: 'yard',
  source: { kind: 'forwarded' },
  rateFps: 5,
  detector: DIFFERENCE_PRESETS.current,
  areas: WHOLE_PICTURE,
} as const;
const listener = {
  sample: () => undefined,
  cost: () => undefined,
  fellBack: () => undefined,
  forgotFallback: () => undefined,
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-analyzer-pool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A log that can be waited for. */
class HeardLog implements Log {
  #unread: string[] = [];
  #wake: () => void = () => undefined;

  debug(): void {}

  info(message: string): void {
    this.#unread.push(message);
    this.#wake();
  }

  warn(message: string): void {
    this.info(message);
  }

  error(message: string): void {
    this.info(message);
  }

  with(): Log {
    return this;
  }

  /** Reads on to the next line that begins so. @returns the lines read. */
  async until(beginning: string): Promise<string[]> {
    for (;;) {
      const index = this.#unread.findIndex((line) => line.startsWith(beginning));
      if (index >= 0) return this.#unread.splice(0, index + 1);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

test('a new analyzer learns of the track and the pictures since the last key picture, whenever they came', async () => {
  const program = join(folder, 'analyzer.mjs');
  await writeFile(program, PROGRAM);
  const log = new HeardLog();
  await using pool = new AnalyzerPool({ processCount: 1, program, clock: systemClock, log });
  const handle = pool.watch(watch, listener);
  // There is no process yet to take this one.
  handle.forward(makePicture(0), run);
  expect(await log.until('told packet')).toEqual(['told watch', 'told track', 'told packet']);

  const [pid] = pool.pids;
  if (pid === undefined) throw new Error('no analyzer runs');
  process.kill(pid, 'SIGKILL');
  await log.until('analyzer 1 was ended by SIGKILL');
  // Nor this one, in the time before the next process.
  handle.forward(makePicture(40), run);
  expect(await log.until('told packet')).toEqual(['told watch', 'told track', 'told packet']);
  handle.playing();
  expect(await log.until('told playing')).toEqual(['told playing']);
});

test('analyzers are told whether somebody looks at a camera, a new one too', async () => {
  const program = join(folder, 'analyzer.mjs');
  await writeFile(program, PROGRAM);
  const log = new HeardLog();
  await using pool = new AnalyzerPool({ processCount: 1, program, clock: systemClock, log });
  const first = pool.attend('yard');
  const second = pool.attend('yard');
  pool.watch(watch, listener);
  expect(await log.until('told attend')).toEqual(['told watch', 'told attend']);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  const [pid] = pool.pids;
  if (pid === undefined) throw new Error('no analyzer runs');
  process.kill(pid, 'SIGKILL');
  await log.until('analyzer 1 was ended by SIGKILL');
  expect(await log.until('told attend')).toEqual(['told watch', 'told attend']);
  second[Symbol.dispose]();
  expect(await log.until('told attend')).toEqual(['told attend']);
});

test('a new analyzer knows from the start that FFmpeg reads a stream', async () => {
  const program = join(folder, 'analyzer.mjs');
  await writeFile(program, FALLING_BACK);
  const log = new HeardLog();
  const fallback = { reason: 'no RTSP', sinceWallMs: wallMs(1e12), triedWallMs: wallMs(1e12) };
  const told: Fallback[] = [];
  await using pool = new AnalyzerPool({ processCount: 1, program, clock: systemClock, log });
  pool.watch(
    {
      ...watch,
      source: {
        kind: 'own',
        address: { url: 'rtsp://127.0.0.1/sub', input: { kind: 'rtsp' } },
        engine: 'auto',
        fallback: undefined,
        transport: 'tcp',
        encoding: { reencode: PLAIN_ENCODING, camera: 'yard', timeZone: 'utc' },
        orientation: undefined,
        sourceProgram: '',
      },
    },
    { ...listener, fellBack: (one) => void told.push(one) },
  );
  expect(await log.until('told')).toEqual(['told nothing']);
  expect(told).toEqual([fallback]);
  const [pid] = pool.pids;
  if (pid === undefined) throw new Error('no analyzer runs');
  process.kill(pid, 'SIGKILL');
  await log.until('analyzer 1 was ended by SIGKILL');
  expect(await log.until('told')).toEqual(['told no RTSP']);
});
