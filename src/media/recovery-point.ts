import { BitReader, BitstreamError } from './bit-reader.ts';
import type { NalCodecName, VideoCodecName, VideoPacket } from './packet.ts';
import { isSei, seiPayloads, unitsBeforeSlices } from './sei.ts';

/** SEI payload type of both standards (ISO 14496-10 D.1.8, ISO 23008-2 D.2.8). */
const RECOVERY_POINT = 6;
/** What encoders write of themselves takes some hundred bytes; a recovery point stands before or soon after it. */
const MOST_BYTES = 2_048;
/** MaxFrameNum, and half of MaxPicOrderCntLsb, are no greater. */
const MOST_PICTURES = 65_536;

/**
 * Whether this NAL unit is an SEI with a recovery point: cameras that refresh their pictures stripe by stripe send no
 * key picture but the first, and say so where a decoder may begin.
 * @param nal bare NAL unit, emulation prevention kept.
 * @returns after how many pictures a decoder that begins here shows whole ones; 0 for at once; undefined if it is none.
 */
export function recoveryPointIn(codec: NalCodecName, nal: Uint8Array): number | undefined {
  if (!isSei(codec, nal[0] ?? 0)) return undefined;
  const payload = seiPayloads(codec, nal, RECOVERY_POINT, MOST_BYTES)[0];
  return payload && picturesIn(codec, payload);
}

/**
 * The same of a coded picture as packets and files hold it, the NAL units behind their lengths. AV1 has none.
 * @returns undefined for a picture that has no recovery point before its slices.
 */
export function recoveryPointOf(codec: VideoCodecName, data: Uint8Array): number | undefined {
  if (codec === 'av1') return undefined;
  for (const unit of unitsBeforeSlices(codec, data)) {
    const pictures = recoveryPointIn(codec, unit);
    if (pictures !== undefined) return pictures;
  }
  return undefined;
}

/**
 * Whether a decoder that begins with this key picture shows it, and some that follow, not whole yet: pictures are
 * refreshed stripe by stripe.
 */
export function isGradual({ track, isKey, data }: VideoPacket): boolean {
  return isKey && (recoveryPointOf(track.codec, data) ?? 0) > 0;
}

function picturesIn(codec: NalCodecName, payload: Uint8Array): number | undefined {
  const reader = new BitReader(payload);
  try {
    if (codec === 'h264') return reader.ue('recovery_frame_cnt', MOST_PICTURES);
    // Negative where a picture that is decoded later is shown before.
    return Math.max(0, reader.se('recovery_poc_cnt'));
  } catch (error) {
    // What cannot be read says nothing.
    if (error instanceof BitstreamError) return undefined;
    throw error;
  }
}
