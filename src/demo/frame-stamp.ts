import type { WallMs } from '../base/time.ts';
import { leb128, OBU, OBU_HAS_SIZE } from '../media/obu.ts';
import type { VideoCodecName } from '../media/packet.ts';

/** Metadata of whoever makes something (AV1 6.7.2): decoders pass over what they do not know, and do not complain of it. */
const ITUT_T35 = 4;
/** ITU-T T.35 annex A; of a maker who is nobody there. */
const GERMANY = 0x04;

/** Marks our messages; without zero bytes, so that no emulation prevention is ever needed. */
export const STAMP_UUID = Buffer.from('5e3d8a41c7724f96b1ad2f60937be8d4', 'hex');

export interface FrameStamp {
  /** Camera and stream, `camera/path`, without spaces. */
  readonly stream: string;
  /** Counts the pictures sent, from 1, without end. */
  readonly number: number;
  readonly wallMs: WallMs;
  /** Frame of the loop that is shown. */
  readonly frame: number;
}

/**
 * A stamp as an SEI NAL unit of its own, type user_data_unregistered (ITU-T H.264 D.2.7, H.265 D.3.7), or as an OBU of
 * metadata (AV1 5.8), holding the text
 * `PREROLL <camera>/<path> <10-digit number> <unix seconds.microseconds> yard=<frame>`. At most 200 characters.
 */
export function stampUnit(codec: VideoCodecName, stamp: FrameStamp): Buffer {
  const seconds = (stamp.wallMs / 1000).toFixed(6);
  const number = String(stamp.number).padStart(10, '0');
  const text = `PREROLL ${stamp.stream.replace(/\s/g, '_')} ${number} ${seconds} yard=${stamp.frame}`.slice(
    0,
    200,
  );
  const payload = Buffer.concat([STAMP_UUID, Buffer.from(text, 'latin1')]);
  if (codec === 'av1') return metadataObu(payload);
  const header = codec === 'h264' ? [0x06] : [0x4e, 0x01];
  return Buffer.concat([Buffer.from([...header, 5, payload.length]), payload, Buffer.from([0x80])]);
}

function metadataObu(payload: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from([ITUT_T35, GERMANY]), payload, Buffer.from([0x80])]);
  return Buffer.concat([
    Buffer.from([(OBU.metadata << 3) | OBU_HAS_SIZE]),
    leb128(content.byteLength),
    content,
  ]);
}
