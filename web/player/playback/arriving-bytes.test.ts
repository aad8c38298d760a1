import { expect, it } from 'vitest';
import { ArrivingBytes } from './arriving-bytes.ts';

function pieces(...lengths: readonly number[]) {
  const asked: number[] = [];
  let isOver = false;
  const source = async function* () {
    try {
      for (const [i, length] of lengths.entries()) {
        asked.push(i);
        yield new Uint8Array(length).fill(i + 1);
      }
    } finally {
      isOver = true;
    }
  };
  return { asked, source: source(), isOver: () => isOver };
}

it('takes no more pieces than it needs to reach what is asked for', async () => {
  const { asked, source, isOver } = pieces(3, 3, 3);
  const arriving = new ArrivingBytes(source, 20);
  expect(await arriving.reach(4)).toBe(true);
  expect(asked).toEqual([0, 1]);
  expect(await arriving.reach(6)).toBe(true);
  expect(asked).toEqual([0, 1]);
  expect([...arriving.bytes.subarray(0, 7)]).toEqual([1, 1, 1, 2, 2, 2, 0]);
  await arriving.end();
  expect(isOver()).toBe(true);
  expect(asked).toEqual([0, 1]);
});

it('tells where they end before', async () => {
  const arriving = new ArrivingBytes(pieces(3).source, 20);
  expect(await arriving.reach(4)).toBe(false);
  expect(await arriving.reach(3)).toBe(true);
});

it('takes what has room, whatever comes', async () => {
  const arriving = new ArrivingBytes(pieces(3, 5).source, 4);
  expect(await arriving.reach(9)).toBe(false);
  expect([...arriving.bytes]).toEqual([1, 1, 1, 2]);
});

it('fails as what it takes from does', async () => {
  const failing = async function* (): AsyncGenerator<Uint8Array, void> {
    yield Uint8Array.of(1);
    throw new Error('the link broke');
  };
  await expect(new ArrivingBytes(failing(), 4).reach(2)).rejects.toThrow('the link broke');
});
