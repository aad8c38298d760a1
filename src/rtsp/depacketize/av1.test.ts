import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, CollectingSink, RtpFeed } from '../../../test/rtp/rtp-script.ts';
import { leb128 } from '../../media/obu.ts';
import { AV1_HEADERS } from '../../media/testing/av1-headers.ts';
import { Av1Depacketizer } from './av1.ts';

const FRAME = 3_600;
/** Bits of the aggregation header. */
const Z = 0x80;
const Y = 0x40;
const W1 = 0x10;
const W2 = 0x20;
const W3 = 0x30;

/** As RTP carries OBUs: without their size. */
const SEQUENCE = withoutSize(AV1_HEADERS.main.bytes);
const OTHER_SEQUENCE = withoutSize(AV1_HEADERS.main10.bytes);
const KEY = bytesOf(0x30, 0x10, 1, 2, 3, 4, 5, 6);
const INTER = bytesOf(0x30, 0x30, 7, 8, 9);
const TILES = bytesOf(0x20, 4, 4);
const METADATA = bytesOf(0x28, 6, 0x80);
const DELIMITER = bytesOf(0x10);

function withoutSize(obu: Uint8Array): Uint8Array {
  return bytesOf((obu[0] ?? 0) & ~2, obu.subarray(2));
}

/** As packets hold it. */
function sized(obu: Uint8Array): Uint8Array {
  return bytesOf((obu[0] ?? 0) | 2, leb128(obu.length - 1), obu.subarray(1));
}

function counted(...obus: readonly Uint8Array[]): Uint8Array {
  const last = obus.length - 1;
  return bytesOf(
    obus.length * W1,
    ...obus.flatMap((obu, at) => (at === last ? [obu] : [leb128(obu.length), obu])),
  );
}

class Camera {
  readonly sink = new CollectingSink();
  readonly depacketizer = new Av1Depacketizer(0, this.sink);
  readonly feed = new RtpFeed(this.depacketizer);

  /** A packet a picture. */
  play(...pictures: Uint8Array[]): this {
    for (const [frame, payload] of pictures.entries()) this.feed.send(payload, frame * FRAME, true);
    this.depacketizer.flush();
    return this;
  }

  get pictures(): number[][] {
    return this.sink.units.map(({ data }) => [...data]);
  }
}

const KEY_UNIT = [...sized(SEQUENCE), ...sized(KEY)];
const INTER_UNIT = [...sized(INTER)];

test('emits temporal units whose OBUs tell their size, with the track of their sequence header', () => {
  const camera = new Camera().play(counted(SEQUENCE, KEY), counted(INTER));
  expect(camera.pictures).toEqual([KEY_UNIT, INTER_UNIT]);
  expect(camera.sink.units.map(({ isKey }) => isKey)).toEqual([true, false]);
  expect(camera.sink.units[0]?.track).toMatchObject({
    codec: 'av1',
    widthPx: 642,
    codecString: 'av01.0.01M.08',
  });
  expect(camera.sink.units[1]?.track).toBe(camera.sink.units[0]?.track);
});

test('takes elements that each say their length, and sizes that a camera left in', () => {
  const each = [DELIMITER, SEQUENCE, METADATA, KEY].flatMap((obu) => [leb128(obu.length), obu]);
  const camera = new Camera().play(bytesOf(0, ...each), counted(bytesOf(sized(INTER))));
  expect(camera.pictures).toEqual([[...sized(SEQUENCE), ...sized(METADATA), ...sized(KEY)], INTER_UNIT]);
});

test('keeps the extension of an OBU before its size', () => {
  const camera = new Camera().play(counted(SEQUENCE, KEY), counted(bytesOf(0x34, 0x20, 0x30, 1)));
  expect(camera.pictures[1]).toEqual([0x36, 0x20, 2, 0x30, 1]);
});

test('joins fragments, of which the last may share its packet with the next OBU', () => {
  const camera = new Camera();
  camera.feed.send(bytesOf(W2 | Y, leb128(SEQUENCE.length), SEQUENCE, KEY.subarray(0, 3)), 0);
  camera.feed.send(bytesOf(W1 | Z | Y, KEY.subarray(3, 5)), 0);
  camera.feed.send(bytesOf(W2 | Z, leb128(KEY.length - 5), KEY.subarray(5), TILES), 0, true);
  expect(camera.pictures).toEqual([[...KEY_UNIT, ...sized(TILES)]]);
});

