import type { MonotonicMs } from '../../base/time.ts';
import { aacCodecString, parseAudioSpecificConfig } from '../../media/aac.ts';
import { BitstreamError } from '../../media/bit-reader.ts';
import type { AacTrack } from '../../media/packet.ts';
import { Slab } from '../../media/slab.ts';
import type { SdpMedia } from '../sdp.ts';
import type { RtpPacket } from '../rtp.ts';
import type { AccessUnitSink, Depacketizer } from './depacketizer.ts';

const SLAB_BYTES = 64 * 1024;
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
  const audioSpecificConfig = parseHex(media.fmtp.get('config') ?? '');
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
  readonly #slab = new Slab(SLAB_BYTES, UNIT_LIMIT_BYTES);
  #droppedUnits = 0;
  /** Size of the unit whose fragments are coming; 0 if none is. */
  #fragmentedBytes = 0;
  #fragmentTimestamp = 0;
  #fragmentArrivalMs: MonotonicMs;
  /** The rest of a damaged unit is ignored: its time stamp. */
  #damagedTimestamp: number | undefined;

  constructor(track: AacTrack, format: AacFormat, sink: AccessUnitSink, nowMs: MonotonicMs) {
    this.#track = track;
    this.#format = format;
    this.#sink = sink;
    this.#fragmentArrivalMs = nowMs;
  }

  get droppedUnits(): number {
    return this.#droppedUnits;
  }

  push(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
  }

  noteLoss(): void {}
  flush(): void {}
}
