import * as fc from 'fast-check';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readLines } from './read-lines.ts';

async function linesOf(pieces: readonly Uint8Array[], maxCharacters = 100): Promise<readonly string[]> {
  const lines: string[] = [];
  const from = Readable.from(pieces, { objectMode: false });
  readLines(from, maxCharacters, (line) => lines.push(line));
  await new Promise((resolve) => from.on('close', resolve));
  return lines;
}

test('lines are told whole however they come', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ü', '😀', '\n') });
  await fc.assert(
    fc.asyncProperty(text, fc.nat({ max: 20 }), async (whole, cut) => {
      const bytes = Buffer.from(whole);
      const told = await linesOf([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(told).toEqual(whole === '' ? [] : whole.replace(/\n$/, '').split('\n'));
    }),
  );
});

test('a line without an end is cut, and so is none after it', async () => {
  const pieces = ['begun, ', 'and on and on', ' and on', '\r\nnext\r\n'].map((text) => Buffer.from(text));
  expect(await linesOf(pieces, 10)).toEqual(['begun, and', 'next']);
});
