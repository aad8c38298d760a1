import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redactCredentials } from './redact.ts';
import { RotatingLog, type ConsoleStream, type RotatingLogOptions } from './rotating-log.ts';
import { SimulatedClock } from './simulated-clock.ts';

let folder: string;
let clock: SimulatedClock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-log-'));
  clock = new SimulatedClock();
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function options(changes: Partial<RotatingLogOptions> = {}): RotatingLogOptions {
  return {
    path: join(folder, 'preroll.log'),
    level: 'info',
    maxSizeBytes: 65_536,
    count: 3,
    format: 'lines',
    console: undefined,
    clock,
    redact: redactCredentials,
    ...changes,
  };
}

class FakeConsole implements ConsoleStream {
  text = '';
  readonly isTTY: boolean;
  writableLength = 0;
  readonly listeners = new Set<() => void>();

  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }

  on(_: 'error', listener: () => void): void {
    this.listeners.add(listener);
  }

  off(_: 'error', listener: () => void): void {
    this.listeners.delete(listener);
  }
}

async function readLines(name: string): Promise<string[]> {
  const text = await readFile(join(folder, name), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

const numberOf = (line: string) => Number(/line (\d+)/.exec(line)?.[1]);

describe('RotatingLog', () => {
  test('rotates under load without losing, splitting or doubling a line, within size and count', async () => {
    {
      await using log = new RotatingLog(options());
      for (let number = 0; number < 20_000; number += 1) {
        log.info(`line ${number} ${'x'.repeat(number % 97)}`);
        if (number % 777 === 0) await new Promise(setImmediate);
      }
    }
    const names = (await readdir(folder)).toSorted((a, b) => a.localeCompare(b));
    expect(names).toEqual(['preroll.log', 'preroll.log.1', 'preroll.log.2', 'preroll.log.3']);
    const numbers: number[] = [];
    for (const name of names.toReversed()) {
      expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(65_536);
      numbers.push(...(await readLines(name)).map(numberOf));
    }
    expect(numbers.at(-1)).toBe(19_999);
    const first = numbers[0] ?? Number.NaN;
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => first + index));
    // Three full files and part of one: full means that the next line, at most 150 bytes, would not have fitted.
    for (const name of names.slice(1)) expect((await stat(join(folder, name))).size).toBeGreaterThan(65_386);
  });

  test('keeps every line when the count suffices', async () => {
    {
      await using log = new RotatingLog(options({ count: 100 }));
      for (let number = 0; number < 20_000; number += 1) log.info(`line ${number}`);
    }
    const names = await readdir(folder);
    const inOrder = names.toSorted((a, b) => rotationOf(b) - rotationOf(a));
    const numbers: number[] = [];
    for (const name of inOrder) numbers.push(...(await readLines(name)).map(numberOf));
    expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, index) => index));
  });

  test('goes on in the file of the run before, and removes files beyond a lowered count', async () => {
    for (const run of [1, 2]) {
      await using log = new RotatingLog(options());
      log.info(`line ${run}`);
    }
    expect((await readLines('preroll.log')).map(numberOf)).toEqual([1, 2]);
    await Promise.all(
      ['1', '4', '20', 'bak', '04'].map((end) => writeFile(join(folder, `preroll.log.${end}`), '')),
    );
    {
      await using log = new RotatingLog(options());
      log.info('line 3');
    }
    expect((await readdir(folder)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'preroll.log',
      'preroll.log.04',
      'preroll.log.1',
      'preroll.log.bak',
    ]);
  });

  test('starts the only file anew with a count of 0', async () => {
    {
      await using log = new RotatingLog(options({ count: 0 }));
      for (let number = 0; number < 2_000; number += 1) log.info(`line ${number}`);
    }
    expect(await readdir(folder)).toEqual(['preroll.log']);
    expect((await readLines('preroll.log')).map(numberOf).at(-1)).toBe(1_999);
  });

  test('cuts a line that is longer than a file, between two characters', async () => {
    {
      await using log = new RotatingLog(options({ maxSizeBytes: 1_000 }));
      log.info('ü'.repeat(3_000));
      log.info('line 2');
    }
    expect((await stat(join(folder, 'preroll.log.1'))).size).toBeLessThanOrEqual(1_000);
    const [long] = await readLines('preroll.log.1');
    expect(long).toMatch(/ü$/);
    expect((await readLines('preroll.log')).map(numberOf)).toEqual([2]);
  });

  test('drops lines below its level, and adds the fields of with', async () => {
    {
      await using log = new RotatingLog(options({ level: 'warn' }));
      const camera = log.with({ camera: 'yard' }).with({ run: 7 });
      camera.debug('a');
      camera.info('b');
      camera.warn('c', { lost: 3 });
      camera.error('d');
    }
    const lines = await readLines('preroll.log');
    expect(lines.map((line) => line.slice(24))).toEqual([
      'WARN  [yard] c run=7 lost=3',
      'ERROR [yard] d run=7',
    ]);
  });

  test('copies lines to the console, in colour on a terminal only', async () => {
    const plain = new FakeConsole();
    const terminal = new FakeConsole(true);
    for (const console of [plain, terminal]) {
      await using log = new RotatingLog(options({ console }));
      log.info('fine');
      log.error('bad rtsp://a:hunter2@c/d');
    }
    expect(plain.text).not.toContain('\u001B');
    const [fine, bad] = terminal.text.split('\n');
    expect(fine?.slice(24)).toBe('INFO  fine');
    expect(bad?.startsWith('\u001B[31m2')).toBe(true);
    expect(bad?.slice(29)).toBe('ERROR bad rtsp://a:***@c/d\u001B[0m');
    expect(terminal.listeners.size).toBe(0);
    expect(await readFile(join(folder, 'preroll.log'), 'utf8')).not.toContain('hunter2');
  });

  test('stops copying to a console that is gone or does not read', async () => {
    const console = new FakeConsole();
    await using log = new RotatingLog(options({ console }));
    console.writableLength = 2 ** 21;
    log.info('unread');
    console.writableLength = 0;
    for (const listener of console.listeners) listener();
    log.info('gone');
    expect(console.text).toBe('');
  });

  test('tells a console that reads again how much it has not got', async () => {
    const console = new FakeConsole();
    await using log = new RotatingLog(options({ console }));
    console.writableLength = 2 ** 21;
    for (const name of ['a', 'b', 'c']) log.info(name);
    console.writableLength = 2 ** 19;
    for (const name of ['d', 'e']) log.info(name);
    const lines = console.text.split('\n').map((line) => line.slice(24));
    const path = join(folder, 'preroll.log');
    expect(lines).toEqual([
      `WARN  lines were left out here; the file has them lines=3 path=${path}`,
      'INFO  d',
      'INFO  e',
      '',
    ]);
  });

  test('writes JSON lines', async () => {
    {
      await using log = new RotatingLog(options({ format: 'json' }));
      log.with({ camera: 'yard' }).info('a\nb', { port: 554 });
    }
    const [line = ''] = await readLines('preroll.log');
    expect(JSON.parse(line)).toEqual({
      time: '2026-01-01T00:00:00.000Z',
      level: 'info',
      message: 'a\nb',
      camera: 'yard',
      port: 554,
    });
  });

  test('survives a path that cannot be written, tells it once, and writes the waiting lines when it can', async () => {
    const console = new FakeConsole();
    const path = join(folder, 'logs', 'preroll.log');
    await writeFile(join(folder, 'logs'), 'not a folder');
    {
      await using log = new RotatingLog(options({ path, console }));
      log.info('line 1');
      await until(() => console.text.includes('cannot be written'));
      log.info('line 2');
      await rm(join(folder, 'logs'));
      await clock.advance(1_000);
      log.info('line 3');
    }
    expect(console.text.match(/cannot be written/g)).toHaveLength(1);
    const text = await readFile(path, 'utf8');
    expect(text.trimEnd().split('\n').map(numberOf)).toEqual([1, 2, 3]);
  });

  test('counts the lines that a dead disk made it drop', async () => {
    const path = join(folder, 'logs', 'preroll.log');
    await writeFile(join(folder, 'logs'), 'not a folder');
    {
      await using log = new RotatingLog(options({ path, maxSizeBytes: 2 ** 20, count: 20 }));
      for (let number = 0; number < 3_000; number += 1) log.info(`line ${number} ${'x'.repeat(4_000)}`);
      await rm(join(folder, 'logs'));
      await mkdir(join(folder, 'logs'));
    }
    const names = await readdir(join(folder, 'logs'));
    const texts = await Promise.all(names.map((name) => readFile(join(folder, 'logs', name), 'utf8')));
    const lines = texts.flatMap((text) => text.trimEnd().split('\n'));
    const lost = Number(/log lines were lost lines=(\d+)/.exec(lines.join('\n'))?.[1]);
    expect(lost).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(' line ')).length + lost).toBe(3_000);
  });

  test('does nothing after it was disposed, and may be disposed twice', async () => {
    const log = new RotatingLog(options());
    log.info('line 1');
    await log[Symbol.asyncDispose]();
    log.info('line 2');
    await log[Symbol.asyncDispose]();
    expect((await readLines('preroll.log')).map(numberOf)).toEqual([1]);
  });
});

function rotationOf(name: string): number {
  return Number(/\.(\d+)$/.exec(name)?.[1] ?? 0);
}

/** Lets real I/O go on until it has had its effect. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate);
}
