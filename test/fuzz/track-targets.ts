import { readObus, withSize } from '../../src/media/obu.ts';
import { SLABS } from '../../src/media/slab.ts';
import { AV1_HEADERS } from '../../src/media/testing/av1-headers.ts';
import { packetizeAac } from '../../src/rtsp/packetize/aac.ts';
import { packetizeAv1 } from '../../src/rtsp/packetize/av1.ts';
import { packetizeH264 } from '../../src/rtsp/packetize/h264.ts';
import { packetizeH265 } from '../../src/rtsp/packetize/h265.ts';
import { parseSdp, type SdpMedia } from '../../src/rtsp/sdp.ts';
import { describeMedia } from '../../src/rtsp/server/describe-media.ts';
import { H264_BASELINE_360, H264_MAIN_1080, H265_MAIN10_362, H265_MAIN_1080 } from '../rtp/parameter-sets.ts';
import { bytesOf, sdpMedia } from '../rtp/rtp-script.ts';
import { joinBytes, mutate, type Breed } from './mutate.ts';
import { RTCP_CORPUS } from './packet-targets.ts';
import type { Random } from './random.ts';
import type { FuzzTarget } from './target.ts';
import { MAX_REPEATED_BYTES, MAX_REPEATED_PACKETS, TrackLog } from './track-log.ts';
import { decodeSteps, encodeSteps, healthySteps, type Pack, type Step } from './track-script.ts';

/** The largest unit of 8 MiB, and what waits to be put in order. */
const RECEIVER_LIMIT_BYTES = 12 * 1024 * 1024;
/** SEI units by which a decoder may begin at once, without a key slice. */
const H264_RECOVERY_POINT = bytesOf(0x06, 0x06, 0x01, 0x84, 0x80);
const H265_RECOVERY_POINT = bytesOf(0x4e, 0x01, 0x06, 0x01, 0x90, 0x80);

interface Kind {
  readonly name: string;
  /** Tracks as session descriptions give them; the first byte of an input chooses. */
  readonly media: readonly [SdpMedia, ...SdpMedia[]];
  readonly unitTicks: number;
  readonly pack: (random: Random) => Pack;
  readonly words: readonly [Uint8Array, ...Uint8Array[]];
}

function described(sets: { vps?: Uint8Array; sps: Uint8Array; pps: Uint8Array }): SdpMedia {
  const { vps, sps, pps } = sets;
  const parameterSets =
    vps === undefined
      ? ({ codec: 'h264', sps, pps: [pps] } as const)
      : ({ codec: 'h265', vps, sps, pps: [pps] } as const);
  const text = describeMedia('x', [{ kind: 'video', codec: parameterSets.codec, parameterSets }]);
  return parseSdp(text).media[0] ?? sdpMedia('H264');
}

function aac(...fmtp: readonly (readonly [string, string])[]): SdpMedia {
  return sdpMedia('MPEG4-GENERIC', { clockRateHz: 16_000, fmtp: new Map([['config', '1408'], ...fmtp]) });
}

