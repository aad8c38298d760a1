import { monotonicMs, wallMs } from '../../src/base/time.ts';
import { BitstreamError } from '../../src/media/bit-reader.ts';
import { memorySource } from '../../src/media/fmp4/byte-source.ts';
import { FileMuxer } from '../../src/media/fmp4/file-muxer.ts';
import { Mp4Error } from '../../src/media/fmp4/mp4-error.ts';
import { isMp4Track } from '../../src/media/fmp4/mp4-track.ts';
import { readMp4 } from '../../src/media/fmp4/reader.ts';
import type { Packet, VideoTrack } from '../../src/media/packet.ts';
import { packetizeAac } from '../../src/rtsp/packetize/aac.ts';
import { packetizeH264 } from '../../src/rtsp/packetize/h264.ts';
import { packetizeH265 } from '../../src/rtsp/packetize/h265.ts';
import { RunOrigin } from '../../src/rtsp/rtp-clock.ts';
import { parseSdp, type SdpMedia } from '../../src/rtsp/sdp.ts';
import { describeMedia } from '../../src/rtsp/server/describe-media.ts';
import { TrackReceiver, type MediaProblem } from '../../src/rtsp/track-receiver.ts';
import { H264_BASELINE_360, H264_MAIN_1080, H265_MAIN10_362, H265_MAIN_1080 } from '../rtp/parameter-sets.ts';
import { bytesOf, sdpMedia } from '../rtp/rtp-script.ts';
import { joinBytes, mutate, type Breed } from './mutate.ts';
import { RTCP_CORPUS } from './packet-targets.ts';
import { digest } from './pieces.ts';
import type { Random } from './random.ts';
import { ensure, type FuzzTarget } from './target.ts';
import { decodeSteps, encodeSteps, healthySteps, type Pack, type Step } from './track-script.ts';

