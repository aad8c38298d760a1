import type { PictureMatrix } from './upright.ts';

/*
 * What the player has to know of the MP4 that the server sends (`ftyp moov`, then `moof mdat` on the wall clock): where
 * each picture's bytes lie and when it was recorded. The server checked the files; what makes no sense here throws a RangeError.
 */

/** By which a track's packets are found and timed. */
export interface TrackClock {
  readonly trackId: number;
  readonly clockRateHz: number;
}

/** A track of sound. */
export interface SoundTrack extends TrackClock {
  readonly codec: 'aac-lc' | 'opus';
  readonly channels: number;
}

/** What is told before any picture. */
export interface InitSegment {
  readonly bytes: Uint8Array;
  readonly video: TrackClock;
  /** Undefined without sound, and for AAC that is not low complexity in units of 1024 samples. */
  readonly sound: SoundTrack | undefined;
  /** `avcC`, `hvcC` or `av1C`: the `description` of a `VideoDecoderConfig`. */
  readonly description: Uint8Array;
  /** How its pictures are to be shown; undefined for as they are coded. */
  readonly matrix: PictureMatrix | undefined;
}

/** A coded picture, its data a view of its fragment. */
export interface CodedPicture {
  /** When it was recorded, ms since 1970, not whole. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly isKey: boolean;
  readonly data: Uint8Array;
}

/** When a track is seen or heard in a fragment, in ms since 1970, not whole. */
export interface TrackSpan {
  readonly fromMs: number;
  /** When the last packet begins. */
  readonly lastMs: number;
  readonly toMs: number;
}

export const BOX_HEADER_BYTES = 8;
/** Of a `VisualSampleEntry` and an `AudioSampleEntry`, before the boxes in them (ISO 14496-12 12.1.3, 12.2.3). */
const SAMPLE_ENTRY_BYTES = { video: 78, sound: 28 } as const;
/** Where the number of channels stands in an `AudioSampleEntry`. */
const CHANNELS_AT = 16;
/** Where the AudioSpecificConfig stands in an `esds` of ours, whose descriptors have sizes of four bytes. */
const AUDIO_CONFIG_AT = 35;
const AAC_LC = 2;
const EXPLICIT_RATE = 15;
/** ISO 14496-12 8.8.3.1: `sample_is_non_sync_sample`. */
const NON_SYNC = 0x00010000;

interface Box {
  readonly type: string;
  /** Without its header. */
  readonly content: DataView;
}

export function readInitSegment(bytes: Uint8Array): InitSegment {
  const traks = boxesOf(only(viewOf(bytes), 'moov')).filter(({ type }) => type === 'trak');
  const heads = traks.map(({ content }) => readTrackHead(content));
  const video = heads.find(({ handler }) => handler === 'vide');
  const configuration =
    video?.entry &&
    boxesOf(from(video.entry.content, SAMPLE_ENTRY_BYTES.video)).find(
      ({ type }) => type === 'avcC' || type === 'hvcC' || type === 'av1C',
    );
  if (video === undefined || configuration === undefined) {
    throw new RangeError('expected a video track, found none');
  }
  const sound = heads.find(({ handler }) => handler === 'soun');
  return {
    bytes,
    video: video.clock,
    sound: sound && readSoundTrack(sound),
    description: bytesOf(configuration.content),
    matrix: readMatrix(video.tkhd),
  };
}

interface TrackHead {
  readonly clock: TrackClock;
  readonly handler: string;
  readonly tkhd: DataView;
  /** Of `stsd`, the first. */
  readonly entry: Box | undefined;
}

function readTrackHead(trak: DataView): TrackHead {
  const mdia = only(trak, 'mdia');
  const mdhd = only(mdia, 'mdhd');
  const tkhd = only(trak, 'tkhd');
  const stsd = only(only(only(mdia, 'minf'), 'stbl'), 'stsd');
  return {
    clock: {
      trackId: tkhd.getUint32(tkhd.getUint8(0) === 1 ? 20 : 12),
      clockRateHz: mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12),
    },
    handler: fourcc(only(mdia, 'hdlr'), 8),
    tkhd,
    entry: boxesOf(from(stsd, 8))[0],
  };
}

