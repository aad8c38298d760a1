import { mediaTicks } from '../../../base/time.ts';
import type { Packet } from '../../packet.ts';
import type { TrackRun } from '../fragment.ts';
import type { Mp4Track } from '../mp4-track.ts';

export interface PacketTimes {
  readonly dts: number;
  /** `pts - dts` */
  readonly compositionOffset?: number;
  readonly isKey?: boolean;
  readonly data?: Uint8Array;
}

/** A packet with three bytes unless told otherwise. */
export function makePacket(track: Mp4Track, times: PacketTimes): Packet {
  const { dts, compositionOffset = 0, isKey = true, data = Uint8Array.of(1, 2, 3) } = times;
  return { track, isKey, dts: mediaTicks(dts), pts: mediaTicks(dts + compositionOffset), data };
}

/** Packets every `intervalTicks` from `startTicks` on, the first of them key. */
export function makeRun(track: Mp4Track, count: number, startTicks: number, intervalTicks: number): TrackRun {
  const packets = Array.from({ length: count }, (_, i) =>
    makePacket(track, { dts: startTicks + i * intervalTicks, isKey: track.kind === 'audio' || i === 0 }),
  );
  return { track, packets, nextDts: mediaTicks(startTicks + count * intervalTicks) };
}

/** The pieces of a `writev` as one. */
export function join(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}
