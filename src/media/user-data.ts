import { H264_NAL } from './h264.ts';
import { H265_NAL } from './h265.ts';
import { addEmulationPrevention } from './nal.ts';
import type { NalCodecName, VideoCodecName } from './packet.ts';
import { isSei, seiPayloads, unitsBeforeSlices } from './sei.ts';

/** SEI payload type user_data_unregistered of both standards (ISO 14496-10 D.1.7, ISO 23008-2 D.2.7). */
const USER_DATA = 5;
const HEADER = {
  h264: [H264_NAL.sei],
  // Of the lowest layer and temporal sub-layer.
  h265: [H265_NAL.prefixSei << 1, 1],
} as const;
const STOP_BIT = 0x80;
/** Of one picture. Those who write beside pictures need some hundred. */
const MOST_BYTES = 65_536;

/**
 * What a camera writes beside a picture: the contents of its messages of user data (SEI), 16 bytes of them a UUID.
 * @param data as `Packet.data` holds it, NAL units behind their lengths.
 * @returns none for AV1, for messages that are cut off, and for those beyond 64 KiB.
 */
export function userDataOf(codec: VideoCodecName, data: Uint8Array): Uint8Array[] {
  if (codec === 'av1') return [];
  const found: Uint8Array[] = [];
  let leftBytes = MOST_BYTES;
  for (const unit of unitsBeforeSlices(codec, data)) {
    if (!isSei(codec, unit[0] ?? 0)) continue;
    // Copies: the packet's memory is used again.
    found.push(...seiPayloads(codec, unit, USER_DATA, leftBytes).map((payload) => Uint8Array.from(payload)));
    leftBytes = Math.max(0, leftBytes - unit.byteLength);
  }
  return found;
}

/** @returns one SEI unit with all of them, without a start code. */
export function userDataUnit(codec: NalCodecName, messages: readonly Uint8Array[]): Uint8Array {
  const parts = messages.flatMap((message) => [[USER_DATA, ...longNumber(message.byteLength)], message]);
  const content = Buffer.concat([...parts, [STOP_BIT]].map((part) => Uint8Array.from(part)));
  return Buffer.concat([Uint8Array.from(HEADER[codec]), addEmulationPrevention(content)]);
}

/** As `seiPayloads` reads it. */
function longNumber(value: number): number[] {
  return [...Array.from({ length: Math.floor(value / 0xff) }, () => 0xff), value % 0xff];
}
