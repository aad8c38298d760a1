import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { monotonicMs } from '../../base/time.ts';
import type { AccessUnit, AccessUnitSink, Depacketizer } from '../depacketize/depacketizer.ts';
import { leb128 } from '../../media/obu.ts';
import { Av1Depacketizer } from '../depacketize/av1.ts';
import { AacDepacketizer, aacTrack, parseAacFormat } from '../depacketize/aac.ts';
import { H264Depacketizer } from '../depacketize/h264.ts';
import { H265Depacketizer } from '../depacketize/h265.ts';
import { InterleavedReader } from '../interleaved.ts';
import { RtpPacket } from '../rtp.ts';
import { parseSdp, type SdpMedia } from '../sdp.ts';
import { describeMedia } from '../server/describe-media.ts';
import type { ServedSound, ServedVideo } from '../server/served-media.ts';
import { testClip } from '../../../test/fake-camera/clips.ts';
import { packetizeAac } from './aac.ts';
import { packetizeAv1 } from './av1.ts';
import { packetizeH264 } from './h264.ts';
import { packetizeH265 } from './h265.ts';
import { RtpWriter, type RtpBatch } from './rtp-writer.ts';

/** How many bytes come in a read, again and again. */
const READS = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 4 });

describe('what a packetizer packs, the depacketizer gives back', () => {
  test.each(['h264', 'h265'] as const)('for %s with pictures of several units of any size', async (codec) => {
    const { parameterSets } = await testClip({ codec, loopSeconds: 2 });
    const media: ServedVideo = { kind: 'video', codec, parameterSets };
    const sizes = fc.array(fc.integer({ min: 4, max: 4000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(sizes, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 64, max: 1500 }),
        fc.boolean(),
        READS,
        (pictures, maxPacketBytes, aggregates, reads) => {
          const writer = newWriter(maxPacketBytes);
          const units = pictures.map((picture, index) =>
            picture.map((size, order) => slice(codec, index === 0, order === 0, size)),
          );
          const packetize = codec === 'h264' ? packetizeH264 : packetizeH265;
          const batches = units.map((nals, index) => packetize(writer, nals, index * 3000, aggregates));
          const received = receive(media, batches, reads);
          expect(received.map((unit) => Buffer.from(unit.data).toString('hex'))).toEqual(
            units.map((nals) => lengthPrefixed(nals).toString('hex')),
          );
          expect(received.map(({ isKey }) => isKey)).toEqual(units.map((_, index) => index === 0));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('for AV1 with temporal units of several OBUs of any size', async () => {
    const { parameterSets, units: pictures } = await testClip({ codec: 'av1', loopSeconds: 2 });
    if (parameterSets.codec !== 'av1') throw new Error('the clip is of another codec');
    const sizes = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(sizes, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 64, max: 1500 }),
        fc.boolean(),
        READS,
        (added, maxPacketBytes, aggregates, reads) => {
          const writer = newWriter(maxPacketBytes);
          const units = added.map((metadata, index) => [
            ...(index === 0 ? [parameterSets.sequenceHeader] : []),
            ...metadata.map(metadataObu),
            ...(pictures[index]?.nals ?? []),
          ]);
          const batches = units.map((obus, index) => packetizeAv1(writer, obus, index * 3000, aggregates));
          const received = receive({ kind: 'video', codec: 'av1', parameterSets }, batches, reads);
          expect(received.map((unit) => Buffer.from(unit.data).toString('hex'))).toEqual(
            units.map((obus) => Buffer.concat(obus).toString('hex')),
          );
          expect(received.map(({ isKey }) => isKey)).toEqual(units.map((_, index) => index === 0));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('for AAC units of any size, fragmented or not', () => {
    const audioSpecificConfig = Uint8Array.of(0x14, 0x08);
    const media: ServedSound = { kind: 'sound', audioSpecificConfig, sampleRateHz: 16_000, channels: 1 };
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 2000 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 64, max: 1500 }),
        READS,
        (units, maxPacketBytes, reads) => {
          const writer = newWriter(maxPacketBytes);
          const batches = units.map((unit, index) => packetizeAac(writer, unit, index * 1024));
          expect(receive(media, batches, reads).map(({ data }) => [...data])).toEqual(
            units.map((unit) => [...unit]),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

function newWriter(maxPacketBytes: number): RtpWriter {
  return new RtpWriter({ payloadType: 96, ssrc: 1, sequence: 65_530, channel: 0, maxPacketBytes });
}

/**
 * A slice of `size` bytes whose header names PPS 0, and whether it is the picture's first. H.264 7.3.3: first_mb_in_slice,
 * slice_type 7, pic_parameter_set_id. H.265 7.3.6.1: first_slice_segment_in_pic_flag, for key pictures
 * no_output_of_prior_pics_flag, slice_pic_parameter_set_id.
 */
function slice(codec: 'h264' | 'h265', isKey: boolean, isFirst: boolean, size: number): Uint8Array {
  const h264 = [isKey ? 0x65 : 0x41, ...(isFirst ? [0x88, 0x84] : [0x42, 0x3f])];
  const h265 = [isKey ? 0x26 : 0x02, 1, (isFirst ? 0x80 : 0) | (isKey ? 0x20 : 0x40)];
  const header = codec === 'h264' ? h264 : h265;
  return Uint8Array.from({ length: size }, (_, index) => header[index] ?? 0x80 + (index % 100));
}

function metadataObu(sizeBytes: number): Uint8Array {
  return Buffer.concat([Buffer.of(0x2a), leb128(sizeBytes), Buffer.alloc(sizeBytes, 6)]);
}

function lengthPrefixed(nals: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    nals.flatMap((nal) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(nal.length);
      return [length, nal];
    }),
  );
}

/** As a connection does: into memory that the depacketizer lends, where it does, and into a buffer of its own. */
function receive(
  media: ServedVideo | ServedSound,
  batches: readonly RtpBatch[],
  reads: readonly number[],
): AccessUnit[] {
  const units: AccessUnit[] = [];
  const sink: AccessUnitSink = {
    onUnit: (unit) => {
      units.push({ ...unit, data: Uint8Array.from(unit.data) });
      unit.memory.release();
    },
    onProblem: (problem) => expect(problem).toBeUndefined(),
  };
  const described = parseSdp(describeMedia('test', [media])).media[0];
  if (described === undefined) throw new Error('the description has no media');
  const depacketizer = newDepacketizer(media, described, sink);
  const rtp = new RtpPacket();
  const reader = new InterleavedReader({
    onFrame: (_channel, bytes, from, to) => {
      expect(rtp.parse(bytes, from, to)).toBe(true);
      depacketizer.push(rtp, monotonicMs(0));
    },
    onMessage: () => expect.unreachable(),
    onResynchronised: () => expect.unreachable(),
    isPlausibleFrame: () => false,
  });
  const sent = Buffer.concat(batches.map(({ bytes }) => bytes));
  const own = new Uint8Array(20_000);
  for (let at = 0, read = 0; at < sent.length; read += 1) {
    const lent = depacketizer.lend?.(reader.unfinishedFrameBytes);
    const memory = lent?.bytes ?? own;
    const bytes = sent.subarray(at, at + Math.min(reads[read % reads.length] ?? 1, memory.length));
    memory.set(bytes);
    reader.feed(memory, bytes.length);
    // What is read into a buffer of its own is to be known no more.
    own.fill(0xee);
    lent?.memory.release();
    at += bytes.length;
  }
  depacketizer.flush();
  return units;
}

function newDepacketizer(
  media: ServedVideo | ServedSound,
  described: SdpMedia,
  sink: AccessUnitSink,
): Depacketizer {
  if (media.kind === 'sound') {
    const format = parseAacFormat(described);
    return new AacDepacketizer(aacTrack(0, described, format), format, sink);
  }
  if (media.codec === 'av1') return new Av1Depacketizer(0, sink);
  return media.codec === 'h264'
    ? new H264Depacketizer(described, 0, sink)
    : new H265Depacketizer(described, 0, sink);
}
