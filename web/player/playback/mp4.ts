import type { PictureMatrix } from './upright.ts';

/*
 * What the player has to know of the MP4 that the server sends (`ftyp moov`, then `moof mdat` on the wall clock): where
 * each picture's bytes lie and when it was recorded. The server checked the files; what makes no sense here throws a RangeError.
 */

/** What is told before any picture. */
export interface InitSegment {
  readonly bytes: Uint8Array;
  readonly videoTrackId: number;
  readonly clockRateHz: number;
  /** `avcC`, `hvcC` or `av1C`: the `description` of a `VideoDecoderConfig`. */
  readonly description: Uint8Array;
  /** How its pictures are to be shown; undefined for as they are coded. */
  readonly matrix: PictureMatrix | undefined;
}

/** A coded picture, a view of its fragment. */
export interface CodedPicture {
  /** When it was recorded, ms since 1970, not whole. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly isKey: boolean;
  readonly data: Uint8Array;
}

export const BOX_HEADER_BYTES = 8;
/** Of a `VisualSampleEntry`, before the boxes in it (ISO 14496-12 12.1.3). */
const SAMPLE_ENTRY_BYTES = 78;
/** ISO 14496-12 8.8.3.1: `sample_is_non_sync_sample`. */
const NON_SYNC = 0x00010000;

interface Box {
  readonly type: string;
  /** Without its header. */
  readonly content: DataView;
}

export function readInitSegment(bytes: Uint8Array): InitSegment {
  const moov = only(viewOf(bytes), 'moov');
  for (const { content: trak } of boxesOf(moov).filter(({ type }) => type === 'trak')) {
    const mdia = only(trak, 'mdia');
    if (fourcc(only(mdia, 'hdlr'), 8) !== 'vide') continue;
    const mdhd = only(mdia, 'mdhd');
    const tkhd = only(trak, 'tkhd');
    const stsd = only(only(only(mdia, 'minf'), 'stbl'), 'stsd');
    const [entry] = boxesOf(from(stsd, 8));
    if (entry === undefined) break;
    const configuration = boxesOf(from(entry.content, SAMPLE_ENTRY_BYTES)).find(
      ({ type }) => type === 'avcC' || type === 'hvcC' || type === 'av1C',
    );
    if (configuration === undefined) break;
    return {
      bytes,
      videoTrackId: tkhd.getUint32(tkhd.getUint8(0) === 1 ? 20 : 12),
      clockRateHz: mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12),
      description: bytesOf(configuration.content),
      matrix: readMatrix(tkhd),
    };
  }
  throw new RangeError('expected a video track, found none');
}

/** ISO 14496-12 6.2.2 and 8.3.2: nine numbers before the size, of which the last column of each three is not for us. */
function readMatrix(tkhd: DataView): PictureMatrix | undefined {
  const at = tkhd.byteLength - 44;
  const [a = 0, b = 0, c = 0, d = 0] = [0, 4, 12, 16].map((offset) => tkhd.getInt32(at + offset) / 0x10000);
  return a === 1 && d === 1 ? undefined : [a, b, c, d];
}

/** The pictures of a fragment, or of several one behind the other, in the order of decoding. */
export function readPictures(
  fragments: Uint8Array,
  { videoTrackId, clockRateHz }: InitSegment,
): readonly CodedPicture[] {
  const pictures: CodedPicture[] = [];
  let moofAt = 0;
  for (const { type, content } of boxesOf(viewOf(fragments))) {
    if (type === 'moof') {
      moofAt = content.byteOffset - fragments.byteOffset - BOX_HEADER_BYTES;
      for (const traf of boxesOf(content).filter((one) => one.type === 'traf')) {
        if (only(traf.content, 'tfhd').getUint32(4) !== videoTrackId) continue;
        pictures.push(...readTrack(traf.content, fragments.subarray(moofAt), clockRateHz));
      }
    }
  }
  return pictures;
}

/** Our own fragments have one `trun`, all of whose fields are given for each sample (design/fmp4.md). */
function readTrack(traf: DataView, moof: Uint8Array, clockRateHz: number): CodedPicture[] {
  const tfdt = only(traf, 'tfdt');
  const trun = only(traf, 'trun');
  const toMs = (ticks: number) => (ticks * 1000) / clockRateHz;
  let dts = Number(tfdt.getBigUint64(4));
  let dataAt = trun.getInt32(8);
  return Array.from({ length: trun.getUint32(4) }, (_, i) => {
    const at = 12 + i * 16;
    const durationTicks = trun.getUint32(at);
    const sizeBytes = trun.getUint32(at + 4);
    const picture = {
      atMs: toMs(dts + trun.getInt32(at + 12)),
      durationMs: toMs(durationTicks),
      isKey: (trun.getUint32(at + 8) & NON_SYNC) === 0,
      data: moof.subarray(dataAt, dataAt + sizeBytes),
    };
    dts += durationTicks;
    dataAt += sizeBytes;
    return picture;
  });
}

/** Of the box that begins there, its header too. */
export function boxSizeBytes(bytes: Uint8Array, at: number): number {
  return viewOf(bytes).getUint32(at);
}

function only(parent: DataView, wanted: string): DataView {
  const found = boxesOf(parent).find(({ type }) => type === wanted);
  if (found === undefined) throw new RangeError(`expected a ${wanted}, found none`);
  return found.content;
}

function boxesOf(view: DataView): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < view.byteLength;) {
    const sizeBytes = view.getUint32(at);
    if (sizeBytes < BOX_HEADER_BYTES || at + sizeBytes > view.byteLength) {
      throw new RangeError(`found a box of ${sizeBytes} bytes`);
    }
    const content = new DataView(
      view.buffer,
      view.byteOffset + at + BOX_HEADER_BYTES,
      sizeBytes - BOX_HEADER_BYTES,
    );
    boxes.push({ type: fourcc(view, at + 4), content });
    at += sizeBytes;
  }
  return boxes;
}

function fourcc(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)));
}

function from(view: DataView, at: number): DataView {
  return new DataView(view.buffer, view.byteOffset + at, view.byteLength - at);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
