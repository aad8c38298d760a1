import { BitReader, BitstreamError } from './bit-reader.ts';
import { removeEmulationPrevention } from './nal.ts';
import { VIDEO_CLOCK_RATE_HZ, type H265ParameterSets, type VideoTrack } from './packet.ts';
import { readVideoSignal } from './video-signal.ts';
import { checkedPictureSize } from './picture-size.ts';

/** NAL unit types (ISO 23008-2 table 7-1) that we treat specially. */
export const H265_NAL = {
  raslN: 8,
  raslR: 9,
  blaFirst: 16,
  blaLast: 18,
  cra: 21,
  /** Types 16..23 are intra random access points, of which 22 and 23 are reserved. */
  irapLast: 23,
  sliceLast: 31,
  vps: 32,
  sps: 33,
  pps: 34,
  prefixSei: 39,
  suffixSei: 40,
} as const;

/** The general part of profile_tier_level (ISO 23008-2 7.3.3), as hvcC repeats it. */
export interface H265Profile {
  readonly profileSpace: number;
  /** 0 main tier, 1 high tier */
  readonly tierFlag: number;
  readonly profileIdc: number;
  /** 32 flags, flag 0 in the most significant bit. */
  readonly compatibilityFlags: number;
  /** 6 bytes: progressive, interlaced, non-packed, frame-only and the reserved constraint flags. */
  readonly constraintFlags: Uint8Array;
  /** Thirty times the level, for example 93. */
  readonly levelIdc: number;
}

/** What we use of a sequence parameter set (ISO 23008-2 7.3.2.2 and annex E). */
export interface H265Sps {
  /** 0..15 */
  readonly id: number;
  readonly vpsId: number;
  readonly profile: H265Profile;
  /** Temporal layers, 1..7. */
  readonly temporalLayers: number;
  readonly isTemporalIdNested: boolean;
  /** 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4 */
  readonly chromaFormatIdc: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  /** Size after the conformance window. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** sps_max_num_reorder_pics of the highest temporal layer. */
  readonly reorderDepth: number;
  readonly isFullRange: boolean;
  readonly framesPerSecond: number | undefined;
}

const ANY_UE = 2 ** 32 - 1;

interface H265Vui {
  readonly isFullRange: boolean;
  readonly framesPerSecond: number | undefined;
}

const NO_VUI: H265Vui = { isFullRange: false, framesPerSecond: undefined };

/**
 * Reads a sequence parameter set.
 * @param nal bare NAL unit: two header bytes first, emulation prevention kept.
 * @throws BitstreamError
 */
export function parseH265Sps(nal: Uint8Array): H265Sps {
  const reader = parameterSetReader(nal, H265_NAL.sps, 'SPS');
  const vpsId = reader.bits(4);
  const maxSubLayersMinus1 = reader.bits(3);
  if (maxSubLayersMinus1 > 6) throw new BitstreamError('reading an H.265 SPS: eight temporal layers');
  const isTemporalIdNested = reader.flag();
  const profile = readProfile(reader, maxSubLayersMinus1);
  const id = reader.ue('sps_seq_parameter_set_id', 15);
  const chromaFormatIdc = reader.ue('chroma_format_idc', 3);
  const isSeparatePlanes = chromaFormatIdc === 3 && reader.flag();
  const size = readSize(reader, isSeparatePlanes ? 0 : chromaFormatIdc);
  const bitDepthLuma = 8 + reader.ue('bit_depth_luma_minus8', 8);
  const bitDepthChroma = 8 + reader.ue('bit_depth_chroma_minus8', 8);
  const pocBits = 4 + reader.ue('log2_max_pic_order_cnt_lsb_minus4', 12);
  const reorderDepth = readReorderDepth(reader, maxSubLayersMinus1);
  const vui = readVuiTolerantly(reader, pocBits);
  return {
    id,
    vpsId,
    profile,
    temporalLayers: maxSubLayersMinus1 + 1,
    isTemporalIdNested,
    chromaFormatIdc,
    bitDepthLuma,
    bitDepthChroma,
    ...size,
    reorderDepth,
    ...vui,
  };
}

/**
 * Reads which video parameter set this is.
 * @throws BitstreamError
 */
export function parseH265VpsId(nal: Uint8Array): number {
  return parameterSetReader(nal, H265_NAL.vps, 'VPS').bits(4);
}

/**
 * Reads which picture parameter set this is and which SPS it refers to.
 * @throws BitstreamError
 */
