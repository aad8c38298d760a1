import { ByteWriter } from '../media/fmp4/box.ts';
import { toFileTicks, type FileTimeline } from '../media/fmp4/file-timeline.ts';
import { Mp4Error } from '../media/fmp4/mp4-error.ts';
import { trackId, type Mp4Track } from '../media/fmp4/mp4-track.ts';
import { DEPENDENT_SAMPLE_FLAGS, KEY_SAMPLE_FLAGS } from '../media/fmp4/sample-flags.ts';
import type { Packet } from '../media/packet.ts';

/** The packets of one track that make a fragment, in decoding order. */
export interface LiveRun {
  readonly track: Mp4Track;
  readonly packets: readonly [Packet, ...Packet[]];
  /** How long the last one lasts. */
  readonly lastTicks: number;
}

/** Of the boxes without what they hold; of `trun` without its samples. */
const BYTES = { mfhd: 16, tfhd: 16, tfdt: 20, trun: 20, sample: 16, header: 8 } as const;
/** ISO 14496-12 8.8.7.1: `default-base-is-moof`. */
const DEFAULT_BASE_IS_MOOF = 0x020000;
/** ISO 14496-12 8.8.8.1: data offset, then per sample duration, size, flags and signed composition offset (version 1). */
const TRUN_FIELDS = 0x01000f01;
const TFDT_VERSION_1 = 0x01000000;

/**
 * `moof` and the head of `mdat`, to be followed by the packets' data. What the fragments of files have beyond it
 * (`encodeFragment`: other tracks, checksums) browsers leave unread; made for each picture it cost as much as two viewers.
 *
 * @param sequenceNumber counts the fragments of a stream from one.
 * @throws Mp4Error `unrepresentable` for packets from before the time line's beginning, decode times that do not increase, and
 *   what exceeds its 32 bits.
 */
export function encodeLiveFragment(
  sequenceNumber: number,
  { track, packets, lastTicks }: LiveRun,
  timeline: FileTimeline,
): Uint8Array {
  const runBytes = BYTES.trun + BYTES.sample * packets.length;
  const trackBytes = BYTES.header + BYTES.tfhd + BYTES.tfdt + runBytes;
  const moofBytes = BYTES.header + BYTES.mfhd + trackBytes;
  const head = new Uint8Array(moofBytes + BYTES.header);
  const out = new ByteWriter(head);
  openBox(out, moofBytes, 'moof');
  openBox(out, BYTES.mfhd, 'mfhd');
  out.u32(0);
  out.u32(sequenceNumber);
  openBox(out, trackBytes, 'traf');
  openBox(out, BYTES.tfhd, 'tfhd');
  out.u32(DEFAULT_BASE_IS_MOOF);
  out.u32(trackId(track));
  openBox(out, BYTES.tfdt, 'tfdt');
  out.u32(TFDT_VERSION_1);
  out.u64(startTicks(packets[0], track, timeline));
  openBox(out, runBytes, 'trun');
  out.u32(TRUN_FIELDS);
  out.u32(packets.length);
  out.i32(moofBytes + BYTES.header);
  let dataBytes = 0;
  for (const [i, packet] of packets.entries()) {
    const next = packets[i + 1];
    writeSample(out, packet, next === undefined ? lastTicks : next.dts - packet.dts);
    dataBytes += packet.data.byteLength;
  }
  openBox(out, BYTES.header + dataBytes, 'mdat');
  return head;
}

function openBox(out: ByteWriter, sizeBytes: number, type: string): void {
  out.u32(sizeBytes);
  out.ascii(type);
}

function startTicks({ dts }: Packet, track: Mp4Track, timeline: FileTimeline): number {
  const ticks = toFileTicks(timeline, dts, track.clockRateHz);
  if (ticks < 0) throw new Mp4Error('unrepresentable', `cannot place media time ${dts} before the beginning`);
  return ticks;
}

function writeSample(out: ByteWriter, { data, isKey, pts, dts }: Packet, durationTicks: number): void {
  const compositionOffset = pts - dts;
  if (!(durationTicks > 0 && durationTicks <= 0xffffffff && Math.abs(compositionOffset) <= 0x7fffffff)) {
    const found = `one lasting ${durationTicks} ticks, shown ${compositionOffset} after decoding`;
    throw new Mp4Error('unrepresentable', `cannot write a packet: found ${found} (dts ${dts})`);
  }
  out.u32(durationTicks);
  out.u32(data.byteLength);
  out.u32(isKey ? KEY_SAMPLE_FLAGS : DEPENDENT_SAMPLE_FLAGS);
  out.i32(compositionOffset);
}
