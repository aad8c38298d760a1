import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, CollectingSink, RtpFeed, sdpMedia } from '../../../test/rtp/rtp-script.ts';
import { BitstreamError } from '../../media/bit-reader.ts';
import { AacDepacketizer, aacTrack, parseAacFormat } from './aac.ts';

function media(fmtp: Record<string, string> = {}) {
  const parameters = {
    mode: 'AAC-hbr',
    config: '1190',
    sizelength: '13',
    indexlength: '3',
    indexdeltalength: '3',
  };
  return sdpMedia('MPEG4-GENERIC', {
    clockRateHz: 48_000,
    channels: 2,
    fmtp: new Map(Object.entries({ ...parameters, ...fmtp })),
  });
}

class Microphone {
  readonly sink = new CollectingSink();
  readonly depacketizer: AacDepacketizer;
  readonly feed: RtpFeed;

  constructor(fmtp: Record<string, string> = {}) {
    const description = media(fmtp);
    const format = parseAacFormat(description);
    this.depacketizer = new AacDepacketizer(aacTrack(1, description, format), format, this.sink);
    this.feed = new RtpFeed(this.depacketizer);
  }

  get units(): [number, number[]][] {
    return this.sink.units.map((unit) => [unit.timestamp, [...unit.data]]);
  }
}

/** The AAC-hbr header table for units of these sizes. */
function table(...sizes: number[]): Uint8Array {
  return bytesOf(
    (16 * sizes.length) >> 8,
    16 * sizes.length,
    ...sizes.flatMap((size) => [size >> 5, (size << 3) & 0xff]),
  );
}

test('describes the track by its AudioSpecificConfig', () => {
  const description = media();
  expect(aacTrack(1, description, parseAacFormat(description))).toEqual({
    kind: 'audio',
    index: 1,
    codec: 'aac',
    audioSpecificConfig: Uint8Array.of(0x11, 0x90),
    codecString: 'mp4a.40.2',
    clockRateHz: 48_000,
    channels: 2,
  });
});

test('refuses descriptions that it could not read packets by', () => {
  const bad: Record<string, string>[] = [
    { config: '' },
    { config: 'zz' },
    { mode: 'CELP-cbr' },
    { sizelength: '99' },
    { sizelength: '0' },
    { ctsdeltalength: '8' },
  ];
  for (const fmtp of bad) expect(() => parseAacFormat(media(fmtp))).toThrow(BitstreamError);
});

test('spaces the units of a packet by their duration', () => {
  const microphone = new Microphone();
  microphone.feed.send(bytesOf(table(2, 3), 1, 2, 3, 4, 5), 0xfffffe00, true);
  expect(microphone.units).toEqual([
    [0xfffffe00, [1, 2]],
    [0x200, [3, 4, 5]],
  ]);
});

test('reads AAC-lbr with the widths of its mode', () => {
  const microphone = new Microphone({
    mode: 'AAC-lbr',
    sizelength: '',
    indexlength: '',
    indexdeltalength: '',
  });
  microphone.feed.send(bytesOf(0, 16, 2 << 2, 1 << 2, 1, 2, 3), 0, true);
  expect(microphone.units.map(([, data]) => data)).toEqual([[1, 2], [3]]);
});

test('joins the fragments of a unit', () => {
  const microphone = new Microphone();
  microphone.feed.send(bytesOf(table(1), 9), 0, true);
  microphone.feed.send(bytesOf(table(5), 1, 2), 1024);
  microphone.feed.send(bytesOf(table(5), 3, 4, 5), 1024, true);
  expect(microphone.units).toEqual([
    [0, [9]],
    [1024, [1, 2, 3, 4, 5]],
  ]);
});

test('drops a unit that misses a fragment, wherever it is, and goes on', () => {
  for (const lost of [0, 1, 2]) {
    const microphone = new Microphone();
    microphone.feed.send(bytesOf(table(1), 9), 0, true);
    for (const part of [0, 1, 2]) {
      if (part === lost) microphone.feed.lose();
      else microphone.feed.send(bytesOf(table(6), part, part), 1024, part === 2);
    }
    microphone.feed.send(bytesOf(table(1), 8), 2048, true);
    expect(microphone.units).toEqual([
      [0, [9]],
      [2048, [8]],
    ]);
    expect(microphone.sink.kinds).toEqual(['damaged']);
    expect(microphone.depacketizer.droppedUnits).toBe(1);
  }
});

test('tells interleaved units and sizes that do not add up', () => {
  const microphone = new Microphone();
  microphone.feed.send(bytesOf(table(1), 9), 0, true);
  const interleaved = table(1, 1);
  interleaved[5] = 0x09;
  microphone.feed.send(bytesOf(interleaved, 1, 2), 1024, true);
  microphone.feed.send(bytesOf(table(2, 9), 1, 2, 3), 2048, true);
  microphone.feed.send(bytesOf(table(9), 1, 2, 3), 3072, true);
  microphone.feed.send(bytesOf(0xff, 0xff, 1), 4096, true);
  expect(microphone.sink.kinds).toEqual(['malformed', 'malformed', 'malformed', 'malformed']);
  expect(microphone.units).toEqual([
    [0, [9]],
    [2048, [1, 2]],
  ]);
});

test('takes no packet apart that consists of hundreds of units', () => {
  const microphone = new Microphone();
  const packet = (units: number) =>
    bytesOf(table(...Array.from({ length: units }, () => 1)), ...Array.from({ length: units }, () => 9));
  microphone.feed.send(packet(256), 0, true);
  microphone.feed.send(packet(257), 262_144, true);
  expect(microphone.units).toHaveLength(256);
  expect(microphone.sink.kinds).toEqual(['malformed']);
});

test('rebuilds any units, however they are packed', () => {
  const unit = fc.uint8Array({ minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.array(fc.array(unit, { minLength: 1, maxLength: 4 })), fc.nat(60), (packets, cut) => {
      const microphone = new Microphone();
      microphone.feed.send(bytesOf(table(1), 9), 0, true);
      let timestamp = 1024;
      for (const units of packets) {
        const [only] = units;
        if (units.length === 1 && only !== undefined && cut > 0 && cut < only.length) {
          microphone.feed.send(bytesOf(table(only.length), only.subarray(0, cut)), timestamp);
          microphone.feed.send(bytesOf(table(only.length), only.subarray(cut)), timestamp, true);
        } else {
          microphone.feed.send(
            bytesOf(table(...units.map(({ length }) => length)), ...units),
            timestamp,
            true,
          );
        }
        timestamp += 1024 * units.length;
      }
      expect(microphone.units).toEqual(
        [Uint8Array.of(9), ...packets.flat()].map((data, at) => [1024 * at, [...data]]),
      );
    }),
  );
});

test('survives any packets and losses', () => {
  const packet = fc.record({
    payload: fc.uint8Array({ maxLength: 30 }),
    step: fc.nat(2),
    isLost: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(packet), (packets) => {
      const microphone = new Microphone();
      let timestamp = 0;
      for (const { payload, step, isLost } of packets) {
        timestamp += 1024 * step;
        if (isLost) microphone.feed.lose();
        else microphone.feed.send(payload, timestamp, step === 1);
      }
      for (const { data } of microphone.sink.units) expect(data.length).toBeGreaterThan(0);
    }),
  );
});
