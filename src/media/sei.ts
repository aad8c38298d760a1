import { H264_NAL, isH264Slice } from './h264.ts';
import { H265_NAL } from './h265.ts';
import { removeEmulationPrevention } from './nal.ts';
import type { NalCodecName } from './packet.ts';

const LENGTH_BYTES = 4;
/** Of NAL units. */
const HEADER_BYTES = { h264: 1, h265: 2 } as const;

/** @param first byte of a NAL unit. */
export function isSei(codec: NalCodecName, first: number): boolean {
  return codec === 'h264' ? (first & 0x1f) === H264_NAL.sei : ((first >> 1) & 0x3f) === H265_NAL.prefixSei;
}

/**
 * What the messages of one type in an SEI unit hold, but for those that are cut off.
 * @param unit bare, emulation prevention kept.
 * @param payloadType ISO 14496-10 D.1.1, ISO 23008-2 D.2.1.
 * @param mostBytes of the unit that are looked at.
 * @returns payloads without emulation prevention; they may be views of the unit.
 */
export function seiPayloads(
  codec: NalCodecName,
  unit: Uint8Array,
  payloadType: number,
  mostBytes: number,
): readonly Uint8Array[] {
  // Views cost more than the few bytes of most units: those before the slices of each picture are looked at.
  const head = unit.byteLength <= mostBytes ? unit : unit.subarray(0, mostBytes);
  const content = removeEmulationPrevention(head);
  const found: Uint8Array[] = [];
  let at: number = HEADER_BYTES[codec];
  // Behind the last message the stop bit stands alone.
  while (at + 1 < content.byteLength) {
    const type = longNumber(content, at);
    at += longNumberBytes(type);
    const sizeBytes = longNumber(content, at);
    at += longNumberBytes(sizeBytes);
    if (at + sizeBytes > content.byteLength) break;
    if (type === payloadType) found.push(content.subarray(at, at + sizeBytes));
    at += sizeBytes;
  }
  return found;
}

/** Numbers above 254 begin with bytes of 255 (ISO 14496-10 7.3.2.3.1). */
function longNumber(content: Uint8Array, from: number): number {
  let at = from;
  while (content[at] === 0xff) at += 1;
  return 0xff * (at - from) + (content[at] ?? 0);
}

function longNumberBytes(value: number): number {
  return Math.floor(value / 0xff) + 1;
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
  return isH264Slice(first & 0x1f);
}