/** The largest unit, its growth to a power of two, and what waits to be put in order. */
const RECEIVER_LIMIT_BYTES = 10 * 1024 * 1024;
const MAX_UNIT_BYTES = 8 * 1024 * 1024;
/** A little more than it takes to outgrow the largest unit, and what waits to be put in order. */
const MAX_REPEATED_BYTES = 9 * 1024 * 1024;
const MAX_REPEATED_PACKETS = 600;

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
        const nals = [
          ...before,
          ...slices(random, (isFirst) => [isKey ? 0x65 : 0x41, ...(isFirst ? [0x88, 0x84] : [0x42, 0x3f])]),
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
        const type = isKey ? random.pick([0x26, 0x2a, 0x20]) : random.pick([0x02, 0x02, 0x10, 0x12]);
        const nals = [
          ...before,
          ...slices(random, (isFirst) => [type, 1, (isFirst ? 0x80 : 0) | (isKey ? 0x20 : 0x40)]),
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

/** One to three slices whose headers name PPS 0. */
function slices(random: Random, head: (isFirst: boolean) => readonly number[]): Uint8Array[] {
  return Array.from({ length: random.integer(1, 3) }, (_, order) =>
    bytesOf(...head(order === 0), random.bytes(random.scaled(1, 300))),
  );
}

export const trackTargets: readonly FuzzTarget[] = KINDS.flatMap((kind) =>
  (['tcp', 'udp'] as const).map((transport) => trackTarget(kind, transport)),
);

function trackTarget(kind: Kind, transport: 'tcp' | 'udp'): FuzzTarget {
  return {
    name: `${kind.name}-${transport}`,
    share: kind.name.startsWith('h26') ? 8 : 4,
    tolerates: [],
    retainedLimitBytes: RECEIVER_LIMIT_BYTES,
    generate: (random) => generate(random, kind),
    fedBytes,
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
  const chosen = random.integer(0, 39);
  if (chosen === 0) repeatLarge(random, steps, at, bytes);
  else if (chosen === 1) steps[at] = { kind: 'rtp', afterMs: 0, bytes: crowded(random, bytes, kind) };
  else steps.splice(at, 0, { kind: 'rtp-info', afterMs: 0, rtptime: random.next() });
}

/** The largest packet of nothing but tiny pieces. */
function crowded(random: Random, bytes: Uint8Array, { words }: Kind): Uint8Array {
  const unit = random.pick(words);
  const pieces = Array.from({ length: Math.floor(60_000 / unit.length) }, () => unit);
  return joinBytes(bytes.subarray(0, 12), random.pick(words), ...pieces);
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

/** Feeds a receiver and holds it to its promises. */
class TrackLog {
  readonly receiver: TrackReceiver;
  readonly #packets: Packet[] = [];
  readonly #digests: number[] = [];
  #nowMs = 1000;
  #last: Uint8Array = bytesOf(0x80, 96, new Uint8Array(10));
  #repeatedBytes = 0;
  #repeatedPackets = 0;
  #hasJumped = false;

  constructor(media: SdpMedia, transport: 'tcp' | 'udp', isBesidePicture: boolean) {
    const hasVideo = media.type === 'video' || isBesidePicture;
    const run = new RunOrigin({ hasVideo });
    if (media.type === 'audio' && isBesidePicture) {
      // As if the picture had begun, and its last packet had come half a second later.
      run.startMs = monotonicMs(900);
      run.leaderSeconds = 0.5;
      run.leaderArrivalMs = 1400;
    }
    this.receiver = new TrackReceiver({
      media,
      index: 0,
      transport,
      run,
      onPacket: (packet) => this.#onPacket(packet),
      onProblem: (problem) => this.#onProblem(problem),
    });
  }

  take(step: Step): void {
    this.#nowMs += step.afterMs;
    const nowMs = monotonicMs(this.#nowMs);
    switch (step.kind) {
      case 'rtp':
        this.#last = step.bytes;
        return this.#receive(step.bytes);
      case 'rtcp':
        return this.receiver.receiveRtcp(step.bytes, nowMs);
      case 'repeat':
        return this.#repeat(step.count);
      case 'rtp-info':
        return this.receiver.useRtpInfo(step.rtptime);
      case 'report': {
        const report = this.receiver.receiverReport(nowMs);
        return ensure(report === undefined || report.length < 200, 'a report is short');
      }
      case 'flush':
        return this.receiver.flush();
    }
  }

  /** @param alsoReads whether to read the file back. */
  async finish(alsoReads: boolean): Promise<void> {
    this.receiver.flush();
    for (const [name, count] of Object.entries(this.receiver.statistics)) {
      ensure(Number.isSafeInteger(count) && count >= 0, `${name} is a count`);
    }
    for (const [at, packet] of this.#packets.entries()) {
      ensure(fingerprint(packet.data) === this.#digests[at], 'a packet never changes once it is given out');
    }
    const content = this.#record();
    if (alsoReads && content !== undefined) {
      const file = await readMp4(memorySource(content.bytes));
      ensure(
        file.tornBy === undefined && file.wholeSizeBytes === content.bytes.length,
        'a file of ours is whole',
      );
      ensure(file.fragments[0]?.runs[0]?.samples.length === content.packets, 'every packet is in the file');
    }
    this.#packets.length = 0;
  }

  #repeat(count: number): void {
    const bytes = Uint8Array.from(this.#last);
    if (bytes.length < 4) return;
    for (let left = count; left > 0 && this.#mayRepeat(); left -= 1) {
      const sequence = (((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)) + 1;
      bytes[2] = (sequence >> 8) & 0xff;
      bytes[3] = sequence & 0xff;
      this.#repeatedBytes += bytes.length;
      this.#repeatedPackets += 1;
      this.#receive(bytes);
    }
  }

  #mayRepeat(): boolean {
    return this.#repeatedBytes < MAX_REPEATED_BYTES && this.#repeatedPackets < MAX_REPEATED_PACKETS;
  }

  /** The bytes are valid during the call only, so they are overwritten after it. */
  #receive(bytes: Uint8Array): void {
    const copy = Uint8Array.from(bytes);
    this.receiver.receiveRtp(copy, monotonicMs(this.#nowMs));
    copy.fill(0xee);
  }

  #onPacket(packet: Packet): void {
    ensure(!this.#hasJumped, 'nothing follows a jump of time');
    const last = this.#packets.at(-1);
    ensure(last === undefined || packet.dts > last.dts, 'decoding times increase');
    ensure(Number.isSafeInteger(packet.dts) && Number.isSafeInteger(packet.pts), 'times are whole numbers');
    ensure(packet.data.length > 0 && packet.data.length <= MAX_UNIT_BYTES, 'a packet has a bounded size');
    if (packet.track.kind === 'video') checkPicture(packet, packet.track);
    ensure(last !== undefined || packet.isKey, 'a stream begins with a key packet');
    this.#packets.push(packet);
    this.#digests.push(fingerprint(packet.data));
  }

  #onProblem(problem: MediaProblem): void {
    if (problem.kind === 'time-jump') this.#hasJumped = true;
    if (problem.kind === 'lost') ensure(problem.count > 0 && problem.count < 3000, 'a loss has a size');
    if ('sequence' in problem && problem.sequence !== undefined) {
      ensure(problem.sequence >= 0 && problem.sequence <= 0xffff, 'a sequence number has 16 bits');
    }
    if ('reason' in problem) ensure(problem.reason.length < 400, 'a reason is short');
  }

  /** The packets of the first track object as a file; undefined if it cannot hold them. */
  #record(): { bytes: Uint8Array; packets: number } | undefined {
    const track = this.#packets[0]?.track;
    if (track === undefined || !isMp4Track(track)) return undefined;
    const packets = this.#packets.filter((packet) => packet.track === track);
    try {
      const muxer = new FileMuxer({ tracks: [track], createdAt: wallMs(0) });
      const pieces = muxer.encode([{ track, packets, nextDts: undefined }]);
      return { bytes: new Uint8Array(Buffer.concat(pieces)), packets: packets.length };
    } catch (error) {
      if (error instanceof Mp4Error || error instanceof BitstreamError) return undefined;
      throw error;
    }
  }
}

/** Of the ends of a packet: enough to see its buffer written over, and quick. */
function fingerprint(data: Uint8Array): number {
  return digest(data.subarray(0, 32)) ^ digest(data.subarray(-32));
}

/** NAL units behind their lengths, no parameter sets among them, and key slices exactly in key packets. */
function checkPicture({ data, isKey }: Packet, { codec }: VideoTrack): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let hasKeySlice = false;
  let hasSlice = false;
  for (let at = 0; at < data.length;) {
    ensure(at + 4 < data.length, 'a NAL unit stands behind its length');
    const length = view.getUint32(at);
    ensure(
      length > (codec === 'h264' ? 1 : 2) && at + 4 + length <= data.length,
      'NAL units fill their packet',
    );
    const first = view.getUint8(at + 4);
    const type = codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
    ensure(
      codec === 'h264' ? type < 7 || type > 13 : type < 32 || type > 38,
      'a packet holds no parameter sets',
    );
    hasKeySlice ||= codec === 'h264' ? type === 5 : type >= 16 && type <= 21;
    hasSlice ||= codec === 'h264' ? type <= 5 : type <= 21;
    at += 4 + length;
  }
  ensure(hasSlice, 'a picture has a slice');
  ensure(hasKeySlice === isKey, 'a key packet has a key slice, and no other has');
}
