import { wallMs } from '../../src/base/time.ts';
import { buildReceiverReport, parseRtcp, RtcpError } from '../../src/rtsp/rtcp.ts';
import { RtpPacket } from '../../src/rtsp/rtp.ts';
import { buildSenderReport } from '../../src/rtsp/server/sender-report.ts';
import { bytesOf, rtpBytes } from '../rtp/rtp-script.ts';
import { breedInput, joinBytes, type Breed } from './mutate.ts';
import { ensure, type FuzzTarget } from './target.ts';

const SMALL_LIMIT_BYTES = 1024 * 1024;

const RTP: Breed = {
  corpus: [
    rtpBytes({ payload: bytesOf(0x65, 1, 2, 3), sequence: 65_535, timestamp: 2 ** 32 - 1, marker: true }),
    // With two contributing sources, an extension of one word, and four bytes of padding.
    bytesOf(
      0xb2,
      96,
      0,
      1,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      2,
      0,
      0,
      0,
      3,
      0,
      0,
      0,
      4,
      0xbe,
      0xde,
      0,
      1,
      1,
      2,
      3,
      4,
      9,
      8,
      7,
      4,
    ),
  ],
  words: [bytesOf(0x80, 96), bytesOf(0xff, 0xff), bytesOf(0xbe, 0xde, 0, 1), bytesOf(0)],
  maxBytes: 65_535,
};

export const rtpTarget: FuzzTarget = {
  name: 'rtp',
  share: 10,
  tolerates: [],
  retainedLimitBytes: SMALL_LIMIT_BYTES,
  generate: (random) => breedInput(random, RTP),
  run: (input) => {
    const rtp = new RtpPacket();
    if (!rtp.parse(input)) return rtp;
    ensure(rtp.payloadStart >= 12 && rtp.payloadStart <= rtp.payloadEnd, 'a payload follows its header');
    ensure(rtp.payloadEnd <= input.length, 'a payload lies in its packet');
    ensure(rtp.timestamp >= 0 && rtp.ssrc >= 0, '32-bit fields are not negative');
    ensure(rtp.sequence <= 0xffff && rtp.payloadType <= 127, 'fields are in their range');
    return rtp;
  },
};

const SENDER = {
  ssrc: 7,
  wallMs: wallMs(Date.UTC(2026, 0, 1)),
  timestamp: 90_000,
  packets: 10,
  payloadBytes: 1000,
};
const BLOCK = {
  ssrc: 7,
  fractionLost: 3,
  totalLost: -2,
  highestSequence: 70_000,
  jitter: 12,
  lastSenderReport: 99,
  delaySinceLastSenderReport: 5,
};
const BYE = bytesOf(0x81, 203, 0, 3, 0, 0, 0, 7, 4, 0x67, 0x6f, 0x6e, 0x65, 0, 0, 0);

/** Compound RTCP packets of both ends. */
export const RTCP_CORPUS: readonly [Uint8Array, ...Uint8Array[]] = [
  buildSenderReport(SENDER, 'preroll'),
  buildReceiverReport(8, [BLOCK], 'preroll'),
  joinBytes(buildSenderReport(SENDER, 'camera'), BYE),
];

const RTCP: Breed = {
  corpus: RTCP_CORPUS,
  words: [
    BYE,
    bytesOf(0x80, 200, 0, 6),
    bytesOf(0x9f, 202, 0, 1),
    bytesOf(0xff, 0xff),
    bytesOf(0x80, 204, 0, 0),
  ],
  maxBytes: 65_535,
};

export const rtcpTarget: FuzzTarget = {
  name: 'rtcp',
  share: 8,
  tolerates: [RtcpError],
  retainedLimitBytes: SMALL_LIMIT_BYTES,
  generate: (random) => breedInput(random, RTCP),
  run: (input) => {
    const packets = parseRtcp(input);
    ensure(packets.length <= 32, 'a compound packet holds at most 32');
    for (const packet of packets) {
      if (packet.kind === 'bye') ensure(packet.ssrcs.length <= 31, 'a BYE names at most 31 sources');
      if (packet.kind === 'receiver-report')
        ensure(packet.blocks.length <= 31, 'a report has at most 31 blocks');
      if (packet.kind === 'source-description')
        ensure(packet.names.length <= 31 * 65_535, 'names are bounded');
    }
    return packets;
  },
};