export function parseH265PpsIds(nal: Uint8Array): { readonly id: number; readonly spsId: number } {
  const reader = parameterSetReader(nal, H265_NAL.pps, 'PPS');
  return { id: reader.ue('pps_pic_parameter_set_id', 63), spsId: reader.ue('pps_seq_parameter_set_id', 15) };
}

/**
 * The picture parameter set that a slice segment refers to (7.3.6.1).
 * @param nal a slice NAL unit, of which the first 32 bytes suffice.
 * @throws BitstreamError
 */
export function h265SlicePpsId(nal: Uint8Array): number {
  const reader = new BitReader(removeEmulationPrevention(nal));
  const type = (reader.bits(16) >> 9) & 0x3f;
  const isIrap = type >= H265_NAL.blaFirst && type <= H265_NAL.irapLast;
  reader.skip(isIrap ? 2 : 1);
  return reader.ue('slice_pic_parameter_set_id', 63);
}

/** ISO 14496-15 annex E.3, for example `hvc1.1.6.L93.b0`. */
export function h265CodecString(sps: H265Sps): string {
  const { profileSpace, profileIdc, compatibilityFlags, tierFlag, levelIdc, constraintFlags } = sps.profile;
  const space = ['', 'A', 'B', 'C'][profileSpace] ?? '';
  const tier = tierFlag === 1 ? 'H' : 'L';
  const used = constraintFlags.findLastIndex((byte) => byte !== 0) + 1;
  const constraints = Array.from(constraintFlags.subarray(0, used), (byte) => `.${byte.toString(16)}`);
  const compatibility = reverse32(compatibilityFlags).toString(16);
  return `hvc1.${space}${profileIdc}.${compatibility}.${tier}${levelIdc}${constraints.join('')}`;
}

/**
 * The track that these parameter sets describe.
 * @throws BitstreamError
 */
export function h265Track(index: number, parameterSets: H265ParameterSets): VideoTrack {
  const parsed = parseH265Sps(parameterSets.sps);
  return {
    kind: 'video',
    index,
    codec: 'h265',
    parameterSets,
    widthPx: parsed.widthPx,
    heightPx: parsed.heightPx,
    codecString: h265CodecString(parsed),
    reorderDepth: parsed.reorderDepth,
    isFullRange: parsed.isFullRange,
    clockRateHz: VIDEO_CLOCK_RATE_HZ,
  };
}

function parameterSetReader(nal: Uint8Array, type: number, name: string): BitReader {
  const reader = new BitReader(removeEmulationPrevention(nal));
  const found = (reader.bits(16) >> 9) & 0x3f;
  if (found !== type) throw new BitstreamError(`reading an H.265 ${name}: the NAL unit has type ${found}`);
  return reader;
}

function reverse32(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) reversed = reversed * 2 + ((value >>> bit) & 1);
  return reversed;
}

function readProfile(reader: BitReader, maxSubLayersMinus1: number): H265Profile {
  const profileSpace = reader.bits(2);
  const tierFlag = reader.bits(1);
  const profileIdc = reader.bits(5);
  const compatibilityFlags = reader.bits(32);
  const constraintFlags = Uint8Array.from({ length: 6 }, () => reader.bits(8));
  const levelIdc = reader.bits(8);
  skipSubLayerProfiles(reader, maxSubLayersMinus1);
  return { profileSpace, tierFlag, profileIdc, compatibilityFlags, constraintFlags, levelIdc };
}

function skipSubLayerProfiles(reader: BitReader, subLayers: number): void {
  if (subLayers === 0) return;
  const present = reader.bits(16);
  for (let layer = 0; layer < subLayers; layer += 1) {
    const flags = (present >> (14 - 2 * layer)) & 3;
    if ((flags & 2) !== 0) reader.skip(88);
    if ((flags & 1) !== 0) reader.skip(8);
  }
}

function readSize(reader: BitReader, chromaFormatIdc: number) {
  const codedWidthPx = reader.ue('pic_width_in_luma_samples', 16_384);
  const codedHeightPx = reader.ue('pic_height_in_luma_samples', 16_384);
  if (!reader.flag()) return checkedPictureSize(codedWidthPx, codedHeightPx);
  const unitX = chromaFormatIdc === 1 || chromaFormatIdc === 2 ? 2 : 1;
  const unitY = chromaFormatIdc === 1 ? 2 : 1;
  const cropX = unitX * (reader.ue('conf_win_left', 16_384) + reader.ue('conf_win_right', 16_384));
  const cropY = unitY * (reader.ue('conf_win_top', 16_384) + reader.ue('conf_win_bottom', 16_384));
  return checkedPictureSize(codedWidthPx - cropX, codedHeightPx - cropY);
}

