import { splitAnnexB } from './annex-b.ts';
import { H264_NAL, h264Track } from './h264.ts';
import { H265_NAL, h265Track } from './h265.ts';
import type { NalCodecName, VideoTrack } from './packet.ts';

/** Access unit delimiters (ISO 14496-10 table 7-1, ISO 23008-2 table 7-1). */
const DELIMITER = { h264: 9, h265: 35 } as const;
const PARAMETER_SETS: Readonly<Record<NalCodecName, readonly number[]>> = {
  h264: [H264_NAL.sps, H264_NAL.pps],
  h265: [H265_NAL.vps, H265_NAL.sps, H265_NAL.pps],
};
const LENGTH_BYTES = 4;

/**
 * The track that an encoder's parameter sets describe.
 * @param annexB NAL units behind start codes; others than parameter sets are passed over.
 * @returns undefined if one is missing.
 * @throws BitstreamError
 */
export function trackOfAnnexB(
  codec: NalCodecName,
  index: number,
  annexB: Uint8Array,
): VideoTrack | undefined {
  const units = splitAnnexB(annexB);
  // Copied: the encoder's memory is not ours.
  const ofType = (type: number) => units.filter((unit) => nalType(codec, unit) === type).map(copyOf);
  if (codec === 'h264') {
    const [sps] = ofType(H264_NAL.sps);
    const pps = ofType(H264_NAL.pps);
    return sps === undefined || pps.length === 0 ? undefined : h264Track(index, sps, pps);
  }
  const [vps] = ofType(H265_NAL.vps);
  const [sps] = ofType(H265_NAL.sps);
  const pps = ofType(H265_NAL.pps);
  if (vps === undefined || sps === undefined || pps.length === 0) return undefined;
  return h265Track(index, { codec, vps, sps, pps });
}

/** An encoder's picture, in NAL units behind start codes, as `Packet.data` holds it. A copy. */
export function pictureOfAnnexB(codec: NalCodecName, annexB: Uint8Array): Uint8Array {
  const units = splitAnnexB(annexB).filter((unit) => {
    const type = nalType(codec, unit);
    return type !== DELIMITER[codec] && !PARAMETER_SETS[codec].includes(type);
  });
  return withLengths(units);
}

/** NAL units one behind the other, each with its length before it, as `Packet.data` holds them. A copy. */
export function withLengths(units: readonly Uint8Array[]): Uint8Array {
  const data = Buffer.allocUnsafe(
    units.reduce((sizeBytes, unit) => sizeBytes + LENGTH_BYTES + unit.byteLength, 0),
  );
  let at = 0;
  for (const unit of units) {
    at = data.writeUInt32BE(unit.byteLength, at);
    data.set(unit, at);
    at += unit.byteLength;
  }
  return data;
}

function nalType(codec: NalCodecName, unit: Uint8Array): number {
  const header = unit[0] ?? 0;
  return codec === 'h264' ? header & 0x1f : (header >> 1) & 0x3f;
}

function copyOf(unit: Uint8Array): Uint8Array {
  return Uint8Array.from(unit);
}