function readSoundTrack({ clock, entry }: TrackHead): SoundTrack | undefined {
  if (entry === undefined) return undefined;
  if (entry.type === 'Opus') {
    return { ...clock, codec: 'opus', channels: entry.content.getUint16(CHANNELS_AT) };
  }
  const inner = boxesOf(from(entry.content, SAMPLE_ENTRY_BYTES.sound));
  const esds = inner.find(({ type }) => type === 'esds');
  if (esds === undefined) return undefined;
  // ISO 14496-3 1.6.2.1 and 4.4.1: object type, rate, channels, whether units have 960 samples.
  const config = esds.content.getUint16(AUDIO_CONFIG_AT);
  const isUsual =
    config >>> 11 === AAC_LC && ((config >>> 7) & 0xf) !== EXPLICIT_RATE && ((config >>> 2) & 1) === 0;
  return isUsual ? { ...clock, codec: 'aac-lc', channels: (config >>> 3) & 0xf } : undefined;
}

/** ISO 14496-12 6.2.2 and 8.3.2: nine numbers before the size, of which the last column of each three is not for us. */
function readMatrix(tkhd: DataView): PictureMatrix | undefined {
  const at = tkhd.byteLength - 44;
  const [a = 0, b = 0, c = 0, d = 0] = [0, 4, 12, 16].map((offset) => tkhd.getInt32(at + offset) / 0x10000);
  return a === 1 && d === 1 ? undefined : [a, b, c, d];
}

/** The pictures of a fragment, or of several one behind the other, in the order of decoding. */
export function readPictures(fragments: Uint8Array, { video }: InitSegment): readonly CodedPicture[] {
  return readPackets(fragments, video);
}

/** Undefined for a track of which the fragment has nothing. */
export function readSpan(fragment: Uint8Array, track: TrackClock): TrackSpan | undefined {
  const packets = readPackets(fragment, track);
  if (packets.length === 0) return undefined;
  const starts = packets.map(({ atMs }) => atMs);
  return {
    fromMs: Math.min(...starts),
    lastMs: Math.max(...starts),
    toMs: Math.max(...packets.map(({ atMs, durationMs }) => atMs + durationMs)),
  };
}

/** A copy of a fragment in which nothing is told of a track. */
export function withoutTrack(fragment: Uint8Array, { trackId }: TrackClock): Uint8Array {
  const copy = Uint8Array.from(fragment);
  for (const { content } of trackFragments(copy, trackId)) {
    // Free space (ISO 14496-12 8.1.2) in the place of `traf`.
    copy.set([0x66, 0x72, 0x65, 0x65], content.byteOffset - 4);
  }
  return copy;
}

function readPackets(fragments: Uint8Array, { trackId, clockRateHz }: TrackClock): CodedPicture[] {
  return trackFragments(fragments, trackId).flatMap(({ moofAt, content }) =>
    readTrackFragment(content, fragments.subarray(moofAt), clockRateHz),
  );
}

interface TrackFragment {
  readonly moofAt: number;
  /** Of its `traf`. */
  readonly content: DataView;
}

function trackFragments(fragments: Uint8Array, trackId: number): TrackFragment[] {
  return boxesOf(viewOf(fragments))
    .filter(({ type }) => type === 'moof')
    .flatMap(({ content: moof }) => {
      const moofAt = moof.byteOffset - fragments.byteOffset - BOX_HEADER_BYTES;
      return boxesOf(moof)
        .filter(({ type, content }) => type === 'traf' && only(content, 'tfhd').getUint32(4) === trackId)
        .map(({ content }) => ({ moofAt, content }));
    });
}

/** Our own fragments have one `trun`, all of whose fields are given for each sample (design/fmp4.md). */
function readTrackFragment(traf: DataView, moof: Uint8Array, clockRateHz: number): CodedPicture[] {
  const tfdt = only(traf, 'tfdt');
  const trun = only(traf, 'trun');
  const toMs = (ticks: number) => (ticks * 1000) / clockRateHz;
  let dts = Number(tfdt.getBigUint64(4));
  let dataAt = trun.getInt32(8);
  return Array.from({ length: trun.getUint32(4) }, (_, i) => {
    const at = 12 + i * 16;
    const durationTicks = trun.getUint32(at);
    const sizeBytes = trun.getUint32(at + 4);
    const packet = {
      atMs: toMs(dts + trun.getInt32(at + 12)),
      durationMs: toMs(durationTicks),
      isKey: (trun.getUint32(at + 8) & NON_SYNC) === 0,
      data: moof.subarray(dataAt, dataAt + sizeBytes),
    };
    dts += durationTicks;
    dataAt += sizeBytes;
    return packet;
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
