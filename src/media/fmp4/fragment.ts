import type { MediaTicks } from '../../base/time.ts';
import type { Packet } from '../packet.ts';
import { box, encodeParts, fullBox, u32, u64, type ByteWriter, type Part } from './box.ts';
import { checksumOf, fragmentChecksumBox, sealHead } from './checksum.ts';
import { toFileTicks, type FileTimeline } from './file-timeline.ts';
import { Mp4Error } from './mp4-error.ts';
import { trackId, type Mp4Track } from './mp4-track.ts';
import { DEPENDENT_SAMPLE_FLAGS, KEY_SAMPLE_FLAGS } from './sample-flags.ts';

/** The packets of one track in one fragment, in decoding order. */
export interface TrackRun {
  readonly track: Mp4Track;
  readonly packets: readonly Packet[];
  /**
   * When the packet after the last one is decoded, if that is known: it ends the last packet. Otherwise the last
   * packet lasts as long as the one before it.
   */
  readonly nextDts: MediaTicks | undefined;
}

interface Layout {
  readonly run: TrackRun;
  /** When the first packet is decoded, on the file's time line. */
  readonly startTicks: number;
  readonly durationsTicks: readonly number[];
  readonly payloadSizeBytes: number;
}

/** ISO 14496-12 8.8.7.1: `default-base-is-moof`. */
const DEFAULT_BASE_IS_MOOF = 0x020000;
/** ISO 14496-12 8.8.8.1: data offset, then per sample duration, size, flags and composition offset. */
const TRUN_FIELDS = 0x000f01;
const TRUN_BYTES_PER_SAMPLE = 16;
const BOX_HEADER_BYTES = 8;
/** `data_offset` is a signed 32-bit number. */
const MAX_FRAGMENT_BYTES = 2 ** 31 - 1;

/**
 * One fragment as pieces for a single `writev`: `moof` and the head of `mdat`, then the payload of each run in turn.
 * The payload is never copied: the pieces are the packets' own views, those that touch in one buffer joined.
 *
 * @param sequenceNumber counts the fragments of a file from one.
 * @param runs at most one a track. Left out are runs without packets, and packets from before the time line's
 *   beginning: those of a track that joins later with older packets, which would be hidden anyway.
 * @throws Mp4Error `unrepresentable` when no packets are left, decode times do not increase, or a size, duration or
 *   composition offset exceeds its 32 bits.
 */
export function encodeFragment(
  sequenceNumber: number,
  runs: readonly TrackRun[],
  timeline: FileTimeline,
): readonly Uint8Array[] {
  const layouts = runs.flatMap((run) => layOut(run, timeline));
  if (layouts.length === 0) throw new Mp4Error('unrepresentable', 'cannot write a fragment without packets');
  const payloadSizeBytes = layouts.reduce((sum, layout) => sum + layout.payloadSizeBytes, 0);
  const payload = joinedPayload(layouts);
  const moof = movieFragment(sequenceNumber, layouts, checksumOf(payload));
  if (moof.sizeBytes + BOX_HEADER_BYTES + payloadSizeBytes > MAX_FRAGMENT_BYTES) {
    throw new Mp4Error('unrepresentable', `cannot write a fragment of ${payloadSizeBytes} bytes`);
  }
  const head = encodeParts([moof, mediaDataHeader(payloadSizeBytes)]);
  sealHead(head.subarray(0, moof.sizeBytes));
  return [head, ...payload];
}

function layOut(whole: TrackRun, timeline: FileTimeline): Layout[] {
  const { clockRateHz } = whole.track;
  const fileTicks = (packet: Packet) => toFileTicks(timeline, packet.dts, clockRateHz);
  const firstIndex = whole.packets.findIndex((packet) => fileTicks(packet) >= 0);
  const first = whole.packets[firstIndex];
  if (first === undefined) return [];
  const run = { ...whole, packets: whole.packets.slice(firstIndex) };
  const payloadSizeBytes = run.packets.reduce((sum, { data }) => sum + data.byteLength, 0);
  return [{ run, startTicks: fileTicks(first), durationsTicks: durations(run), payloadSizeBytes }];
}

/** How long the packets of a run last together, as its fragment tells. */
export function lengthTicks(run: TrackRun): number {
  const [first] = run.packets;
  return first === undefined ? 0 : endTicks(run) - first.dts;
}

