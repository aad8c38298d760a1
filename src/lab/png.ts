import { crc32, deflateSync } from 'node:zlib';
import type { I420Picture } from '../media/i420.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const TRUECOLOUR = 2;
const BITS_A_CHANNEL = 8;
/** Filter type of the rows: what the pixel above predicts, which suits flat areas and noise alike. */
const FILTER_UP = 2;

/** A picture as a PNG file (ISO 15948), 8 bits of red, green and blue. */
export function encodePng(picture: I420Picture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(picture.widthPx, 0);
  header.writeUInt32BE(picture.heightPx, 4);
  header.set([BITS_A_CHANNEL, TRUECOLOUR, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(filteredRows(picture), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const whole = Buffer.alloc(content.length + 12);
  whole.writeUInt32BE(content.length, 0);
  whole.write(type, 4, 'latin1');
  whole.set(content, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), content.length + 8);
  return whole;
}

/** Each row behind its filter's number, as differences from the row above. */
function filteredRows({ widthPx, heightPx, y, u, v }: I420Picture): Uint8Array {
  const rowBytes = widthPx * 3;
  const rows = new Uint8Array((rowBytes + 1) * heightPx);
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let row = 0; row < heightPx; row++) {
    const pixels = new Uint8ClampedArray(rowBytes);
    for (let x = 0; x < widthPx; x++) {
      const chroma = (row >> 1) * (widthPx >> 1) + (x >> 1);
      setPixel(pixels, 3 * x, y[row * widthPx + x] ?? 0, u[chroma] ?? 0, v[chroma] ?? 0);
    }
    const at = row * (rowBytes + 1);
    rows[at] = FILTER_UP;
    for (let i = 0; i < rowBytes; i++) rows[at + 1 + i] = (pixels[i] ?? 0) - (above[i] ?? 0);
    above = new Uint8Array(pixels.buffer);
  }
  return rows;
}

/** From limited range by the BT.709 matrix (ITU-R BT.709-6, 3.2 and 3.4). */
function setPixel(pixels: Uint8ClampedArray, at: number, y: number, u: number, v: number): void {
  const luma = ((y - 16) * 255) / 219;
  const blueness = ((u - 128) * 255) / 224;
  const redness = ((v - 128) * 255) / 224;
  pixels[at] = luma + 1.5748 * redness;
  pixels[at + 1] = luma - 0.1873 * blueness - 0.4681 * redness;
  pixels[at + 2] = luma + 1.8556 * blueness;
}
