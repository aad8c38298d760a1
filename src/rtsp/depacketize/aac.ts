import { monotonicMs, type MonotonicMs } from '../../base/time.ts';
import { aacCodecString, parseAudioSpecificConfig } from '../../media/aac.ts';
import { BitReader, BitstreamError } from '../../media/bit-reader.ts';
import type { AacTrack } from '../../media/packet.ts';
import { PacketMemoryPool } from '../../media/packet-memory.ts';
import { Slab } from '../../media/slab.ts';
import type { SdpMedia } from '../sdp.ts';
import type { RtpPacket } from '../rtp.ts';
import { MAX_AGGREGATED_UNITS, type AccessUnitSink, type Depacketizer } from './depacketizer.ts';

const SLABS = new PacketMemoryPool(64 * 1024, 16);
/** AU sizes have at most 16 bits here; AAC-hbr has 13. */
const UNIT_LIMIT_BYTES = 64 * 1024;

/** What `a=fmtp` says about AAC in RTP (RFC 3640 4.1). */
export interface AacFormat {
  readonly audioSpecificConfig: Uint8Array;
  readonly codecString: string;
  readonly channels: number;
  /** Widths in bits of the fields of an AU header. */
  readonly sizeLength: number;
  readonly indexLength: number;
  readonly indexDeltaLength: number;
  /** Duration of an access unit in ticks of the RTP clock; may be fractional. */
  readonly unitTicks: number;
}

/** RFC 3640 3.3.5 and 3.3.6, for cameras that name the mode and leave out the widths. */
const WIDTHS_BY_MODE: Readonly<Record<string, readonly [number, number, number]>> = {
  'aac-hbr': [13, 3, 3],
  'aac-lbr': [6, 2, 2],
};
const UNSUPPORTED_FIELDS = [
  'ctsdeltalength',
  'dtsdeltalength',
  'randomaccessindication',
  'streamstateindication',
  'auxiliarydatasizelength',
];

/**
 * Reads the format parameters of an MPEG4-GENERIC track.
 * @throws BitstreamError if they are missing, malformed, or use what we do not support.
 */
export function parseAacFormat(media: SdpMedia): AacFormat {
  for (const field of UNSUPPORTED_FIELDS) {
    if (fmtpNumber(media, field, 0) !== 0) throw new BitstreamError(`reading an AAC track: it uses ${field}`);
  }
  const mode = media.fmtp.get('mode')?.toLowerCase() ?? 'aac-hbr';
  const widths = WIDTHS_BY_MODE[mode];
  if (widths === undefined) throw new BitstreamError(`reading an AAC track: mode ${mode}`);
  const sizeLength = fmtpNumber(media, 'sizelength', widths[0]);
  if (sizeLength === 0) throw new BitstreamError('reading an AAC track: units of a constant size');
  const audioSpecificConfig = parseHex(media.fmtp.get('config')?.replaceAll('"', '') ?? '');
  const config = parseAudioSpecificConfig(audioSpecificConfig);
  return {
    audioSpecificConfig,
    codecString: aacCodecString(config),
    channels: config.channels ?? media.channels,
    sizeLength,
    indexLength: fmtpNumber(media, 'indexlength', widths[1]),
    indexDeltaLength: fmtpNumber(media, 'indexdeltalength', widths[2]),
    unitTicks: (config.frameSamples * media.clockRateHz) / config.sampleRateHz,
  };
}

export function aacTrack(index: number, media: SdpMedia, format: AacFormat): AacTrack {
  return {
    kind: 'audio',
    index,
    codec: 'aac',
    audioSpecificConfig: format.audioSpecificConfig,
    codecString: format.codecString,
    clockRateHz: media.clockRateHz,
    channels: format.channels,
  };
}

function fmtpNumber(media: SdpMedia, name: string, absent: number): number {
  const value = media.fmtp.get(name);
  if (value === undefined || value === '') return absent;
  if (!/^\d{1,2}$/.test(value) || Number(value) > 16) {
    throw new BitstreamError(`reading an AAC track: ${name} is ${JSON.stringify(value.slice(0, 20))}`);
  }
  return Number(value);
}

