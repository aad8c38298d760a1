import { expect, test } from 'vitest';
import { AV1_HEADERS } from './testing/av1-headers.ts';
import { inspectTemporalUnit, packetUnits } from './temporal-unit.ts';

const SEQUENCE = AV1_HEADERS.main.bytes;
const METADATA = Uint8Array.of(0x2a, 2, 6, 0x80);
/** Frame headers: show_existing_frame, frame_type, show_frame, and what else stands in their first byte. */
const SHOWN_KEY = frame(0b0001_0000);
const HIDDEN_KEY = frame(0b0000_0000);
const INTER = frame(0b0011_0000);
const INTRA_ONLY = frame(0b0101_0000);
const EXISTING = Uint8Array.of(0x1a, 1, 0b1000_0000);

function frame(first: number): Uint8Array {
  return Uint8Array.of(0x32, 3, first, 1, 2);
}

function unit(...obus: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(obus.flatMap((obu) => [...obu]));
}

test('begins with a key picture only where its first frame is a shown key frame', () => {
  const keys = [SHOWN_KEY, HIDDEN_KEY, INTER, INTRA_ONLY, EXISTING].map(
    (first) => inspectTemporalUnit(unit(SEQUENCE, METADATA, first, SHOWN_KEY)).beginsWithKey,
  );
  expect(keys).toEqual([true, false, false, false, false]);
});

test('tells the sequence header before the first frame, and whether there is a frame', () => {
  expect(inspectTemporalUnit(unit(SEQUENCE, SHOWN_KEY))).toMatchObject({
    sequenceHeader: SEQUENCE,
    hasFrame: true,
  });
  expect(inspectTemporalUnit(unit(SHOWN_KEY, SEQUENCE)).sequenceHeader).toBeUndefined();
  expect(inspectTemporalUnit(unit(SEQUENCE, METADATA))).toMatchObject({
    hasFrame: false,
    beginsWithKey: false,
  });
});

test('a packet has no temporal delimiters, padding and repeated headers, and a size before each unit', () => {
  const delimiter = Uint8Array.of(0x12, 0);
  const padding = Uint8Array.of(0x7a, 2, 0, 0x80);
  const repeated = Uint8Array.of(0x3a, 1, 0x10);
  const last = Uint8Array.of(0x30, 0x30, 1, 2);
  const units = packetUnits(unit(delimiter, SEQUENCE, SHOWN_KEY, repeated, padding, last));
  expect(units).toEqual([SEQUENCE, SHOWN_KEY, Uint8Array.of(0x32, 3, 0x30, 1, 2)]);
});
