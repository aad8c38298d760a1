import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { makePicture, makeSound, testAudioTrack, testVideoTrack } from './testing/make-packet.ts';
import {
  encodeNotice,
  encodePacketHead,
  encodeTrack,
  PacketRecordReader,
  type PacketRecord,
} from './packet-records.ts';

const picture = makePicture(1_000, { sizeBytes: 3_000 });
const sound = makeSound(1_010);
const bytes = Buffer.concat([
  encodeNotice({ kind: 'run' }),
  encodeTrack(testVideoTrack),
  encodePacketHead(picture, wallMs(1e12 + 0.25)),
  picture.data,
  encodeTrack(testAudioTrack),
  encodePacketHead(sound, wallMs(1e12 + 10)),
  sound.data,
  encodeNotice({ kind: 'caught-up' }),
  encodeNotice({ kind: 'dropped', pictures: 70 }),
  encodeNotice({ kind: 'away', reason: 'the camera went to fetch über' }),
]);

function read(pieces: readonly Uint8Array[]): PacketRecord[] {
  const records: PacketRecord[] = [];
  const reader = new PacketRecordReader((record) => records.push(record));
  for (const piece of pieces) reader.feed(piece);
  return records;
}

const expected: PacketRecord[] = [
  { kind: 'run' },
  { kind: 'packet', packet: { ...picture, data: Buffer.from(picture.data) }, wallMs: wallMs(1e12 + 0.25) },
  { kind: 'packet', packet: { ...sound, data: Buffer.from(sound.data) }, wallMs: wallMs(1e12 + 10) },
  { kind: 'caught-up' },
  { kind: 'dropped', pictures: 70 },
  { kind: 'away', reason: 'the camera went to fetch über' },
];

/** Tracks with their parameter sets as plain numbers: how views are made does not matter. */
const plain = (records: readonly PacketRecord[]) =>
  JSON.stringify(records, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  );

describe('PacketRecordReader', () => {
  test('reads what was written, however it is cut into pieces', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.byteLength }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (at) => {
        const ends = [...at.toSorted((a, b) => a - b), bytes.byteLength];
        const pieces = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
        expect(plain(read(pieces))).toBe(plain(expected));
      }),
    );
  });

  test('reads what comes a byte at a time', () => {
    expect(plain(read(Array.from(bytes, (byte) => Uint8Array.of(byte))))).toBe(plain(expected));
  });

  test('tells packets of one track with one track object', () => {
    const twice = Buffer.concat([
      encodeTrack(testVideoTrack),
      ...[picture, picture].flatMap((packet) => [encodePacketHead(packet, wallMs(0)), packet.data]),
    ]);
    const [first, second] = read([twice]).map((record) =>
      record.kind === 'packet' ? record.packet.track : undefined,
    );
    expect(first).toBeDefined();
    expect(first).toBe(second);
  });

  test.each([
    ['a packet of no track', Buffer.concat([encodePacketHead(picture, wallMs(0)), picture.data])],
    ['a track that is none', Buffer.of(0, 0, 0, 3, 1, 0xff, 0xff)],
    ['an unknown kind', Buffer.of(0, 0, 0, 1, 99)],
    ['a record without kind', Buffer.of(0, 0, 0, 0, 1)],
    ['a record without end', Buffer.of(0xff, 0xff, 0xff, 0xff, 2)],
  ])('refuses %s', (_, garbage) => {
    expect(() => read([garbage])).toThrow('reading packets: expected');
  });
});
