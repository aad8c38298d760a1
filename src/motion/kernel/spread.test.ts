import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BitMask } from '../bit-mask.ts';
import { dilate, erode } from '../morphology.ts';
import { Kernel } from './kernel.ts';
import { anyMask } from './testing/any-mask.ts';
import { MaskPlanes } from './testing/mask-planes.ts';
import { KERNEL_FILE } from './testing/kernel-file.ts';

const kernel = Kernel.load(KERNEL_FILE);
const radius = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 127 }));

function bytesOf({ words }: BitMask): Uint8Array {
  return new Uint8Array(words.buffer);
}

describe('dilate, erode and countMarked of the kernel', () => {
  it('equal the plain ones', () => {
    fc.assert(
      fc.property(anyMask, radius, radius, (mask, grow, shrink) => {
        using planes = new MaskPlanes(kernel, mask);
        kernel.run.dilate(planes.address, grow);
        dilate(mask, grow);
        expect(Buffer.compare(bytesOf(planes.mask.read()), bytesOf(mask))).toBe(0);
        kernel.run.erode(planes.address, shrink);
        erode(mask, shrink);
        expect(Buffer.compare(bytesOf(planes.mask.read()), bytesOf(mask))).toBe(0);
        expect(kernel.run.countMarked(planes.address)).toBe(mask.count());
      }),
      { numRuns: 1_000 },
    );
  });
});
