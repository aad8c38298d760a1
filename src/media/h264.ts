import { BitReader, BitstreamError } from './bit-reader.ts';
import { hexByte, removeEmulationPrevention } from './nal.ts';
import { VIDEO_CLOCK_RATE_HZ, type VideoTrack } from './packet.ts';
import { readVideoSignal } from './video-signal.ts';
import { checkedPictureSize } from './picture-size.ts';

/** NAL unit types (ISO 14496-10 table 7-1) that we treat specially. */
export const H264_NAL = {
  slice: 1,
  slicePartitionA: 2,
  slicePartitionB: 3,
  slicePartitionC: 4,
  idr: 5,
  sei: 6,
  sps: 7,
  pps: 8,
  prefix: 14,
  auxiliarySlice: 19,
  extensionSlice: 20,
  depthSlice: 21,
} as const;

/**
 * Whether a NAL unit of this type begins a slice of the picture. Partitions B and C do not: they stand behind the A of their slice,
 * or, where it is lost, for nothing.
 */
export function isH264Slice(type: number): boolean {
  return type === H264_NAL.slice || type === H264_NAL.slicePartitionA || type === H264_NAL.idr;
}

/** What we use of a sequence parameter set (ISO 14496-10 7.3.2.1 and annex E). */
export interface H264Sps {
  /** 0..31 */
  readonly id: number;
  readonly profileIdc: number;
  /** The byte of constraint_set flags between profile and level, as avcC repeats it. */
  readonly constraintFlags: number;
  /** Ten times the level, for example 31. */
  readonly levelIdc: number;
  /** 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4 */
  readonly chromaFormatIdc: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  /** Size after cropping. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** How many pictures may precede one in decoding order and follow it in output order; undefined if not declared. */
  readonly reorderDepth: number | undefined;
  readonly isFullRange: boolean;
  readonly framesPerSecond: number | undefined;
}

/** Profiles whose SPS carries chroma format and bit depth (7.3.2.1.1); avcC repeats those for most of them. */
export const H264_HIGH_PROFILES: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
]);
/** Profiles that constraint_set3_flag restricts to intra pictures, hence no reordering (E.2.1). */
const INTRA_CAPABLE_PROFILES: ReadonlySet<number> = new Set([44, 86, 100, 110, 122, 244]);
const BASELINE_PROFILE = 66;
const MAX_DPB_FRAMES = 16;
const ANY_UE = 2 ** 32 - 1;

interface H264Vui {
  readonly isFullRange: boolean;
  readonly framesPerSecond: number | undefined;
  readonly maxReorderFrames: number | undefined;
}

const NO_VUI: H264Vui = { isFullRange: false, framesPerSecond: undefined, maxReorderFrames: undefined };

/**
 * Reads a sequence parameter set.
 * @param nal bare NAL unit: header byte first, emulation prevention kept.
 * @throws BitstreamError
 */
export function parseH264Sps(nal: Uint8Array): H264Sps {
  const reader = parameterSetReader(nal, H264_NAL.sps, 'SPS');
  const profileIdc = reader.bits(8);
  const constraintFlags = reader.bits(8);
  const levelIdc = reader.bits(8);
  const id = reader.ue('seq_parameter_set_id', 31);
  const format = readSampleFormat(reader, profileIdc);
  reader.ue('log2_max_frame_num_minus4', 12);
  const pocType = readPocType(reader);
  reader.ue('max_num_ref_frames', ANY_UE);
  reader.skip(1);
  const size = readSize(reader, format);
  const vui = reader.flag() ? readVuiTolerantly(reader) : NO_VUI;
  const neverReorders =
    pocType === 2 ||
    profileIdc === BASELINE_PROFILE ||
    (INTRA_CAPABLE_PROFILES.has(profileIdc) && (constraintFlags & 0x10) !== 0);
  return {
    id,
    profileIdc,
    constraintFlags,
    levelIdc,
    chromaFormatIdc: format.chromaFormatIdc,
    bitDepthLuma: format.bitDepthLuma,
    bitDepthChroma: format.bitDepthChroma,
    ...size,
    reorderDepth: neverReorders ? 0 : vui.maxReorderFrames,
    isFullRange: vui.isFullRange,
    framesPerSecond: vui.framesPerSecond,
  };
}