function parseHex(hex: string): Uint8Array {
  if (!/^([0-9a-f]{2}){2,64}$/i.test(hex)) throw new BitstreamError('reading an AAC track: no usable config');
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/**
 * AAC in RTP (RFC 3640): a packet holds a table of headers, then several whole access units, or one fragment of one
 * that all headers give the whole size of. Interleaved units (an index step other than 0) are refused.
 */
export class AacDepacketizer implements Depacketizer {
  readonly #track: AacTrack;
  readonly #format: AacFormat;
  readonly #sink: AccessUnitSink;
  readonly #slab = new Slab(SLABS, UNIT_LIMIT_BYTES);
  #droppedUnits = 0;
  #isAfterLoss = true;
  /** Whole size of the unit whose fragments are coming; 0 if none is. */
  #fragmentedBytes = 0;
  /** Time stamp and arrival of that unit. */
  #timestamp = 0;
  #arrivalMs = monotonicMs(0);
  /** Time stamp of a unit of which a fragment was lost; the rest of it is ignored. */
  #damagedTimestamp: number | undefined;

  constructor(track: AacTrack, format: AacFormat, sink: AccessUnitSink) {
    this.#track = track;
    this.#format = format;
    this.#sink = sink;
  }

  get droppedUnits(): number {
    return this.#droppedUnits;
  }

  push(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    if (this.#fragmentedBytes > 0 && rtp.timestamp !== this.#timestamp) this.#dropFragments(rtp);
    const headers = this.#readHeaders(rtp);
    const isAfterLoss = this.#isAfterLoss;
    this.#isAfterLoss = false;
    if (headers === undefined) return;
    if (rtp.timestamp === this.#damagedTimestamp) return;
    this.#damagedTimestamp = undefined;
    if (this.#fragmentedBytes > 0) return this.#pushFragment(rtp, headers);
    this.#timestamp = rtp.timestamp;
    this.#arrivalMs = arrivalMs;
    const firstBytes = headers.sizes[0] ?? 0;
    if (headers.sizes.length > 1 || headers.dataStart + firstBytes <= rtp.payloadEnd) {
      return this.#pushWholeUnits(rtp, headers);
    }
    if (rtp.marker && !isAfterLoss) {
      return this.#tellMalformed(rtp, `an access unit of ${firstBytes} bytes passes the packet's end`);
    }
    this.#fragmentedBytes = firstBytes;
    if (isAfterLoss) this.#dropFragments(rtp);
    else this.#pushFragment(rtp, headers);
  }

  noteLoss(): void {
    this.#isAfterLoss = true;
    if (this.#fragmentedBytes === 0) return;
    // Told at the next packet, which has a number to tell.
    this.#slab.truncate(0);
    this.#fragmentedBytes = Number.POSITIVE_INFINITY;
  }

  flush(): void {
    this.#slab.truncate(0);
    this.#fragmentedBytes = 0;
  }

  #pushWholeUnits(rtp: RtpPacket, headers: AuHeaders): void {
    let at = headers.dataStart;
    for (let unit = 0; unit < headers.sizes.length; unit += 1) {
      const end = at + (headers.sizes[unit] ?? 0);
      if (end > rtp.payloadEnd) return this.#tellMalformed(rtp, 'access units pass the end of the packet');
      if (end > at) {
        this.#slab.append(rtp.bytes, at, end);
        this.#emit(rtp, (rtp.timestamp + Math.round(unit * this.#format.unitTicks)) % 2 ** 32);
      }
      at = end;
    }
  }

  #pushFragment(rtp: RtpPacket, headers: AuHeaders): void {
    if (headers.sizes[0] !== this.#fragmentedBytes) return this.#dropFragments(rtp);
    const fits = this.#slab.append(rtp.bytes, headers.dataStart, rtp.payloadEnd);
    if (!fits || this.#slab.unitBytes > this.#fragmentedBytes) return this.#dropFragments(rtp);
    if (this.#slab.unitBytes < this.#fragmentedBytes) return;
    this.#fragmentedBytes = 0;
    this.#emit(rtp, this.#timestamp);
  }

  #emit(rtp: RtpPacket, timestamp: number): void {
    const { data, memory } = this.#slab.finish();
    this.#sink.onUnit({
      track: this.#track,
      isKey: true,
      data,
      memory,
      timestamp,
      arrivalMs: this.#arrivalMs,
      sequence: rtp.sequence,
    });
  }

  #dropFragments(rtp: RtpPacket): void {
    this.#slab.truncate(0);
    this.#fragmentedBytes = 0;
    this.#damagedTimestamp = this.#timestamp;
    this.#droppedUnits += 1;
    this.#sink.onProblem({ kind: 'damaged', sequence: rtp.sequence, timestamp: this.#timestamp });
  }

  #readHeaders(rtp: RtpPacket): AuHeaders | undefined {
    const { bytes, payloadStart, payloadEnd } = rtp;
    if (payloadEnd - payloadStart < 2) return undefined;
    const headerBits = ((bytes[payloadStart] ?? 0) << 8) | (bytes[payloadStart + 1] ?? 0);
    const dataStart = payloadStart + 2 + Math.ceil(headerBits / 8);
    if (dataStart > payloadEnd) {
      this.#tellMalformed(rtp, `${headerBits} bits of AU headers in a shorter packet`);
      return undefined;
    }
    const reader = new BitReader(bytes.subarray(payloadStart + 2, dataStart));
    const sizes: number[] = [];
    for (let leftBits = headerBits; ;) {
      const indexBits = sizes.length === 0 ? this.#format.indexLength : this.#format.indexDeltaLength;
      leftBits -= this.#format.sizeLength + indexBits;
      if (leftBits < 0) break;
      if (sizes.length === MAX_AGGREGATED_UNITS) {
        this.#tellMalformed(rtp, `more than ${MAX_AGGREGATED_UNITS} access units in a packet`);
        return undefined;
      }
      sizes.push(reader.bits(this.#format.sizeLength));
      if (reader.bits(indexBits) !== 0 && sizes.length > 1) {
        this.#tellMalformed(rtp, 'interleaved access units');
        return undefined;
      }
    }
    return { dataStart, sizes };
  }

  #tellMalformed(rtp: RtpPacket, reason: string): void {
    this.#sink.onProblem({ kind: 'malformed', sequence: rtp.sequence, reason: `reading AAC: ${reason}` });
  }
}

/** RFC 3640 3.2.1 */
interface AuHeaders {
  /** Where the access units begin in the packet. */
  readonly dataStart: number;
  readonly sizes: readonly number[];
}
