import { beforeEach, expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { withLengths } from '../media/coded-picture.ts';
import { makePicture, makeSound } from '../media/testing/make-packet.ts';
import type { PictureOrder } from '../picture/messages.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { MEDIA_START_MS, PretendedLink, record } from './testing/pretended-link.ts';

const never = new AbortController().signal;
let clock: SimulatedClock;
let link: PretendedLink;
let orders: PictureOrder[];

beforeEach(() => {
  clock = new SimulatedClock();
  link = new PretendedLink();
  orders = [];
});

function take(signal = never) {
  const pictures = {
    make: async (order: PictureOrder) => {
      orders.push(order);
      return Uint8Array.of(7);
    },
  };
  const watched = { camera: 'yard', stream: 'main' } as const;
  return takeSnapshot({ watched, maxWidthPx: 500, link, pictures, clock }, signal);
}

test('is made of the GOP so far, and leaves the stream alone after it', async () => {
  const taken = take();
  link.stream.tell({ kind: 'run' });
  for (const ms of [0, 40, 80]) link.stream.tell(record(makePicture(ms, { isKey: ms === 0 })));
  link.stream.tell(record(makeSound(90)));
  link.stream.tell({ kind: 'caught-up' });
  expect(link.stream.isOver).toBe(true);
  expect(await taken).toEqual({ jpeg: Uint8Array.of(7), wallMs: MEDIA_START_MS + 80 });
  expect(orders).toMatchObject([
    { maxWidthPx: 500, packets: [{ isKey: true }, { isKey: false }, { isKey: false }] },
  ]);
});

test('is made of the GOP before as well where pictures are refreshed stripe by stripe', async () => {
  const taken = take();
  const recoveryPoint = Uint8Array.of(0x06, 6, 2, 0x09, 0xc4, 0x80);
  const data = withLengths([recoveryPoint, Uint8Array.of(0x41, 0x9a, 1)]);
  link.stream.tell({ kind: 'run' });
  for (const ms of [0, 40, 80, 120]) {
    const isKey = ms % 80 === 0;
    link.stream.tell(record({ ...makePicture(ms, { isKey }), ...(isKey ? { data } : {}) }));
  }
  link.stream.tell({ kind: 'caught-up' });
  await taken;
  expect(orders[0]?.packets).toHaveLength(4);
});

test('waits for the first key picture of a camera that is just connecting', async () => {
  const taken = take();
  link.stream.tell({ kind: 'caught-up' });
  await clock.advance(3_000);
  link.stream.tell({ kind: 'run' });
  link.stream.tell(record(makePicture(0)));
  expect(await taken).toMatchObject({ wallMs: MEDIA_START_MS });
});

test('fails for a camera that sends nothing, and when it is not wanted any more', async () => {
  const taken = expect(take()).rejects.toMatchObject({ kind: 'no-picture' });
  link.stream.tell({ kind: 'caught-up' });
  link.stream.tell({ kind: 'away', reason: 'no route' });
  await clock.advance(6_000);
  await taken;
  const aborting = new AbortController();
  const aborted = expect(take(aborting.signal)).rejects.toThrow('enough');
  aborting.abort(new Error('enough'));
  await aborted;
});