function readReorderDepth(reader: BitReader, maxSubLayersMinus1: number): number {
  const layers = reader.flag() ? maxSubLayersMinus1 + 1 : 1;
  let depth = 0;
  for (let layer = 0; layer < layers; layer += 1) {
    reader.ue('sps_max_dec_pic_buffering_minus1', 15);
    depth = reader.ue('sps_max_num_reorder_pics', 15);
    reader.ue('sps_max_latency_increase_plus1', ANY_UE);
  }
  return depth;
}

/** What follows the reorder depth matters little to us, so an SPS that is nonsense from there on is still used. */
function readVuiTolerantly(reader: BitReader, pocBits: number): H265Vui {
  try {
    skipCodingTools(reader, pocBits);
    return reader.flag() ? readVui(reader) : NO_VUI;
  } catch (error) {
    if (error instanceof BitstreamError) return NO_VUI;
    throw error;
  }
}

function skipCodingTools(reader: BitReader, pocBits: number): void {
  for (const name of [
    'log2_min_cb',
    'log2_diff_cb',
    'log2_min_tb',
    'log2_diff_tb',
    'inter_depth',
    'intra_depth',
  ]) {
    reader.ue(name, 32);
  }
  if (reader.flag() && reader.flag()) skipScalingLists(reader);
  reader.skip(2);
  if (reader.flag()) {
    reader.skip(8);
    reader.ue('log2_min_pcm_luma_coding_block_size_minus3', 32);
    reader.ue('log2_diff_max_min_pcm_luma_coding_block_size', 32);
    reader.skip(1);
  }
  skipShortTermSets(reader);
  if (reader.flag()) {
    const longTermPictures = reader.ue('num_long_term_ref_pics_sps', 32);
    reader.skip(longTermPictures * (pocBits + 1));
  }
  reader.skip(2);
}

/** 7.3.4 */
function skipScalingLists(reader: BitReader): void {
  for (let sizeId = 0; sizeId < 4; sizeId += 1) {
    for (let matrixId = 0; matrixId < 6; matrixId += sizeId === 3 ? 3 : 1) {
      if (!reader.flag()) {
        reader.ue('scaling_list_pred_matrix_id_delta', 5);
        continue;
      }
      if (sizeId > 1) reader.se('scaling_list_dc_coef_minus8');
      const coefficients = Math.min(64, 4 ** (sizeId + 2));
      for (let at = 0; at < coefficients; at += 1) reader.se('scaling_list_delta_coef');
    }
  }
}

/** 7.3.7: a set is listed, or predicted from the one before; the prediction needs that one's number of pictures. */
function skipShortTermSets(reader: BitReader): void {
  const sets = reader.ue('num_short_term_ref_pic_sets', 64);
  let pictures = 0;
  for (let set = 0; set < sets; set += 1) {
    pictures = set > 0 && reader.flag() ? skipPredictedSet(reader, pictures) : skipListedSet(reader);
  }
}

function skipPredictedSet(reader: BitReader, referencePictures: number): number {
  reader.skip(1);
  reader.ue('abs_delta_rps_minus1', 32_767);
  let pictures = 0;
  for (let at = 0; at <= referencePictures; at += 1) {
    const isUsedByCurrent = reader.flag();
    if (isUsedByCurrent || reader.flag()) pictures += 1;
  }
  return pictures;
}

function skipListedSet(reader: BitReader): number {
  const pictures = reader.ue('num_negative_pics', 16) + reader.ue('num_positive_pics', 16);
  for (let at = 0; at < pictures; at += 1) {
    reader.ue('delta_poc_minus1', 32_767);
    reader.skip(1);
  }
  return pictures;
}

function readVui(reader: BitReader): H265Vui {
  const isFullRange = readVideoSignal(reader);
  reader.skip(3);
  if (reader.flag()) for (let side = 0; side < 4; side += 1) reader.ue('def_disp_win_offset', 16_384);
  return { isFullRange, framesPerSecond: reader.flag() ? readFrameRate(reader) : undefined };
}

function readFrameRate(reader: BitReader): number | undefined {
  const unitsInTick = reader.bits(32);
  const framesPerSecond = reader.bits(32) / unitsInTick;
  return framesPerSecond > 0 && framesPerSecond <= 1000 ? framesPerSecond : undefined;
}
