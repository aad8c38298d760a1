import { H264_NAL } from './h264.ts';
import { H265_NAL } from './h265.ts';
import type { NalCodecName } from './packet.ts';

const LENGTH_BYTES = 4;

/** @param first byte of a NAL unit. */
export function isSei(codec: NalCodecName, first: number): boolean {
  return codec === 'h264' ? (first & 0x1f) === H264_NAL.sei : ((first >> 1) & 0x3f) === H265_NAL.prefixSei;
}

/**
 * The bare NAL units before the slices of a coded picture, emulation prevention kept.
 * @param data as packets and files hold it, the units behind their lengths.
 */
export function* unitsBeforeSlices(codec: NalCodecName, data: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at + LENGTH_BYTES < data.byteLength;) {
    const sizeBytes = view.getUint32(at);
    const unit = data.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + sizeBytes);
    if (isSlice(codec, unit[0] ?? 0)) return;
    yield unit;
    at += LENGTH_BYTES + sizeBytes;
  }
}

function isSlice(codec: NalCodecName, first: number): boolean {
  if (codec === 'h265') return ((first >> 1) & 0x3f) <= H265_NAL.sliceLast;
  const type = first & 0x1f;
  return type >= H264_NAL.slice && type <= H264_NAL.idr;
}