/** How long each packet lasts: until the next one is decoded. */
function durations(run: TrackRun): readonly number[] {
  const { track, packets } = run;
  const end = endTicks(run);
  return packets.map(({ dts }, i) => {
    const durationTicks = (packets[i + 1]?.dts ?? end) - dts;
    if (!(durationTicks > 0 && durationTicks <= 0xffffffff)) {
      throw new Mp4Error(
        'unrepresentable',
        `cannot write a packet lasting ${durationTicks} ticks (track ${track.index}, dts ${dts})`,
      );
    }
    return durationTicks;
  });
}

/** When the last packet of a run ends. */
function endTicks({ track, packets, nextDts }: TrackRun): number {
  if (nextDts !== undefined) return nextDts;
  const lastDts = packets.at(-1)?.dts ?? 0;
  const beforeDts = packets.at(-2)?.dts;
  return lastDts + (beforeDts === undefined ? usualDuration(track) : lastDts - beforeDts);
}

/** For a track's only packet: a frame at 25 a second, an AAC frame (ISO 14496-3 4.5.1.1), or what a packet of Opus has as a rule. */
function usualDuration(track: Mp4Track): number {
  if (track.kind === 'video') return track.clockRateHz / 25;
  return track.codec === 'aac' ? 1024 : 960;
}

function movieFragment(sequenceNumber: number, layouts: readonly Layout[], payloadChecksum: number): Part {
  let payloadOffset = BOX_HEADER_BYTES;
  const trackFragments = layouts.map((layout) => {
    const offset = payloadOffset;
    payloadOffset += layout.payloadSizeBytes;
    return trackFragment(layout, () => moof.sizeBytes + offset);
  });
  const sequence = fullBox('mfhd', 0, 0, u32(sequenceNumber));
  const moof = box('moof', sequence, ...trackFragments, fragmentChecksumBox(payloadChecksum));
  return moof;
}

/** @param dataOffset asked while writing, when the size of the whole `moof` is known. */
function trackFragment(layout: Layout, dataOffset: () => number): Part {
  const { track, packets } = layout.run;
  return box(
    'traf',
    fullBox('tfhd', 0, DEFAULT_BASE_IS_MOOF, u32(trackId(track))),
    fullBox('tfdt', 1, 0, u64(layout.startTicks)),
    // Version 1: composition offsets are signed.
    fullBox('trun', 1, TRUN_FIELDS, {
      sizeBytes: 8 + TRUN_BYTES_PER_SAMPLE * packets.length,
      write(out) {
        out.u32(packets.length);
        out.i32(dataOffset());
        packets.forEach((packet, i) => writeSample(out, packet, layout.durationsTicks[i] ?? 0));
      },
    }),
  );
}

function writeSample(out: ByteWriter, packet: Packet, durationTicks: number): void {
  const compositionOffset = packet.pts - packet.dts;
  if (!(Math.abs(compositionOffset) <= 0x7fffffff)) {
    throw new Mp4Error(
      'unrepresentable',
      `cannot write a packet shown ${compositionOffset} ticks after decoding (dts ${packet.dts})`,
    );
  }
  out.u32(durationTicks);
  out.u32(packet.data.byteLength);
  out.u32(packet.isKey ? KEY_SAMPLE_FLAGS : DEPENDENT_SAMPLE_FLAGS);
  out.i32(compositionOffset);
}

function mediaDataHeader(payloadSizeBytes: number): Part {
  return {
    sizeBytes: BOX_HEADER_BYTES,
    write(out) {
      out.u32(BOX_HEADER_BYTES + payloadSizeBytes);
      out.ascii('mdat');
    },
  };
}

function joinedPayload(layouts: readonly Layout[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let first: Uint8Array | undefined;
  let sizeBytes = 0;
  const closePiece = () => {
    if (first !== undefined) pieces.push(new Uint8Array(first.buffer, first.byteOffset, sizeBytes));
  };
  const add = ({ data }: Packet) => {
    const touches = first?.buffer === data.buffer && first.byteOffset + sizeBytes === data.byteOffset;
    if (!touches) {
      closePiece();
      first = data;
      sizeBytes = 0;
    }
    sizeBytes += data.byteLength;
  };
  layouts.forEach(({ run }) => run.packets.forEach(add));
  closePiece();
  return pieces;
}
