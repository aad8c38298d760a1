import type { Frame } from 'node-av/lib';
import { DecodeError } from '../decode/error.ts';
import { FrameReader } from '../decode/frame-reader.ts';
import { NativeDecoder } from '../decode/native-decoder.ts';
import { JpegEncoder } from '../lab/jpeg.ts';
import { createI420, type I420Picture } from '../media/i420.ts';
import { shownSize } from '../media/orientation.ts';
import type { PictureOrder } from './messages.ts';

/**
 * Decodes the packets and encodes the picture that is wanted as JPEG, or where it is missing the last one before it.
 * @throws DecodeError when nothing comes out; EncodeError.
 */
export function makePicture({ track, packets, shownPts, maxWidthPx }: PictureOrder): Uint8Array {
  using decoder = new NativeDecoder(track);
  using reader = new FrameReader();
  const target = createI420(...sizeOf(track, maxWidthPx));
  const lastPts = shownPts ?? Number.POSITIVE_INFINITY;
  let readPts = Number.NEGATIVE_INFINITY;
  const show = (frame: Frame) => {
    const pts = Number(frame.pts);
    // Those that come later are read over it: only the last one is wanted, and which that is nobody knows before.
    if (pts < readPts || pts > lastPts) return;
    readPts = pts;
    reader.readI420(frame, target, track.orientation);
  };
  const last = packets.length - READ_PICTURES;
  for (const [i, packet] of packets.entries())
    tolerant(() => decoder.decode({ ...packet, track }, i < last ? skip : show));
  tolerant(() => decoder.finish(show));
  if (readPts === Number.NEGATIVE_INFINITY) {
    throw new DecodeError('corrupt-packet', `no picture came out of ${packets.length} packets`);
  }
  return encode(target);
}

/** More than any decoder holds back: the last picture is among those. */
const READ_PICTURES = 20;

const skip = () => undefined;

/** A damaged picture is passed over. */
function tolerant(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}

function encode(picture: I420Picture): Uint8Array {
  using encoder = new JpegEncoder(picture.widthPx, picture.heightPx);
  return encoder.encode(picture);
}

/** With the proportions of the track, both even. */
function sizeOf(track: PictureOrder['track'], maxWidthPx: number): readonly [number, number] {
  const { widthPx, heightPx } = shownSize(track);
  const width = evenBelow(Math.min(widthPx, maxWidthPx));
  return [width, evenBelow((heightPx * width) / widthPx)];
}

function evenBelow(px: number): number {
  return Math.max(2, 2 * Math.floor(px / 2));
}
