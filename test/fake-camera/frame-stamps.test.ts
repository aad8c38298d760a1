import { expect, test } from 'vitest';
import { wallMs } from '../../src/base/time.ts';
import { stampUnit } from '../../src/demo/frame-stamp.ts';
import { OBU, readObus } from '../../src/media/obu.ts';
import { findStamps, reportStamps } from './frame-stamps.ts';

function recorded(numbers: readonly number[], stream = 'yard/main'): Buffer {
  return Buffer.concat(
    numbers.flatMap((number) => [
      Buffer.from([0, 0, 0, 9, 0x65, 1, 2, 3]),
      stampUnit('h264', { stream, number, wallMs: wallMs(1_700_000_000_123), frame: number % 900 }),
    ]),
  );
}

test('finds each stamp among other bytes with all that it says', () => {
  expect(findStamps(recorded([901]))).toEqual([
    { stream: 'yard/main', number: 901, wallMs: 1_700_000_000_123, frame: 1 },
  ]);
});

test('finds the stamps of H.265 and of cameras whose names have spaces', () => {
  const nal = stampUnit('h265', { stream: 'front yard/sub', number: 1, wallMs: wallMs(0), frame: 0 });
  expect([...nal.subarray(0, 3)]).toEqual([0x4e, 1, 5]);
  expect(findStamps(nal).map(({ stream }) => stream)).toEqual(['front_yard/sub']);
});

test('finds the stamps of AV1, in metadata that decoders pass over', () => {
  const obu = stampUnit('av1', { stream: 'yard/main', number: 7, wallMs: wallMs(0), frame: 3 });
  const [unit, ...others] = readObus(obu);
  expect(unit?.type).toBe(OBU.metadata);
  expect(others).toEqual([]);
  expect(findStamps(obu)).toMatchObject([{ number: 7, frame: 3 }]);
});

test('never holds bytes that a start code or emulation prevention could be mistaken for', () => {
  const nal = stampUnit('h264', { stream: 'yard/main', number: 0, wallMs: wallMs(0), frame: 0 });
  expect(nal.includes(0)).toBe(false);
  expect(nal[2]).toBe(nal.length - 4);
});

test('reports what is missing, doubled and out of order, for each stream', () => {
  const bytes = Buffer.concat([recorded([3, 4, 6, 7, 7, 5, 10]), recorded([1, 2], 'yard/sub')]);
  const report = reportStamps(findStamps(bytes));
  expect(report.get('yard/main')).toEqual({
    frames: 7,
    first: 3,
    last: 10,
    missing: [8, 9],
    duplicated: 1,
    reordered: 1,
  });
  expect(report.get('yard/sub')).toEqual({
    frames: 2,
    first: 1,
    last: 2,
    missing: [],
    duplicated: 0,
    reordered: 0,
  });
});
