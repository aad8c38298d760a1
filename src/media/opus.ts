import { OPUS_CLOCK_RATE_HZ, type OpusTrack } from './packet.ts';

/** Of a frame in ms, by the upper five bits of a packet's first byte (RFC 6716 table 2). */
const FRAME_MS: readonly number[] = [
  ...[0, 1, 2].flatMap(() => [10, 20, 40, 60]),
  ...[0, 1].flatMap(() => [10, 20]),
  ...[0, 1, 2, 3].flatMap(() => [2.5, 5, 10, 20]),
];

/** @param channels 1 or 2. */
export function opusTrack(index: number, channels: number): OpusTrack {
  return {
    kind: 'audio',
    index,
    codec: 'opus',
    codecString: 'opus',
    clockRateHz: OPUS_CLOCK_RATE_HZ,
    channels,
  };
}

/** How long a packet lasts, in ticks of Opus's clock (RFC 6716 3.1); 0 for one that is empty. */
export function opusTicks(packet: Uint8Array): number {
  const [first, second = 0] = packet;
  if (first === undefined) return 0;
  const code = first & 3;
  const frames = code === 0 ? 1 : code === 3 ? second & 0x3f : 2;
  return (frames * (FRAME_MS[first >> 3] ?? 0) * OPUS_CLOCK_RATE_HZ) / 1000;
}
