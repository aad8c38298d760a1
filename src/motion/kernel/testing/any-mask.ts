import fc from 'fast-check';
import { renderMask } from '../../../../test/goldens/scene.ts';
import { BitMask } from '../../bit-mask.ts';

/** Masks of few and many marked pixels, also wider than two vectors. */
export const anyMask: fc.Arbitrary<BitMask> = fc
  .tuple(
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 1, max: 40 }),
    fc.nat(),
    fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 1000 })),
  )
  .map(([widthPx, heightPx, seed, permille]) =>
    BitMask.fromBytes(widthPx, heightPx, renderMask(widthPx, heightPx, seed, permille)),
  );

/** A mask drawn with `#` for marked pixels. */
export function draw(...rows: string[]): BitMask {
  const bytes = Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0));
  return BitMask.fromBytes(rows[0]?.length ?? 0, rows.length, bytes);
}
