import type { Orientation } from '../base/orientation.ts';
import { encodeDecoderConfiguration } from '../media/fmp4/decoder-configuration.ts';
import { matrixOf } from '../media/orientation.ts';
import type { VideoTrack } from '../media/packet.ts';
import type { KeyPicture } from './key-pictures.ts';
import type { KeyStreamFormat } from './key-stream-format.ts';

/*
 * Key pictures as one stream of bytes, for WebCodecs. Each record is a header of 16 bytes, big-endian,
 *
 *   u8   1: how to decode what follows, as JSON (`KeyStreamFormat`); 3: a picture (design of the live protocol)
 *   u8   0
 *   u16  0
 *   u32  how many bytes follow
 *   f64  when the picture was recorded, ms since 1970; 0 for 1
 *
 * and those bytes.
 */

const RECORD_HEADER_BYTES = 16;

/** Writes the records; a format whenever it changes. */
export class KeyStreamWriter {
  #track: VideoTrack | undefined;
  #format: string | undefined;

  /** @returns undefined for what WebCodecs does not begin with: a picture that is not whole by itself. */
  write({ track, wallMs: atMs, packets }: KeyPicture): Uint8Array | undefined {
    const [picture] = packets;
    if (picture === undefined || packets.length > 1) return undefined;
    const format = track === this.#track ? this.#format : JSON.stringify(formatOf(track));
    const isNew = format !== this.#format;
    this.#track = track;
    this.#format = format;
    return Buffer.concat([
      ...(isNew ? record(1, 0, Buffer.from(format ?? '')) : []),
      ...record(3, atMs, picture.data),
    ]);
  }
}

function formatOf(track: VideoTrack): KeyStreamFormat {
  const { codecString, widthPx, heightPx, parameterSets, orientation } = track;
  return {
    codec: codecString,
    codedWidth: widthPx,
    codedHeight: heightPx,
    description: Buffer.from(encodeDecoderConfiguration(parameterSets)).toString('base64'),
    ...(orientation && { matrix: factorsOf(orientation) }),
  };
}

function factorsOf(orientation: Orientation): NonNullable<KeyStreamFormat['matrix']> {
  const { a, b, c, d } = matrixOf(orientation);
  return [a, b, c, d];
}

function record(type: number, atMs: number, data: Uint8Array): readonly Uint8Array[] {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(data.byteLength, 4);
  header.writeDoubleBE(atMs, 8);
  return [header, data];
}
