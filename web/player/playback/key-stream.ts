import type { KeyStreamFormat } from '../../../src/http/api/footage.ts';
import type { PictureFormat } from './upright.ts';

/** A key picture to be decoded by itself. */
export interface KeyPicture {
  readonly format: PictureFormat;
  /** When it was recorded. */
  readonly atMs: number;
  readonly data: Uint8Array;
}

const HEADER_BYTES = 16;
const FORMAT = 1;

/** Reads the records of `footage/keys` (layout: src/playback/key-stream-writer.ts). What is cut off at the end is left out. */
export function readKeyStream(bytes: Uint8Array): readonly KeyPicture[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pictures: KeyPicture[] = [];
  let format: PictureFormat | undefined;
  for (let at = 0; at + HEADER_BYTES <= bytes.byteLength;) {
    const endAt = at + HEADER_BYTES + view.getUint32(at + 4);
    if (endAt > bytes.byteLength) break;
    const data = bytes.subarray(at + HEADER_BYTES, endAt);
    if (view.getUint8(at) === FORMAT) format = readFormat(data);
    else if (format !== undefined) pictures.push({ format, atMs: view.getFloat64(at + 8), data });
    at = endAt;
  }
  return pictures;
}

function readFormat(json: Uint8Array): PictureFormat {
  // Our own server wrote it.
  const format = JSON.parse(new TextDecoder().decode(json)) as KeyStreamFormat;
  return { ...format, description: Uint8Array.from(atob(format.description), (c) => c.charCodeAt(0)) };
}
