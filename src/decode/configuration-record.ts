import type { H264ParameterSets, H265ParameterSets, VideoParameterSets } from '../media/packet.ts';
import { DecodeError } from './error.ts';

/** NAL units stand behind 4-byte lengths; the bits above are reserved as ones. */
const NAL_LENGTH_SIZE = 0xfc | 3;
const MAX_PARAMETER_SET_BYTES = 0xffff;
const MAX_PICTURE_PARAMETER_SETS = 0xff;
/** ISO 14496-15 8.3.3.1: the bytes of an hvcC before the one with the length size. */
const HVCC_GENERAL_BYTES = 21;

/**
 * The parameter sets as FFmpeg's decoders want them for packets of length-prefixed NAL units, which then need no
 * conversion: `avcC` (ISO 14496-15 5.3.3.1) or `hvcC` (8.3.3.1). Of the latter FFmpeg reads the version, the length
 * size and the parameter sets; the profile and the like between them stay zero.
 * @throws DecodeError `unusable-track` for parameter sets empty, too long or too many to be written.
 */
export function configurationRecord(parameterSets: VideoParameterSets): Buffer {
  return parameterSets.codec === 'h264' ? avcRecord(parameterSets) : hevcRecord(parameterSets);
}

function avcRecord({ sps, pps }: H264ParameterSets): Buffer {
  const [, profile, constraints, level] = sps;
  if (profile === undefined || constraints === undefined || level === undefined) {
    throw new DecodeError('unusable-track', `Cannot decode: the SPS has ${sps.byteLength} bytes`);
  }
  return Buffer.concat([
    Buffer.of(1, profile, constraints, level, NAL_LENGTH_SIZE, 0xe0 | 1),
    withLength(sps),
    Buffer.of(checkedCount(pps)),
    ...pps.map(withLength),
  ]);
}

function hevcRecord({ vps, sps, pps }: H265ParameterSets): Buffer {
  const general = Buffer.alloc(HVCC_GENERAL_BYTES);
  general[0] = 1;
  return Buffer.concat([
    general,
    Buffer.of(NAL_LENGTH_SIZE, 3),
    ...nalArray(32, [vps]),
    ...nalArray(33, [sps]),
    ...nalArray(34, pps),
  ]);
}

function nalArray(nalUnitType: number, units: readonly Uint8Array[]): Buffer[] {
  return [Buffer.of(nalUnitType, 0, checkedCount(units)), ...units.map(withLength)];
}

function checkedCount(units: readonly Uint8Array[]): number {
  if (units.length <= MAX_PICTURE_PARAMETER_SETS) return units.length;
  throw new DecodeError('unusable-track', `Cannot decode: found ${units.length} picture parameter sets`);
}

function withLength(unit: Uint8Array): Buffer {
  const { byteLength } = unit;
  if (byteLength === 0 || byteLength > MAX_PARAMETER_SET_BYTES) {
    throw new DecodeError('unusable-track', `Cannot decode: found a parameter set of ${byteLength} bytes`);
  }
  return Buffer.concat([Buffer.of(byteLength >> 8, byteLength & 0xff), unit]);
}
