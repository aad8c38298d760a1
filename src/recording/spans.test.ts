import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { Span } from '../db/archive-index.ts';
import { addSpan } from './spans.ts';

const spans = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 })), { maxLength: 12 });

test('added one by one in any order, spans cover what they cover, in order and apart', () => {
  fc.assert(
    fc.property(spans, (added) => {
      let whole: readonly Span[] = [];
      for (const [from, length] of added) {
        whole = addSpan(whole, { startWallMs: wallMs(from), endWallMs: wallMs(from + length) });
      }
      for (let moment = 0; moment < 90; moment += 1) {
        const isCovered = added.some(([from, length]) => from <= moment && moment < from + length);
        expect(whole.some((span) => span.startWallMs <= moment && moment < span.endWallMs)).toBe(isCovered);
      }
      for (const [at, span] of whole.entries()) {
        expect(span.startWallMs).toBeGreaterThan(whole[at - 1]?.endWallMs ?? -1);
      }
    }),
  );
});
