import { BitReader, BitstreamError } from './bit-reader.ts';

/** What we use of an AudioSpecificConfig (ISO 14496-3 1.6.2.1). */
export interface AudioSpecificConfig {
  /** As signalled first: 2 AAC-LC, 5 SBR (HE-AAC), 29 PS (HE-AAC v2). */
  readonly objectType: number;
  /** Rate of the core coder; with SBR the sound comes out at `outputRateHz`. */
  readonly sampleRateHz: number;
  readonly outputRateHz: number;
  /** Undefined if the stream itself describes its channels (channelConfiguration 0). */
  readonly channels: number | undefined;
  /** Samples an access unit holds for each channel, at the core coder's rate. */
  readonly frameSamples: 1024 | 960 | 512 | 480;
}

const SBR = 5;
const PS = 29;
const ER_AAC_LD = 23;
const EXPLICIT_RATE = 15;
const EXPLICIT_TYPE = 31;
const MAX_RATE_HZ = 192_000;

/** ISO 14496-3 table 1.18 */
export const AAC_RATES_HZ: readonly number[] = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
/** ISO 14496-3 table 1.19, by channelConfiguration */
const CHANNELS: readonly (number | undefined)[] = [undefined, 1, 2, 3, 4, 5, 6, 8];

/**
 * Reads an AudioSpecificConfig; only its head, which is all that RTP and MP4 need.
 * @throws BitstreamError
 */
export function parseAudioSpecificConfig(bytes: Uint8Array): AudioSpecificConfig {
  const reader = new BitReader(bytes);
  const objectType = readObjectType(reader);
  const sampleRateHz = readRate(reader);
  const channelConfiguration = reader.bits(4);
  if (channelConfiguration >= CHANNELS.length) {
    throw new BitstreamError(`reading an AudioSpecificConfig: channel configuration ${channelConfiguration}`);
  }
  const isExtended = objectType === SBR || objectType === PS;
  const outputRateHz = isExtended ? readRate(reader) : sampleRateHz;
  const coreType = isExtended ? readObjectType(reader) : objectType;
  return {
    objectType,
    sampleRateHz,
    outputRateHz,
    channels: CHANNELS[channelConfiguration],
    frameSamples: frameSamples(coreType, reader.remainingBits > 0 && reader.flag()),
  };
}

/** RFC 6381 3.3, for example `mp4a.40.2`. */
export function aacCodecString(config: AudioSpecificConfig): string {
  return `mp4a.40.${config.objectType}`;
}

function frameSamples(coreType: number, isShort: boolean): AudioSpecificConfig['frameSamples'] {
  if (coreType === ER_AAC_LD) return isShort ? 480 : 512;
  return isShort ? 960 : 1024;
}

function readObjectType(reader: BitReader): number {
  const type = reader.bits(5);
  const objectType = type === EXPLICIT_TYPE ? 32 + reader.bits(6) : type;
  if (objectType === 0) throw new BitstreamError('reading an AudioSpecificConfig: object type 0');
  return objectType;
}

function readRate(reader: BitReader): number {
  const index = reader.bits(4);
  const rateHz = index === EXPLICIT_RATE ? reader.bits(24) : AAC_RATES_HZ[index];
  if (rateHz === undefined || rateHz === 0 || rateHz > MAX_RATE_HZ) {
    throw new BitstreamError(`reading an AudioSpecificConfig: sample rate ${rateHz ?? `index ${index}`}`);
  }
  return rateHz;
}
