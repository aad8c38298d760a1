import { expect, test } from 'vitest';
import { makePicture, makeSound } from '../media/testing/make-packet.ts';
import type { Packet } from '../media/packet.ts';
import { oriented } from './oriented.ts';
import type { PacketSource } from './stream.ts';

const packets: readonly Packet[] = [makePicture(0), makeSound(0), makePicture(40, { isKey: false })];
const source: PacketSource = {
  play: async (onPacket) => packets.forEach((packet) => onPacket(packet, 7)),
  [Symbol.asyncDispose]: async () => {},
};

async function played(one: PacketSource): Promise<readonly (readonly [Packet, number | undefined])[]> {
  const taken: (readonly [Packet, number | undefined])[] = [];
  await one.play((packet, ageMs) => void taken.push([packet, ageMs]), new AbortController().signal);
  return taken;
}

test('gives pictures one track that says how they are to be shown, and leaves sound alone', async () => {
  const orientation = { turnDegrees: 90, isMirrored: false } as const;
  const taken = await played(oriented(source, orientation));
  expect(taken.map(([{ track }]) => ('orientation' in track ? track.orientation : undefined))).toEqual([
    orientation,
    undefined,
    orientation,
  ]);
  expect(taken[0]?.[0].track).toBe(taken[2]?.[0].track);
  expect(taken.map(([, ageMs]) => ageMs)).toEqual([7, 7, 7]);
});

test('is the source itself where pictures are shown as they come', () => {
  expect(oriented(source, undefined)).toBe(source);
});
