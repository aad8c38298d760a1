import type { VideoPacket } from '../media/packet.ts';

/** Bytes of the length before a NAL unit. */
const LENGTH_BYTES = 4;
/** H.264: types 1 to 5 are slices (ISO 14496-10 table 7-1). */
const LAST_H264_SLICE = 5;
/** H.265: up to 31 are slices; even ones up to 14 are not referred to in their sub-layer (ISO 23008-2 table 7-1). */
const LAST_H265_SLICE = 31;
const LAST_SUB_LAYER_NON_REFERENCE = 14;
const H264_IDR = 5;
/** 16 to 18 are BLA, 19 and 20 IDR pictures. */
const FIRST_H265_BLA = 16;
const LAST_H265_IDR = 20;

/**
 * Whether other pictures may be predicted from this one; otherwise it can be left out without harm to any other. So are
 * B pictures as a rule, and the upper of the temporal layers of cameras that send such. Of what makes no sense it says
 * true.
 */
export function isReference({ data, track, isKey }: VideoPacket): boolean {
  if (isKey) return true;
  const { parameterSets } = track;
  // What an AV1 frame replaces stands behind much that depends on the frames before.
  if (parameterSets.codec === 'av1') return true;
  const slice = firstSlice(data, parameterSets.codec === 'h264' ? isH264Slice : isH265Slice);
  if (slice === undefined) return true;
  const [first = 0, second = 0] = slice;
  if (parameterSets.codec === 'h264') return (first & 0x60) !== 0;
  const type = (first >> 1) & 0x3f;
  const layer = (second & 7) - 1;
  // sps_max_sub_layers_minus1, ISO 23008-2 7.3.2.2: a higher layer may refer to what its own layer does not.
  const highestLayer = ((parameterSets.sps[2] ?? 0xff) >> 1) & 7;
  return type > LAST_SUB_LAYER_NON_REFERENCE || type % 2 === 1 || layer < highestLayer;
}

/**
 * Whether a decoder forgets at this packet all that it had decoded before (ISO 14496-10 table 7-1, ISO 23008-2 table 7-1: IDR and
 * BLA pictures; AV1 7.20: key frames that are shown). Other key packets have to be given to one that knows of nothing, if packets before them were left out.
 */
export function beginsAnew({ data, track, isKey }: VideoPacket): boolean {
  if (!isKey) return false;
  if (track.codec === 'av1') return true;
  if (track.codec === 'h264') return ((firstSlice(data, isH264Slice)?.[0] ?? 0) & 0x1f) === H264_IDR;
  const type = ((firstSlice(data, isH265Slice)?.[0] ?? 0) >> 1) & 0x3f;
  return type >= FIRST_H265_BLA && type <= LAST_H265_IDR;
}

function isH264Slice(header: number): boolean {
  const type = header & 0x1f;
  return type >= 1 && type <= LAST_H264_SLICE;
}

function isH265Slice(header: number): boolean {
  return ((header >> 1) & 0x3f) <= LAST_H265_SLICE;
}

/** From its header on; all slices of a picture are alike in this (ISO 14496-10 7.4.1, ISO 23008-2 7.4.2.2). */
function firstSlice(data: Uint8Array, isSlice: (header: number) => boolean): Uint8Array | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  while (at + LENGTH_BYTES < data.byteLength) {
    const header = data[at + LENGTH_BYTES] ?? 0;
    if (isSlice(header)) return data.subarray(at + LENGTH_BYTES);
    at += LENGTH_BYTES + view.getUint32(at);
  }
  return undefined;
}