test('puts the sequence header before a key picture that comes without it', () => {
  const camera = new Camera().play(counted(SEQUENCE, KEY), counted(INTER), counted(KEY));
  expect(camera.pictures).toEqual([KEY_UNIT, INTER_UNIT, KEY_UNIT]);
});

test('makes a new track of another sequence header only', () => {
  const { sink } = new Camera().play(
    counted(SEQUENCE, KEY),
    counted(SEQUENCE, KEY),
    counted(OTHER_SEQUENCE, KEY),
    counted(INTER),
  );
  expect(sink.units[1]?.track).toBe(sink.units[0]?.track);
  expect(sink.units[2]?.track).toMatchObject({ codecString: 'av01.0.01M.10' });
  expect(sink.units[3]?.track).toBe(sink.units[2]?.track);
});

test('begins with a key picture, and says once what it waits for', () => {
  const camera = new Camera().play(counted(INTER), counted(KEY), counted(INTER), counted(SEQUENCE, KEY));
  expect(camera.pictures).toEqual([KEY_UNIT]);
  expect(camera.sink.kinds).toEqual(['awaiting-key']);
  expect(camera.depacketizer.droppedUnits).toBe(3);
});

test('ends pictures by their time where markers are missing', () => {
  const camera = new Camera();
  for (const [frame, payload] of [counted(SEQUENCE, KEY), counted(INTER), counted(INTER)].entries())
    camera.feed.send(payload, frame * FRAME);
  expect(camera.pictures).toEqual([KEY_UNIT, INTER_UNIT]);
});

test('stops to trust markers that stand within pictures', () => {
  const camera = new Camera();
  for (let frame = 0; frame < 4; frame += 1) {
    camera.feed.send(frame === 0 ? counted(SEQUENCE, KEY) : counted(INTER), frame * FRAME, true);
    camera.feed.send(counted(TILES), frame * FRAME, true);
  }
  expect(camera.pictures).toEqual([
    KEY_UNIT,
    [...INTER_UNIT, ...sized(TILES)],
    [...INTER_UNIT, ...sized(TILES)],
  ]);
  expect(camera.sink.kinds).toEqual(['damaged']);
});

test('drops a picture that misses its beginning, its middle or its end, and goes on with the next', () => {
  const first = bytesOf(W1 | Y, INTER.subarray(0, 2));
  const middle = bytesOf(W1 | Z | Y, INTER.subarray(2, 3));
  const last = bytesOf(W1 | Z, INTER.subarray(3));
  for (const lost of [0, 1, 2]) {
    const camera = new Camera();
    camera.feed.send(counted(SEQUENCE, KEY), 0, true);
    for (const [at, payload] of [first, middle, last].entries()) {
      if (at === lost) camera.feed.lose();
      else camera.feed.send(payload, FRAME, at === 2);
    }
    camera.feed.send(counted(INTER), 2 * FRAME, true);
    expect(camera.pictures, `packet ${lost} lost`).toEqual([KEY_UNIT, INTER_UNIT]);
    expect(camera.sink.kinds).toEqual(['damaged']);
  }
});

test('takes a picture for whole where another was lost before it', () => {
  const camera = new Camera();
  camera.feed.send(counted(SEQUENCE, KEY), 0, true);
  camera.feed.lose();
  camera.feed.send(counted(INTER), 2 * FRAME, true);
  expect(camera.pictures).toEqual([KEY_UNIT, INTER_UNIT]);
  expect(camera.sink.problems).toEqual([]);
});

test('drops what a promised fragment is missing of, and tiles without their frame', () => {
  const camera = new Camera();
  camera.feed.send(counted(SEQUENCE, KEY), 0, true);
  camera.feed.send(bytesOf(W1 | Y, INTER), FRAME);
  camera.feed.send(counted(METADATA), FRAME, true);
  camera.feed.send(counted(TILES), 2 * FRAME, true);
  expect(camera.pictures).toEqual([KEY_UNIT]);
  expect(camera.sink.kinds).toEqual(['damaged', 'damaged']);
});

test('drops a picture whose promised fragment is an OBU of no bytes', () => {
  const camera = new Camera();
  camera.feed.send(counted(SEQUENCE, KEY), 0, true);
  camera.feed.send(bytesOf(W1 | Y, INTER), FRAME);
  camera.feed.send(bytesOf(0, 0), FRAME, true);
  camera.feed.send(counted(INTER), 2 * FRAME, true);
  expect(camera.pictures).toEqual([KEY_UNIT, INTER_UNIT]);
  expect(camera.sink.kinds).toEqual(['damaged']);
});

