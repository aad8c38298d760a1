import { monotonicMs } from '../../src/base/time.ts';
import type { AccessUnit, AccessUnitSink, Depacketizer } from '../../src/rtsp/depacketize/depacketizer.ts';
import type { MediaProblem } from '../../src/rtsp/media-problem.ts';
import { RtpPacket } from '../../src/rtsp/rtp.ts';
import type { SdpMedia } from '../../src/rtsp/sdp.ts';

export interface RtpFields {
  readonly payload: Uint8Array;
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker?: boolean;
  readonly payloadType?: number;
  readonly ssrc?: number;
}

/** An RTP packet with the fixed header only. */
export function rtpBytes(fields: RtpFields): Uint8Array {
  const bytes = Buffer.alloc(12 + fields.payload.length);
  bytes[0] = 0x80;
  bytes[1] = (fields.marker === true ? 0x80 : 0) | (fields.payloadType ?? 96);
  bytes.writeUInt16BE(fields.sequence & 0xffff, 2);
  bytes.writeUInt32BE(fields.timestamp % 2 ** 32, 4);
  bytes.writeUInt32BE(fields.ssrc ?? 0x11223344, 8);
  bytes.set(fields.payload, 12);
  return bytes;
}

export function sdpMedia(encoding: string, fields: Partial<SdpMedia> = {}): SdpMedia {
  const isVideo = encoding.startsWith('H26') || encoding === 'AV1';
  return {
    type: isVideo ? 'video' : 'audio',
    payloadType: 96,
    encoding,
    clockRateHz: isVideo ? 90_000 : 8_000,
    channels: 1,
    fmtp: new Map(),
    control: undefined,
    ...fields,
  };
}

/** Collects what a depacketizer gives. */
export class CollectingSink implements AccessUnitSink {
  readonly units: AccessUnit[] = [];
  readonly problems: MediaProblem[] = [];

  onUnit(unit: AccessUnit): void {
    this.units.push(unit);
  }

  onProblem(problem: MediaProblem): void {
    this.problems.push(problem);
  }

  get kinds(): string[] {
    return this.problems.map((problem) => problem.kind);
  }
}

/** Numbers and feeds RTP packets; `lose` leaves a number out, as a network would. */
export class RtpFeed {
  readonly #depacketizer: Depacketizer;
  readonly #rtp = new RtpPacket();
  #sequence = 65_530;

  constructor(depacketizer: Depacketizer) {
    this.#depacketizer = depacketizer;
  }

  send(payload: Uint8Array, timestamp: number, marker = false): void {
    this.#rtp.parse(rtpBytes({ payload, sequence: this.#sequence, timestamp, marker }));
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#depacketizer.push(this.#rtp, monotonicMs(timestamp / 90));
  }

  lose(): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#depacketizer.noteLoss();
  }
}

/** The NAL units of a packet's data, which stand behind 4-byte lengths. */
export function splitLengths(data: Uint8Array): Uint8Array[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const nals: Uint8Array[] = [];
  for (let at = 0; at < data.length;) {
    const length = view.getUint32(at);
    nals.push(data.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return nals;
}

export function bytesOf(...values: (number | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => (typeof value === 'number' ? [value] : [...value])));
}

/** FU-A or (with two header bytes) H.265 FU payloads of one NAL unit. */
export function fragments(nal: Uint8Array, headerBytes: 1 | 2, fragmentBytes: number): Uint8Array[] {
  const first = nal[0] ?? 0;
  const type = headerBytes === 1 ? first & 0x1f : (first >> 1) & 0x3f;
  const header =
    headerBytes === 1 ? bytesOf((first & 0xe0) | 28) : bytesOf((first & 0x81) | (49 << 1), nal[1] ?? 0);
  const payloads: Uint8Array[] = [];
  for (let at = headerBytes; at < nal.length; at += fragmentBytes) {
    const end = Math.min(nal.length, at + fragmentBytes);
    const flags = (at === headerBytes ? 0x80 : 0) | (end === nal.length ? 0x40 : 0);
    payloads.push(bytesOf(header, flags | type, nal.subarray(at, end)));
  }
  return payloads;
}

/** STAP-A or (with two header bytes) an H.265 aggregation packet. */
export function aggregate(nals: readonly Uint8Array[], headerBytes: 1 | 2): Uint8Array {
  const header = headerBytes === 1 ? bytesOf(24) : bytesOf(48 << 1, 1);
  return bytesOf(header, ...nals.flatMap((nal) => [nal.length >> 8, nal.length & 0xff, nal]));
}
