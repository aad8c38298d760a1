import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatJson, formatLine, plainEntry, type LogEntry } from './log-lines.ts';
import { parseLogLine } from './parse-log-line.ts';

const ENTRY: LogEntry = {
  wallMs: Date.UTC(2026, 10, 28, 7, 5, 9, 42),
  level: 'warn',
  message: 'no picture since [then]: waiting',
  fields: { camera: 'Front door', seconds: 3, reason: 'timed out', file: 'a.mp4' },
};
const READ = {
  wallMs: ENTRY.wallMs,
  level: 'warn',
  camera: 'Front door',
  text: 'no picture since [then]: waiting seconds=3 reason="timed out" file=a.mp4',
};
const plain = plainEntry(ENTRY, (text) => text);

describe('parseLogLine', () => {
  test('reads both formats alike', () => {
    expect(parseLogLine(formatLine(plain))).toEqual(READ);
    expect(parseLogLine(formatJson(plain))).toEqual(READ);
  });

  test('reads lines without a camera', () => {
    const line = formatLine({ ...plain, level: 'error', fields: {} });
    expect(parseLogLine(line)).toMatchObject({ level: 'error', camera: undefined, text: plain.message });
  });

  test('takes a line that is neither for text', () => {
    for (const line of ['', 'Error: no', '    at x (y.js:1)', '{"time":"2026', '{"level":"info"}', '{}'])
      expect(parseLogLine(line)).toEqual({
        wallMs: undefined,
        level: undefined,
        camera: undefined,
        text: line,
      });
  });

  test('never throws, whatever stands in a line', () => {
    fc.assert(fc.property(fc.string(), (line) => void parseLogLine(line)));
    fc.assert(fc.property(fc.json(), (line) => void parseLogLine(line)));
  });
});
