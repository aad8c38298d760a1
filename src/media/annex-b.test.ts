import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitAnnexB } from './annex-b.ts';

test('splits at start codes of three and four bytes and leaves padding out', () => {
  const stream = Uint8Array.of(0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 0, 0, 1, 0x65, 0, 0, 3, 0);
  expect(splitAnnexB(stream).map((nal) => [...nal])).toEqual([
    [0x67, 1],
    [0x68, 2],
    [0x65, 0, 0, 3],
  ]);
  expect(splitAnnexB(Uint8Array.of(1, 2, 3))).toEqual([]);
});

test('finds each start code, wherever it is', () => {
  const bytes = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 60 });
  fc.assert(
    fc.property(bytes, (stream) => {
      const [, ...units] = stream.join('').split('001');
      const expected = units.map((unit) => Array.from(unit.replace(/0+$/, ''), Number));
      expect(splitAnnexB(Uint8Array.from(stream)).map((nal) => [...nal])).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
