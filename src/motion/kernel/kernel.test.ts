import { afterEach, describe, expect, it, vi } from 'vitest';
import { expandLuma } from '../expand-luma.ts';
import { Kernel, KernelError } from './kernel.ts';
import { KERNEL_FILE } from './testing/kernel-file.ts';

afterEach(() => vi.restoreAllMocks());

describe('Kernel', () => {
  it('is unavailable where WebAssembly cannot compile it', () => {
    // Its types are those of the browser.
    const { WebAssembly } = globalThis as unknown as {
      WebAssembly: { Module: (bytes: Uint8Array) => object };
    };
    vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse() {
      throw new Error('invalid value type 0x7b');
    });
    expect(() => Kernel.load(KERNEL_FILE)).toThrow(expect.objectContaining({ kind: 'unavailable' }));
  });

  it('says when memory is exhausted, and goes on', () => {
    const kernel = Kernel.load(KERNEL_FILE);
    const allocate = (bytes: number) => kernel.allocate(() => kernel.run.allocate(bytes));
    expect(() => allocate(2 ** 31 - 1)).toThrow(KernelError);
    const block = allocate(1_000);
    kernel.bytes(block, 1_000).fill(7);
    expect(kernel.bytes(block, 1_000).every((byte) => byte === 7)).toBe(true);
  });

  it('has scratch memory that grows with what is asked for', () => {
    const kernel = Kernel.load(KERNEL_FILE);
    const small = kernel.scratch(100);
    expect(kernel.scratch(50)).toBe(small);
    kernel.bytes(kernel.scratch(5_000_000), 5_000_000).fill(1);
  });

  it('expands each value of luma as the plain table does', () => {
    const kernel = Kernel.load(KERNEL_FILE);
    const luma = Uint8Array.from({ length: 256 }, (_, y) => y);
    const expanded = new Uint8Array(256);
    expandLuma({ widthPx: 256, heightPx: 1, stride: 256, data: luma }, expanded);
    const address = kernel.scratch(256);
    kernel.bytes(address, 256).set(luma);
    kernel.run.expandLuma(address, 256);
    expect([...kernel.bytes(address, 256)]).toEqual([...expanded]);
  });
});
