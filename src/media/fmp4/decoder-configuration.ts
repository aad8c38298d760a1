import { parseAv1SequenceHeader } from '../av1.ts';
import { H264_HIGH_PROFILES, parseH264Sps } from '../h264.ts';
import { H265_NAL, parseH265Sps } from '../h265.ts';
import type {
  Av1ParameterSets,
  H264ParameterSets,
  H265ParameterSets,
  VideoParameterSets,
} from '../packet.ts';
import { bytes, encodeParts, u16, u32, u8, type Part } from './box.ts';
import { Mp4Error } from './mp4-error.ts';

/** NAL units stand behind 4-byte lengths. */
const NAL_LENGTH_SIZE_MINUS_ONE = 3;

/**
 * What tells a decoder how to start: the content of `avcC` or `hvcC`, for packets of length-prefixed NAL units, or of
 * `av1C`.
 * @throws Mp4Error `unrepresentable` for parameter sets too long or too many; BitstreamError for those that cannot be
 *   parsed.
 */
export function decoderConfiguration(parameterSets: VideoParameterSets): readonly Part[] {
  if (parameterSets.codec === 'av1') return av1Configuration(parameterSets);
  return parameterSets.codec === 'h264' ? avcConfiguration(parameterSets) : hevcConfiguration(parameterSets);
}

/** The same as bytes. */
export function encodeDecoderConfiguration(parameterSets: VideoParameterSets): Uint8Array {
  return encodeParts(decoderConfiguration(parameterSets));
}

/** `AVCDecoderConfigurationRecord`, ISO 14496-15 5.3.3.1. */
function avcConfiguration({ sps, pps }: H264ParameterSets): readonly Part[] {
  const { profileIdc, constraintFlags, levelIdc, ...format } = parseH264Sps(sps);
  if (pps.length > 0xff) {
    throw new Mp4Error('unrepresentable', `cannot write ${pps.length} picture parameter sets`);
  }
  return [
    u8(1, profileIdc, constraintFlags, levelIdc, 0xfc | NAL_LENGTH_SIZE_MINUS_ONE, 0xe0 | 1),
    ...nalUnit(sps),
    u8(pps.length),
    ...pps.flatMap(nalUnit),
    // No SPS extensions.
    ...(H264_HIGH_PROFILES.has(profileIdc) ? [sampleFormat(format), u8(0)] : []),
  ];
}

/** `HEVCDecoderConfigurationRecord`, ISO 14496-15 8.3.3.1. */
function hevcConfiguration({ vps, sps, pps }: H265ParameterSets): readonly Part[] {
  const { profile, temporalLayers, isTemporalIdNested, ...format } = parseH265Sps(sps);
  return [
    u8(1, (profile.profileSpace << 6) | (profile.tierFlag << 5) | profile.profileIdc),
    u32(profile.compatibilityFlags),
    bytes(profile.constraintFlags),
    u8(profile.levelIdc),
    // Spatial segmentation, parallelism and average frame rate unknown.
    u16(0xf000),
    u8(0xfc),
    sampleFormat(format),
    u16(0),
    u8((temporalLayers << 3) | (isTemporalIdNested ? 4 : 0) | NAL_LENGTH_SIZE_MINUS_ONE),
    u8(3),
    ...nalUnitArray(H265_NAL.vps, [vps]),
    ...nalUnitArray(H265_NAL.sps, [sps]),
    ...nalUnitArray(H265_NAL.pps, pps),
  ];
}

/** `AV1CodecConfigurationRecord`, "AV1 Codec ISO Media File Format Binding" 2.3. */
function av1Configuration({ sequenceHeader }: Av1ParameterSets): readonly Part[] {
  const header = parseAv1SequenceHeader(sequenceHeader);
  return [
    u8(
      0x80 | 1,
      (header.profile << 5) | header.levelIndex,
      (header.tier << 7) |
        ((header.bitDepth > 8 ? 1 : 0) << 6) |
        ((header.bitDepth === 12 ? 1 : 0) << 5) |
        ((header.isMonochrome ? 1 : 0) << 4) |
        (header.chromaSubsamplingX << 3) |
        (header.chromaSubsamplingY << 2) |
        header.chromaSamplePosition,
      // How long a decoder has to wait before it shows the first picture is not told.
      0,
    ),
    bytes(sequenceHeader),
  ];
}

interface SampleFormat {
  readonly chromaFormatIdc: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
}

/** Chroma format and bit depths, as both records have them: below reserved bits set to one. */
function sampleFormat({ chromaFormatIdc, bitDepthLuma, bitDepthChroma }: SampleFormat): Part {
  if (Math.max(bitDepthLuma, bitDepthChroma) > 15) {
    throw new Mp4Error('unrepresentable', 'cannot write a track of 16 bits a sample');
  }
  return u8(0xfc | chromaFormatIdc, 0xf8 | (bitDepthLuma - 8), 0xf8 | (bitDepthChroma - 8));
}

/** All NAL units of a type: the high bit says that none is in the samples, as `hvc1` demands. */
function nalUnitArray(nalUnitType: number, units: readonly Uint8Array[]): readonly Part[] {
  return [u8(0x80 | nalUnitType), u16(units.length), ...units.flatMap(nalUnit)];
}

function nalUnit(unit: Uint8Array): readonly Part[] {
  if (unit.byteLength > 0xffff) {
    throw new Mp4Error('unrepresentable', `cannot write a parameter set of ${unit.byteLength} bytes`);
  }
  return [u16(unit.byteLength), bytes(unit)];
}
