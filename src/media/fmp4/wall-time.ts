import type { WallMs } from '../../base/time.ts';
import type { Mp4Header } from './header-reader.ts';
import { Mp4Error } from './mp4-error.ts';

/*
 * A file's time line begins near its first packet, which suits files; players of many files want all of them on one. The
 * bytes are changed in place, their number stays: in the header the edit list becomes free space, in each fragment
 * `tfdt` counts since 1970. So decode times and composition offsets alone say when a picture was recorded.
 */

/** From the file's time to wall time, in the ticks of each track by its `track_ID`. */
export type WallShift = ReadonlyMap<number, number>;

const BOX_HEADER_BYTES = 8;
/** Version and flags. */
const FULL_BOX_BYTES = 4;

/**
 * By how much the times of a file's tracks are moved.
 * @param createdAt the wall time of the file's 0:00.
 */
export function wallShift({ tracks, timeline }: Mp4Header, createdAt: WallMs): WallShift {
  return new Map(
    tracks.map(({ trackId, track: { clockRateHz }, firstShown }) => {
      const startTicks = timeline.startTicks * (clockRateHz / timeline.clockRateHz);
      const mediaTime = firstShown === undefined ? 0 : firstShown - startTicks;
      return [trackId, Math.round((createdAt * clockRateHz) / 1000) - mediaTime];
    }),
  );
}

/** Takes the edit lists from `ftyp` and `moov`, in place. @throws Mp4Error `malformed` */
export function dropEditLists(header: Uint8Array): void {
  const view = viewOf(header);
  for (const moov of boxesIn(view, 0, header.byteLength)) {
    if (moov.type !== 'moov') continue;
    for (const trak of boxesIn(view, moov.contentBytes, moov.endBytes)) {
      if (trak.type !== 'trak') continue;
      for (const { type, startBytes } of boxesIn(view, trak.contentBytes, trak.endBytes)) {
        if (type === 'edts') view.setUint32(startBytes + 4, FREE);
      }
    }
  }
}

/**
 * Puts a fragment on the wall clock, in place.
 * @param fragment `moof` and `mdat`.
 * @throws Mp4Error `malformed`, or `unsupported` for one whose times have 32 bits, as we write none.
 */
export function toWallTime(fragment: Uint8Array, shift: WallShift): void {
  const view = viewOf(fragment);
  const [moof] = boxesIn(view, 0, fragment.byteLength);
  if (moof?.type !== 'moof') throw new Mp4Error('malformed', 'expected a fragment, found something else', 0);
  for (const traf of boxesIn(view, moof.contentBytes, moof.endBytes)) {
    if (traf.type === 'traf') moveTrack(view, traf, shift);
  }
}

function moveTrack(view: DataView, traf: FoundBox, shift: WallShift): void {
  const boxes = [...boxesIn(view, traf.contentBytes, traf.endBytes)];
  const tfhd = boxes.find(({ type }) => type === 'tfhd');
  const tfdt = boxes.find(({ type }) => type === 'tfdt');
  if (tfhd === undefined || tfdt === undefined) {
    throw new Mp4Error(
      'malformed',
      'cannot place a fragment in time: it has no tfhd or tfdt',
      traf.startBytes,
    );
  }
  const ticks = shift.get(view.getUint32(tfhd.contentBytes + FULL_BOX_BYTES));
  // A track that the header does not know is played by nobody.
  if (ticks === undefined) return;
  if (view.getUint8(tfdt.contentBytes) !== 1) {
    throw new Mp4Error(
      'unsupported',
      'cannot place a fragment in time: its tfdt has 32 bits',
      tfdt.startBytes,
    );
  }
  const at = tfdt.contentBytes + FULL_BOX_BYTES;
  view.setBigUint64(at, view.getBigUint64(at) + BigInt(ticks));
}

interface FoundBox {
  readonly type: string;
  readonly startBytes: number;
  readonly contentBytes: number;
  readonly endBytes: number;
}

const FREE = 0x66726565;

function* boxesIn(view: DataView, fromBytes: number, toBytes: number): Generator<FoundBox> {
  for (let startBytes = fromBytes; startBytes < toBytes;) {
    const sizeBytes = toBytes - startBytes < BOX_HEADER_BYTES ? 0 : view.getUint32(startBytes);
    const endBytes = startBytes + sizeBytes;
    if (sizeBytes < BOX_HEADER_BYTES || endBytes > toBytes) {
      throw new Mp4Error('malformed', `cannot read a box of ${sizeBytes} bytes`, startBytes);
    }
    const letters = [4, 5, 6, 7].map((offset) => view.getUint8(startBytes + offset));
    yield {
      type: String.fromCharCode(...letters),
      startBytes,
      contentBytes: startBytes + BOX_HEADER_BYTES,
      endBytes,
    };
    startBytes = endBytes;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
