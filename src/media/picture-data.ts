import { BitstreamError } from './bit-reader.ts';
import { H264_NAL } from './h264.ts';
import { H265_NAL } from './h265.ts';
import type { NalCodecName, VideoCodecName } from './packet.ts';
import { recoveryPointOf } from './recovery-point.ts';
import { inspectTemporalUnit } from './temporal-unit.ts';

const LENGTH_BYTES = 4;

/**
 * What is wrong with the data of a coded picture as packets and files hold it: NAL units, each behind its 4-byte length, or
 * OBUs with their sizes, to the last byte. The units' headers are looked at, what they hold is not.
 * @param isKey what is said of the picture.
 * @returns undefined when nothing is.
 */
export function pictureDataProblem(
  codec: VideoCodecName,
  data: Uint8Array,
  isKey: boolean,
): string | undefined {
  return codec === 'av1' ? temporalUnitProblem(data, isKey) : nalUnitsProblem(codec, data, isKey);
}

function temporalUnitProblem(data: Uint8Array, isKey: boolean): string | undefined {
  try {
    const { hasFrame, beginsWithKey, sequenceHeader } = inspectTemporalUnit(data);
    if (!hasFrame) return 'a temporal unit without a frame';
    if (isKey && !beginsWithKey) return 'a key picture that begins with another frame than a shown key frame';
    if (isKey && sequenceHeader === undefined) return 'a key picture without a sequence header';
    return !isKey && beginsWithKey ? 'a key frame in another picture' : undefined;
  } catch (error) {
    if (error instanceof BitstreamError) return error.message;
    throw error;
  }
}

function nalUnitsProblem(codec: NalCodecName, data: Uint8Array, isKey: boolean): string | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let holdsKeySlice = false;
  let offset = 0;
  while (offset < data.byteLength) {
    const leftBytes = data.byteLength - offset;
    const sizeBytes = leftBytes < LENGTH_BYTES ? 0 : view.getUint32(offset);
    if (sizeBytes === 0 || sizeBytes > leftBytes - LENGTH_BYTES) {
      return `a NAL unit of ${sizeBytes} bytes with ${leftBytes} bytes left`;
    }
    const first = view.getUint8(offset + LENGTH_BYTES);
    // forbidden_zero_bit of both standards.
    if (first >= 0x80) return 'a NAL unit whose forbidden bit is set';
    holdsKeySlice ||= codec === 'h264' ? isH264KeySlice(first) : isH265KeySlice(first);
    offset += LENGTH_BYTES + sizeBytes;
  }
  if (offset === 0) return 'a picture without data';
  if (isKey === holdsKeySlice) return undefined;
  if (!isKey) return 'a slice of a key picture in another one';
  return recoveryPointOf(codec, data) === undefined ? 'a key picture without a slice of one' : undefined;
}

function isH264KeySlice(first: number): boolean {
  return (first & 0x1f) === H264_NAL.idr;
}

function isH265KeySlice(first: number): boolean {
  const type = first >> 1;
  return type >= H265_NAL.blaFirst && type <= H265_NAL.cra;
}
