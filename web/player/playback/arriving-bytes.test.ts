import { expect, it } from 'vitest';
import { ArrivingBytes, splitInit } from './arriving-bytes.ts';

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

/** A box of that size. */
const box = (sizeBytes: number): number[] => [
  0,
  0,
  0,
  sizeBytes,
  ...Array.from({ length: sizeBytes - 4 }, () => 0),
];

it.each([1, 7, 30, 100])(
  'parts what fragments follow from them, in pieces of %s bytes',
  async (pieceBytes) => {
    const init = [...box(12), ...box(20)];
    const all = Uint8Array.from([...init, ...box(40)]);
    let isOver = false;
    const source = async function* (): AsyncGenerator<Uint8Array, void> {
      try {
        for (let at = 0; at < all.length; at += pieceBytes) yield all.subarray(at, at + pieceBytes);
      } finally {
        isOver = true;
      }
    };
    const parted = await splitInit(source());
    expect([...parted.init]).toEqual(init);
    const rest = new ArrivingBytes(parted.rest, 40);
    expect(await rest.reach(40)).toBe(true);
    expect([...rest.bytes]).toEqual(box(40));
    await rest.end();
    expect(isOver).toBe(true);
    await expect(splitInit(pieces(3).source)).rejects.toThrow(RangeError);
  },
);
