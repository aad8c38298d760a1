import { expect, test } from 'vitest';
import { writeFully } from './write-fully.ts';

/** Takes so many bytes at a time. */
function takes(most: number) {
  const written: [string, number | null][] = [];
  const write = async (bytes: Uint8Array, offset: number, length: number, position: number | null) => {
    const bytesWritten = Math.min(most, length);
    written.push([Buffer.from(bytes.subarray(offset, offset + bytesWritten)).toString(), position]);
    return { bytesWritten, buffer: bytes };
  };
  // All that is called of it.
  return { written, handle: { write } as unknown as Parameters<typeof writeFully>[0] };
}

test('writes what the system leaves over again, each behind what it took', async () => {
  const { written, handle } = takes(4);
  await writeFully(handle, Buffer.from('0123456789'), 100);
  expect(written).toEqual([
    ['0123', 100],
    ['4567', 104],
    ['89', 108],
  ]);
});

test('ends at a file system that takes nothing', async () => {
  const { written, handle } = takes(0);
  await expect(writeFully(handle, Buffer.from('01'), null)).rejects.toThrow('took none of what was written');
  expect(written).toHaveLength(1);
});