test.each([
  ['a length that passes the end', bytesOf(W2, 9, INTER)],
  ['a length that is none', bytesOf(0, 0xff)],
  ['fewer elements than it counts', bytesOf(W3, leb128(INTER.length), INTER)],
  ['nothing but its header', bytesOf(W1)],
  ['too many OBUs', bytesOf(0, new Uint8Array(2 * 300).fill(1))],
])('tells a packet with %s, and drops its picture', (_, payload) => {
  const camera = new Camera().play(counted(SEQUENCE, KEY), payload, counted(INTER));
  expect(camera.pictures).toEqual([KEY_UNIT, INTER_UNIT]);
  expect(camera.sink.kinds).toEqual(['malformed', 'damaged']);
});

test('drops a picture with an OBU whose own size is not that of its element, or is none', () => {
  for (const size of [1, 9, 0xff]) {
    const camera = new Camera().play(
      counted(SEQUENCE, KEY),
      counted(bytesOf(0x32, size, 0x30, 1)),
      counted(bytesOf(0x07), KEY),
      counted(INTER),
    );
    expect(camera.pictures).toEqual([KEY_UNIT, INTER_UNIT]);
    expect(camera.sink.kinds).toEqual(['damaged', 'damaged']);
  }
});

test('drops a picture whose OBUs make no sense or whose sequence header cannot be used', () => {
  const nonsense = bytesOf(0xb0, 0x30, 1);
  const noHeader = bytesOf(0x08, 0xff);
  const camera = new Camera().play(
    counted(SEQUENCE, KEY),
    counted(nonsense),
    counted(noHeader, KEY),
    counted(INTER),
  );
  expect(camera.pictures).toEqual([KEY_UNIT, INTER_UNIT]);
  expect(camera.sink.kinds).toEqual(['malformed', 'malformed']);
});

test('bounds a picture that never ends', () => {
  const camera = new Camera();
  camera.feed.send(counted(SEQUENCE, KEY), 0, true);
  const fragment = bytesOf(W1 | Z | Y, new Uint8Array(60_000));
  camera.feed.send(bytesOf(W1 | Y, INTER), FRAME);
  for (let sent = 0; sent < 200; sent += 1) camera.feed.send(fragment, FRAME);
  camera.feed.send(counted(INTER), 2 * FRAME, true);
  expect(camera.pictures).toEqual([KEY_UNIT, INTER_UNIT]);
  expect(camera.sink.kinds).toEqual(['oversized']);
});

test('bounds how many OBUs a picture may have, and says it once', () => {
  const camera = new Camera();
  camera.feed.send(counted(SEQUENCE, KEY), 0, true);
  camera.feed.send(counted(INTER), FRAME);
  const many = bytesOf(0, ...Array.from({ length: 250 }, () => bytesOf(1, 0x28)));
  for (let sent = 0; sent < 20; sent += 1) camera.feed.send(many, FRAME);
  camera.feed.send(counted(INTER), 2 * FRAME, true);
  expect(camera.pictures).toEqual([KEY_UNIT, INTER_UNIT]);
  expect(camera.sink.kinds).toEqual(['malformed', 'damaged']);
});

test('rebuilds any pictures from any fragments', () => {
  const content = fc.uint8Array({ minLength: 1, maxLength: 300 });
  const property = fc.property(
    fc.array(fc.array(content, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
    fc.integer({ min: 1, max: 120 }),
    (pictures, fragmentBytes) => {
      const camera = new Camera();
      const sent = pictures.map((rests, frame) => {
        const frames = rests.map((rest) => bytesOf(INTER, rest));
        return frame === 0 ? [SEQUENCE, bytesOf(KEY, rests[0] ?? new Uint8Array(0)), ...frames] : frames;
      });
      for (const [frame, obus] of sent.entries()) {
        const payloads = obus.flatMap((obu) => fragmentsOf(obu, fragmentBytes));
        for (const [at, payload] of payloads.entries())
          camera.feed.send(payload, frame * FRAME, at === payloads.length - 1);
      }
      expect(camera.pictures).toEqual(sent.map((obus) => obus.flatMap((obu) => [...sized(obu)])));
    },
  );
  fc.assert(property, { numRuns: 60 });
});

function fragmentsOf(obu: Uint8Array, fragmentBytes: number): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (let at = 0; at < obu.length; at += fragmentBytes) {
    const end = Math.min(obu.length, at + fragmentBytes);
    payloads.push(bytesOf((at > 0 ? Z : 0) | (end < obu.length ? Y : 0) | W1, obu.subarray(at, end)));
  }
  return payloads;
}
