import { mediaTicks } from '../../src/base/time.ts';
import { VideoDecoder } from '../../src/decode/decoder.ts';
import type { Clip } from '../../src/demo/clip.ts';
import { JpegEncoder } from '../../src/lab/jpeg.ts';
import { h264Track } from '../../src/media/h264.ts';
import { createI420 } from '../../src/media/i420.ts';

/** The pictures of a clip, H.264 without B frames, as JPEG files. */
export function jpegPictures({ parameterSets, units, rateFps, widthPx, heightPx }: Clip): Uint8Array[] {
  if (parameterSets.codec !== 'h264') throw new Error('expected H.264');
  const track = h264Track(0, parameterSets.sps, parameterSets.pps);
  const picture = createI420(widthPx, heightPx);
  using decoder = new VideoDecoder();
  using encoder = new JpegEncoder(widthPx, heightPx);
  const files: Uint8Array[] = [];
  for (const [i, { isKey, nals }] of units.entries()) {
    const ticks = mediaTicks(Math.round((i * 90_000) / rateFps));
    const data = Buffer.concat(
      nals.flatMap((nal) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(nal.byteLength);
        return [length, nal];
      }),
    );
    decoder.decode({ track, isKey, pts: ticks, dts: ticks, data }, (decoded) => {
      decoded.readI420(picture);
      files.push(encoder.encode(picture));
    });
  }
  return files;
}