/**
 * Reads which picture parameter set this is and which SPS it refers to.
 * @throws BitstreamError
 */
export function parseH264PpsIds(nal: Uint8Array): { readonly id: number; readonly spsId: number } {
  const reader = parameterSetReader(nal, H264_NAL.pps, 'PPS');
  return { id: reader.ue('pic_parameter_set_id', 255), spsId: reader.ue('seq_parameter_set_id', 31) };
}

/**
 * The picture parameter set that a slice refers to (7.3.3).
 * @param nal a slice NAL unit, of which the first 32 bytes suffice.
 * @throws BitstreamError
 */
export function h264SlicePpsId(nal: Uint8Array): number {
  const reader = new BitReader(removeEmulationPrevention(nal));
  reader.skip(8);
  reader.ue('first_mb_in_slice', ANY_UE);
  reader.ue('slice_type', 9);
  return reader.ue('pic_parameter_set_id', 255);
}

/** RFC 6381 3.3, for example `avc1.4d401f`. */
export function h264CodecString(sps: H264Sps): string {
  return `avc1.${hexByte(sps.profileIdc)}${hexByte(sps.constraintFlags)}${hexByte(sps.levelIdc)}`;
}

/**
 * The track that these parameter sets (bare NAL units) describe.
 * @throws BitstreamError
 */
export function h264Track(index: number, sps: Uint8Array, pps: readonly Uint8Array[]): VideoTrack {
  const parsed = parseH264Sps(sps);
  return {
    kind: 'video',
    index,
    codec: 'h264',
    parameterSets: { codec: 'h264', sps, pps },
    widthPx: parsed.widthPx,
    heightPx: parsed.heightPx,
    codecString: h264CodecString(parsed),
    reorderDepth: parsed.reorderDepth,
    isFullRange: parsed.isFullRange,
    clockRateHz: VIDEO_CLOCK_RATE_HZ,
  };
}

function parameterSetReader(nal: Uint8Array, type: number, name: string): BitReader {
  const reader = new BitReader(removeEmulationPrevention(nal));
  const found = reader.bits(8) & 0x1f;
  if (found !== type) throw new BitstreamError(`reading an H.264 ${name}: the NAL unit has type ${found}`);
  return reader;
}

interface SampleFormat {
  readonly chromaFormatIdc: number;
  readonly isSeparatePlanes: boolean;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
}

function readSampleFormat(reader: BitReader, profileIdc: number): SampleFormat {
  if (!H264_HIGH_PROFILES.has(profileIdc)) {
    return { chromaFormatIdc: 1, isSeparatePlanes: false, bitDepthLuma: 8, bitDepthChroma: 8 };
  }
  const chromaFormatIdc = reader.ue('chroma_format_idc', 3);
  const isSeparatePlanes = chromaFormatIdc === 3 && reader.flag();
  const bitDepthLuma = 8 + reader.ue('bit_depth_luma_minus8', 6);
  const bitDepthChroma = 8 + reader.ue('bit_depth_chroma_minus8', 6);
  reader.skip(1);
  if (reader.flag()) skipScalingMatrix(reader, chromaFormatIdc === 3 ? 12 : 8);
  return { chromaFormatIdc, isSeparatePlanes, bitDepthLuma, bitDepthChroma };
}

function skipScalingMatrix(reader: BitReader, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (!reader.flag()) continue;
    const size = list < 6 ? 16 : 64;
    let last = 8;
    let next = 8;
    for (let at = 0; at < size && next !== 0; at += 1) {
      next = (last + reader.se('delta_scale') + 256) & 0xff;
      last = next === 0 ? last : next;
    }
  }
}