const KINDS: readonly Kind[] = [
  {
    name: 'h264',
    media: [
      described(H264_BASELINE_360),
      described(H264_MAIN_1080),
      sdpMedia('H264'),
      described({ ...H264_MAIN_1080, pps: bytesOf(0x68) }),
    ],
    unitTicks: 3600,
    pack: (random) => {
      const sets = random.pick([H264_BASELINE_360, H264_MAIN_1080]);
      return (writer, isKey, timestamp) => {
        const before = isKey && random.chance(0.5) ? [sets.sps, sets.pps] : [];
        const hasKeySlices = isKey && !random.chance(0.3);
        const nals = [
          ...before,
          ...(isKey && !hasKeySlices ? [H264_RECOVERY_POINT] : []),
          ...slices(random, (isFirst) => [
            hasKeySlices ? 0x65 : 0x41,
            ...(isFirst ? [0x88, 0x84] : [0x42, 0x3f]),
          ]),
        ];
        return packetizeH264(writer, nals, timestamp, random.chance(0.5));
      };
    },
    words: [
      bytesOf(24),
      bytesOf(0, 2, 0x67, 1),
      bytesOf(0, 3, 0x68, 0, 0),
      bytesOf(25),
      bytesOf(28, 0x85),
      bytesOf(28, 0x45),
      bytesOf(28, 0xc5),
      bytesOf(29, 0x85),
      bytesOf(0, 0),
      bytesOf(9, 0xf0),
      bytesOf(0x67),
    ],
  },
  {
    name: 'h265',
    media: [
      described(H265_MAIN_1080),
      described(H265_MAIN10_362),
      sdpMedia('H265'),
      sdpMedia('H265', { fmtp: new Map([...described(H265_MAIN_1080).fmtp, ['sprop-max-don-diff', '1']]) }),
    ],
    unitTicks: 3600,
    pack: (random) => {
      const sets = random.pick([H265_MAIN_1080, H265_MAIN10_362]);
      return (writer, isKey, timestamp) => {
        const before = isKey && random.chance(0.5) ? [sets.vps, sets.sps, sets.pps] : [];
        const hasKeySlices = isKey && !random.chance(0.3);
        const type = random.pick(hasKeySlices ? [0x26, 0x2a, 0x20] : [0x02, 0x02, 0x10, 0x12]);
        const nals = [
          ...before,
          ...(isKey && !hasKeySlices ? [H265_RECOVERY_POINT] : []),
          ...slices(random, (isFirst) => [type, 1, (isFirst ? 0x80 : 0) | (hasKeySlices ? 0x20 : 0x40)]),
        ];
        return packetizeH265(writer, nals, timestamp, random.chance(0.5));
      };
    },
    words: [
      bytesOf(0x60, 1),
      bytesOf(0, 3, 0x42, 1, 9),
      bytesOf(0x62, 1, 0x93),
      bytesOf(0x62, 1, 0x53),
      bytesOf(0x62, 1, 0xd3),
      bytesOf(0x64, 1),
      bytesOf(0, 0),
      bytesOf(0x42, 1),
    ],
  },
  {
    name: 'av1',
    media: [sdpMedia('AV1')],
    unitTicks: 3600,
    pack: (random) => {
      const { bytes } = random.pick([AV1_HEADERS.main, AV1_HEADERS.main10, AV1_HEADERS.rgb] as const);
      return (writer, isKey, timestamp) => {
        const before = isKey && random.chance(0.9) ? [bytes] : [];
        const frames = slices(random, (isFirst) => [isFirst ? 0x30 : 0x20, isKey ? 0x10 : 0x30]);
        const obus = frames.flatMap((frame) => [...readObus(frame)].map(withSize));
        return packetizeAv1(writer, [...before, ...obus], timestamp, random.chance(0.5));
      };
    },
    words: [
      bytesOf(0x50, 0x30, 0x30),
      bytesOf(0xd0),
      bytesOf(0x90),
      bytesOf(0x00, 2, 0x30, 0x30),
      bytesOf(0x30, 1, 0x10),
      bytesOf(0x18, 0x0a, 0x0b),
      bytesOf(0xff, 0xff),
      bytesOf(0x80, 0),
    ],
  },
  {
    name: 'aac',
    media: [
      aac(),
      aac(['mode', 'AAC-lbr']),
      aac(['sizelength', '16'], ['indexlength', '0'], ['indexdeltalength', '0']),
      aac(['sizelength', '1'], ['indexlength', '0'], ['indexdeltalength', '0']),
    ],
    unitTicks: 1024,
    pack: (random) => (writer, _isKey, timestamp) =>
      packetizeAac(writer, random.bytes(random.scaled(1, 400)), timestamp),
    words: [bytesOf(0, 16, 0, 8), bytesOf(0, 32), bytesOf(0xff, 0xff), bytesOf(0, 0)],
  },
  {
    name: 'g711',
    media: [sdpMedia('PCMU'), sdpMedia('PCMA'), sdpMedia('PCMA', { channels: 2, clockRateHz: 16_000 })],
    unitTicks: 160,
    pack: (random) => (writer, _isKey, timestamp) => {
      const sound = random.bytes(random.scaled(1, 160));
      writer.begin(timestamp, sound.length);
      writer.open();
      writer.write(sound, 0, Math.min(sound.length, writer.maxPayloadBytes));
      return writer.finish();
    },
    words: [bytesOf(0), bytesOf(0xff)],
  },
];

/** One to three slices whose headers name PPS 0; once in a while so many tiny ones that they fill aggregates. */
function slices(random: Random, head: (isFirst: boolean) => readonly number[]): Uint8Array[] {
  const [most, longest] = random.chance(0.03) ? [400, 4] : [3, 300];
  return Array.from({ length: random.scaled(1, most) }, (_, order) =>
    joinBytes(Uint8Array.from(head(order === 0)), random.bytes(random.scaled(1, longest))),
  );
}

export const trackTargets: readonly FuzzTarget[] = KINDS.flatMap((kind) =>
  (['tcp', 'udp'] as const).map((transport) => trackTarget(kind, transport)),
);

