import { expect, test } from 'vitest';
import type { CameraStatus } from '../app/camera-status.ts';
import type { ConsoleStream } from '../base/rotating-log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { StatusLine, statusText } from './status-line.ts';

function status(camera: string, kind: 'playing' | 'waiting', isRecording = false): CameraStatus {
  const stream = kind === 'playing' ? { kind, sinceMs: 0 } : { kind, reason: 'refused' };
  return {
    camera,
    stream,
    mode: 'motion',
    isRecording,
    failure: undefined,
    held: [],
    event: undefined,
    video: undefined,
    audio: undefined,
    hasSub: false,
    fallbacks: [],
    analysis: undefined,
  };
}

test('tells cameras in trouble first, then those that record', () => {
  const cameras = [status('a', 'playing'), status('b', 'playing', true), status('c', 'waiting')];
  expect(statusText(cameras, 0)).toBe('c: away  |  b: ● recording  |  a: watching');
});

test('tells a camera whose footage cannot be written as one in trouble', () => {
  const failing = { ...status('b', 'playing', true), failure: 'could not write a new file: ENOSPC' };
  expect(statusText([status('a', 'playing', true), failing], 0)).toBe(
    'b: cannot be written  |  a: ● recording',
  );
});

test('does not say that a camera is watched whose mode looks for no motion', () => {
  expect(statusText([{ ...status('a', 'playing'), mode: 'off' }], 0)).toBe('a: off');
});

test('keeps log lines above itself and leaves a clean line behind', async () => {
  const written: string[] = [];
  const terminal = {
    writableLength: 0,
    columns: 40,
    write: (text: string) => written.push(text),
    on: () => undefined,
    off: () => undefined,
  } satisfies ConsoleStream & { columns: number };
  const clock = new SimulatedClock();
  const line = new StatusLine({ terminal, clock, status: () => [status('yard', 'playing')] });
  line.start();
  line.console.write('a log line\n');
  await clock.advance(1_000);
  line[Symbol.dispose]();
  await clock.advance(5_000);
  const clear = '\r\u001B[2K';
  expect(written).toEqual([
    `${clear}yard: watching`,
    `${clear}a log line\nyard: watching`,
    `${clear}yard: watching`,
    clear,
  ]);
});

test('writes nothing while the terminal takes nothing', async () => {
  let written = 0;
  const terminal = {
    writableLength: 1,
    write: () => (written += 1),
    on: () => undefined,
    off: () => undefined,
  };
  const clock = new SimulatedClock();
  using line = new StatusLine({ terminal, clock, status: () => [status('yard', 'playing')] });
  line.start();
  await clock.advance(5_000);
  expect(written).toBe(0);
  terminal.writableLength = 0;
  await clock.advance(1_000);
  expect(written).toBe(1);
});
