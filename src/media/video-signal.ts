import type { BitReader } from './bit-reader.ts';

/** Of `aspect_ratio_idc`: width and height follow. */
const EXTENDED_SAR = 255;

/**
 * Reads what the VUI of H.264 (ISO 14496-10 E.1.1) and of H.265 (ISO 23008-2 E.2.1) begins with alike: aspect ratio,
 * overscan, video signal type and place of the chroma samples.
 * @returns whether luma spans 0..255 (`video_full_range_flag`).
 */
export function readVideoSignal(reader: BitReader): boolean {
  if (reader.flag() && reader.bits(8) === EXTENDED_SAR) reader.skip(32);
  if (reader.flag()) reader.skip(1);
  let isFullRange = false;
  if (reader.flag()) {
    reader.skip(3);
    isFullRange = reader.flag();
    if (reader.flag()) reader.skip(24);
  }
  if (reader.flag()) {
    reader.ue('chroma_sample_loc_type_top_field', 5);
    reader.ue('chroma_sample_loc_type_bottom_field', 5);
  }
  return isFullRange;
}