function readPocType(reader: BitReader): number {
  const pocType = reader.ue('pic_order_cnt_type', 2);
  if (pocType === 0) reader.ue('log2_max_pic_order_cnt_lsb_minus4', 12);
  if (pocType !== 1) return pocType;
  reader.skip(1);
  reader.se('offset_for_non_ref_pic');
  reader.se('offset_for_top_to_bottom_field');
  const frames = reader.ue('num_ref_frames_in_pic_order_cnt_cycle', 255);
  for (let frame = 0; frame < frames; frame += 1) reader.se('offset_for_ref_frame');
  return pocType;
}

function readSize(reader: BitReader, format: SampleFormat) {
  const widthMbs = 1 + reader.ue('pic_width_in_mbs_minus1', 1023);
  const heightMapUnits = 1 + reader.ue('pic_height_in_map_units_minus1', 1023);
  const isFramesOnly = reader.flag();
  if (!isFramesOnly) reader.skip(1);
  reader.skip(1);
  const fieldFactor = isFramesOnly ? 1 : 2;
  let cropX = 0;
  let cropY = 0;
  if (reader.flag()) {
    const chroma = format.isSeparatePlanes ? 0 : format.chromaFormatIdc;
    const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
    const unitY = (chroma === 1 ? 2 : 1) * fieldFactor;
    cropX = unitX * (reader.ue('crop_left', 16384) + reader.ue('crop_right', 16384));
    cropY = unitY * (reader.ue('crop_top', 16384) + reader.ue('crop_bottom', 16384));
  }
  return checkedPictureSize(16 * widthMbs - cropX, 16 * heightMapUnits * fieldFactor - cropY);
}

/** Cameras exist whose VUI is cut short or nonsense while the picture is fine; those have declared nothing. */
function readVuiTolerantly(reader: BitReader): H264Vui {
  try {
    return readVui(reader);
  } catch (error) {
    if (error instanceof BitstreamError) return NO_VUI;
    throw error;
  }
}

function readVui(reader: BitReader): H264Vui {
  const isFullRange = readVideoSignal(reader);
  const framesPerSecond = reader.flag() ? readFrameRate(reader) : undefined;
  return { isFullRange, framesPerSecond, maxReorderFrames: readMaxReorderFrames(reader) };
}

/** Two ticks make a frame (E.2.1, time_scale). */
function readFrameRate(reader: BitReader): number | undefined {
  const unitsInTick = reader.bits(32);
  const timeScale = reader.bits(32);
  reader.skip(1);
  const framesPerSecond = timeScale / (2 * unitsInTick);
  return framesPerSecond > 0 && framesPerSecond <= 1000 ? framesPerSecond : undefined;
}

function readMaxReorderFrames(reader: BitReader): number | undefined {
  const hasNalHrd = reader.flag();
  if (hasNalHrd) skipHrd(reader);
  const hasVclHrd = reader.flag();
  if (hasVclHrd) skipHrd(reader);
  if (hasNalHrd || hasVclHrd) reader.skip(1);
  reader.skip(1);
  if (!reader.flag()) return undefined;
  reader.skip(1);
  reader.ue('max_bytes_per_pic_denom', 16);
  reader.ue('max_bits_per_mb_denom', 16);
  reader.ue('log2_max_mv_length_horizontal', 32);
  reader.ue('log2_max_mv_length_vertical', 32);
  return reader.ue('max_num_reorder_frames', MAX_DPB_FRAMES);
}

function skipHrd(reader: BitReader): void {
  const schedules = 1 + reader.ue('cpb_cnt_minus1', 31);
  reader.skip(8);
  for (let schedule = 0; schedule < schedules; schedule += 1) {
    reader.ue('bit_rate_value_minus1', ANY_UE);
    reader.ue('cpb_size_value_minus1', ANY_UE);
    reader.skip(1);
  }
  reader.skip(20);
}