function trackTarget(kind: Kind, transport: 'tcp' | 'udp'): FuzzTarget {
  return {
    name: `${kind.name}-${transport}`,
    share: kind.name.startsWith('h26') || kind.name === 'av1' ? 6 : 4,
    tolerates: [],
    retainedLimitBytes: RECEIVER_LIMIT_BYTES,
    generate: (random) => generate(random, kind),
    fedBytes,
    idleBytes: () => SLABS.idleBytes,
    run: async (input) => {
      const selector = input[0] ?? 0;
      const media = kind.media[selector % kind.media.length] ?? kind.media[0];
      const log = new TrackLog(media, transport, (selector & 0x40) !== 0);
      for (const step of decodeSteps(input.subarray(1))) log.take(step);
      await log.finish((selector & 0x80) !== 0);
      return log.receiver;
    },
  };
}

/** Repeated packets count as if they stood in the input. */
function fedBytes(input: Uint8Array): number {
  let lastBytes = 0;
  let sum = input.length;
  for (const step of decodeSteps(input.subarray(1))) {
    if (step.kind === 'rtp') lastBytes = step.bytes.length;
    if (step.kind === 'repeat') sum += Math.min(step.count, MAX_REPEATED_PACKETS) * lastBytes;
  }
  return Math.min(sum, input.length + MAX_REPEATED_BYTES);
}

/** A healthy stream, then trouble on the network and in the camera. */
function generate(random: Random, kind: Kind): Uint8Array {
  const clockRateHz = kind.media[0].clockRateHz;
  const steps = healthySteps(random, kind.unitTicks, clockRateHz, kind.pack(random));
  for (let left = random.integer(0, 6); left > 0; left -= 1) disturb(random, steps, kind);
  const bytes = joinBytes(random.bytes(1), encodeSteps(steps));
  return random.chance(0.15) ? mutate(random, bytes, breedOf(kind, bytes)) : bytes;
}

function breedOf(kind: Kind, bytes: Uint8Array): Breed {
  return { corpus: [bytes], words: kind.words, maxBytes: 65_000 };
}

function disturb(random: Random, steps: Step[], kind: Kind): void {
  const at = random.integer(0, Math.max(0, steps.length - 1));
  const step = steps[at];
  const bytes = step?.kind === 'rtp' ? step.bytes : bytesOf(0x80, 96, random.bytes(20));
  const afterMs = random.pick([0, 0, 40, 160, 2000]);
  switch (random.integer(0, 10)) {
    case 0:
      steps.splice(at, random.scaled(1, 5));
      break;
    case 1:
      if (step !== undefined) steps.splice(random.integer(0, steps.length), 0, step);
      break;
    case 2:
      if (step !== undefined) steps.splice(at + random.integer(0, 6), 0, ...steps.splice(at, 1));
      break;
    case 3:
    case 4:
    case 5:
      // The header stays as it is, or else most packets would not come past it.
      steps[at] = {
        kind: 'rtp',
        afterMs,
        bytes: joinBytes(bytes.subarray(0, 12), mutate(random, bytes.subarray(12), breedOf(kind, bytes))),
      };
      break;
    case 6:
      steps[at] = { kind: 'rtp', afterMs, bytes: mutate(random, bytes, breedOf(kind, bytes)) };
      break;
    case 7:
      steps.splice(at, 0, {
        kind: 'rtcp',
        afterMs,
        bytes: mutate(random, random.pick(RTCP_CORPUS), breedOf(kind, bytes)),
      });
      break;
    case 8:
      if (random.chance(0.3))
        steps.splice(at + 1, 0, { kind: 'repeat', afterMs, count: random.scaled(1, 600) });
      break;
    case 9:
      disturbRarely(random, steps, at, bytes, kind);
      break;
    default:
      steps.splice(at, 0, { kind: random.pick(['report', 'flush'] as const), afterMs });
  }
}

/** What costs much time, once in a while. */
function disturbRarely(random: Random, steps: Step[], at: number, bytes: Uint8Array, kind: Kind): void {
  const chosen = random.integer(0, 199);
  if (chosen === 0) repeatLarge(random, steps, at, bytes);
  else if (chosen === 1) steps[at] = { kind: 'rtp', afterMs: 0, bytes: crowded(random, bytes, kind) };
  else steps.splice(at, 0, { kind: 'rtp-info', afterMs: 0, rtptime: random.next() });
}

/** The largest packet of nothing but tiny pieces. */
function crowded(random: Random, bytes: Uint8Array, { words }: Kind): Uint8Array {
  const filling = Buffer.alloc(60_000, random.pick(words));
  return joinBytes(bytes.subarray(0, 12), random.pick(words), filling);
}

/** Enough of the same to outgrow any bound. */
function repeatLarge(random: Random, steps: Step[], at: number, bytes: Uint8Array): void {
  const large = joinBytes(bytes, random.bytes(200), new Uint8Array(random.scaled(1000, 60_000)).fill(7));
  steps.splice(
    at,
    1,
    { kind: 'rtp', afterMs: 0, bytes: large },
    { kind: 'repeat', afterMs: 0, count: MAX_REPEATED_PACKETS },
  );
}
