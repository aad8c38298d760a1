import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtspSyntaxError } from './error.ts';
import { formatFrame, InterleavedReader, MAX_JUNK_BYTES } from './interleaved.ts';
import { formatResponse } from './message.ts';

type Found = readonly ['frame', number, string] | readonly ['message', number] | readonly ['junk', number];

/** Frames on channels 0 and 1 that begin as RTP with payload type 96 are plausible. */
function newReader() {
  const found: Found[] = [];
  const reader = new InterleavedReader({
    onFrame: (channel, bytes, from, to) =>
      found.push(['frame', channel, Buffer.from(bytes.subarray(from, to)).toString('hex')]),
    onMessage: (message) => found.push(['message', message.kind === 'response' ? message.status : 0]),
    onResynchronised: (junkBytes) => found.push(['junk', junkBytes]),
    isPlausibleFrame: (channel, first, second) => channel < 2 && first === 0x80 && (second & 0x7f) === 96,
  });
  return { reader, found };
}

function feed(reader: InterleavedReader, bytes: Uint8Array, pieceBytes = bytes.length): void {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    // A copy that is scribbled over afterwards proves that nothing keeps a view of it.
    const piece = Uint8Array.from(bytes.subarray(at, at + pieceBytes));
    reader.feed(piece, piece.length);
    piece.fill(0xee);
  }
}

function rtp(length: number): Buffer {
  const bytes = Buffer.alloc(length, 0x24);
  bytes[0] = 0x80;
  bytes[1] = 96;
  return bytes;
}

function frames(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => formatFrame(0, rtp(12))));
}

describe('InterleavedReader', () => {
  it('finds the same frames and messages in whatever pieces the bytes come', () => {
    const item = fc.oneof(
      fc.record({ channel: fc.integer({ min: 0, max: 255 }), size: fc.integer({ min: 0, max: 3000 }) }),
      fc.record({ status: fc.constantFrom(200, 404) }),
      fc.constant('blank' as const),
    );
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 12 }),
        fc.integer({ min: 1, max: 4000 }),
        (items, pieceBytes) => {
          const expected: Found[] = [];
          const parts = items.map((one) => {
            if (one === 'blank') return Buffer.from('\r\n');
            if ('status' in one) {
              expected.push(['message', one.status]);
              return formatResponse({
                status: one.status,
                headers: [['CSeq', '1']],
                body: Buffer.from('$$$'),
              });
            }
            const payload = rtp(Math.max(2, one.size));
            expected.push(['frame', one.channel, payload.toString('hex')]);
            return formatFrame(one.channel, payload);
          });
          const { reader, found } = newReader();
          feed(reader, Buffer.concat(parts), pieceBytes);
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hands out a frame that lies whole in the bytes without copying it', () => {
    const bytes = formatFrame(3, rtp(20));
    let shared: ArrayBufferLike | undefined;
    const reader = new InterleavedReader({
      onFrame: (_channel, view) => (shared = view.buffer),
      onMessage() {},
      onResynchronised() {},
      isPlausibleFrame: () => false,
    });
    reader.feed(bytes, bytes.length);
    expect(shared).toBe(bytes.buffer);
  });

  it('knows the stream position of what it hands out', () => {
    const positions: number[] = [];
    const reader: InterleavedReader = new InterleavedReader({
      onFrame: () => positions.push(reader.positionBytes),
      onMessage: () => positions.push(reader.positionBytes),
      onResynchronised() {},
      isPlausibleFrame: () => false,
    });
    const message = formatResponse({ status: 200, headers: [] });
    feed(reader, Buffer.concat([message, formatFrame(0, rtp(12)), formatFrame(0, rtp(12))]), 7);
    expect(positions).toEqual([0, message.length, message.length + 16]);
  });

  it.each([1, 3, 5, 7, 64, 10_000])(
    'finds the next frame after stray bytes, read %i at a time',
    (pieceBytes) => {
      const { reader, found } = newReader();
      const junk = Buffer.concat([Buffer.from([0x00, 0x24, 0x09, 0x24, 0x00]), Buffer.alloc(500, 0x24)]);
      feed(reader, Buffer.concat([frames(1), junk, frames(2)]), pieceBytes);
      expect(found.map(([kind]) => kind)).toEqual(['frame', 'junk', 'frame', 'frame']);
      expect(found[1]).toEqual(['junk', junk.length]);
    },
  );

  it('finds an answer after stray bytes that look like the begin of a word', () => {
    const { reader, found } = newReader();
    feed(
      reader,
      Buffer.concat([frames(1), Buffer.from('ABC\x00'), formatResponse({ status: 200, headers: [] })]),
      2,
    );
    expect(found.slice(1)).toEqual([
      ['junk', 4],
      ['message', 200],
    ]);
  });

  it('gives up when the boundary is lost again soon', () => {
    const { reader } = newReader();
    const junk = Buffer.alloc(10);
    const bytes = Buffer.concat([frames(1), junk, frames(2), junk]);
    expect(() => feed(reader, bytes)).toThrow(/again soon after/);
  });

  it('resynchronises again after many good frames', () => {
    const { reader, found } = newReader();
    const junk = Buffer.alloc(10);
    feed(reader, Buffer.concat([frames(1), junk, frames(200), junk, frames(1)]), 1000);
    expect(found.filter(([kind]) => kind === 'junk')).toEqual([
      ['junk', 10],
      ['junk', 10],
    ]);
  });

  it('gives up after a bounded search', () => {
    const { reader } = newReader();
    feed(reader, frames(1));
    expect(() => feed(reader, Buffer.alloc(MAX_JUNK_BYTES + 10), 5000)).toThrow(RtspSyntaxError);
  });

  it('accepts nothing but a message at first', () => {
    const { reader } = newReader();
    expect(() => feed(reader, Buffer.from([0x16, 0x03, 0x01]))).toThrow(
      expect.objectContaining({
        message: 'expected an RTSP message, found byte 0x16',
        isAlien: true,
      }),
    );
  });

  it('hands nothing out once stopped', () => {
    let count = 0;
    const reader: InterleavedReader = new InterleavedReader({
      onFrame: () => {
        count++;
        reader.stop();
      },
      onMessage() {},
      onResynchronised() {},
      isPlausibleFrame: () => false,
    });
    feed(reader, frames(5));
    expect(count).toBe(1);
  });

  it('answers any bytes with frames, messages or a typed error', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.integer({ min: 1, max: 300 }),
        (bytes, pieceBytes) => {
          const { reader } = newReader();
          try {
            feed(reader, Buffer.concat([frames(1), bytes]), pieceBytes);
          } catch (error) {
            expect(error).toBeInstanceOf(RtspSyntaxError);
          }
        },
      ),
    );
  });
});
