import { mediaTicks } from '../../base/time.ts';
import type { AacTrack, Packet, VideoPacket, VideoTrack } from '../packet.ts';

/** Packets for tests that care for times and order, not for what a decoder makes of them. */

export const testVideoTrack: VideoTrack = {
  kind: 'video',
  index: 0,
  codec: 'h264',
  parameterSets: {
    codec: 'h264',
    sps: Uint8Array.of(0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x2f, 0xf9, 0x50),
    pps: [Uint8Array.of(0x68, 0xcb, 0x83, 0xcb, 0x20)],
  },
  widthPx: 640,
  heightPx: 360,
  codecString: 'avc1.42c01e',
  reorderDepth: 0,
  isFullRange: false,
  clockRateHz: 90_000,
};

export const testAudioTrack: AacTrack = {
  kind: 'audio',
  index: 1,
  codec: 'aac',
  audioSpecificConfig: Uint8Array.of(0x14, 0x08),
  codecString: 'mp4a.40.2',
  clockRateHz: 16_000,
  channels: 1,
};

export interface PictureOptions {
  readonly isKey?: boolean;
  readonly sizeBytes?: number;
  readonly track?: VideoTrack;
}

/** A picture at `atMs` of media time; its first byte after the length and NAL header counts up with the time. */
export function makePicture(atMs: number, options: PictureOptions = {}): VideoPacket {
  const { isKey = true, sizeBytes = 100, track = testVideoTrack } = options;
  const data = new Uint8Array(sizeBytes);
  new DataView(data.buffer).setUint32(0, sizeBytes - 4);
  data[4] = isKey ? 0x65 : 0x41;
  data[5] = atMs & 0xff;
  const ticks = mediaTicks(Math.round(atMs * 90));
  return { track, isKey, pts: ticks, dts: ticks, data };
}

/** A sound packet at `atMs` of media time. */
export function makeSound(
  atMs: number,
  track: AacTrack = testAudioTrack,
): Packet & { readonly track: AacTrack } {
  const ticks = mediaTicks(Math.round((atMs * track.clockRateHz) / 1000));
  return { track, isKey: true, pts: ticks, dts: ticks, data: new Uint8Array(32).fill(0x21) };
}

/** Pictures from 0 to `untilMs` (exclusive) every `intervalMs`, a key picture every `gop` of them. */
export function makePictures(untilMs: number, intervalMs: number, gop: number, startMs = 0): VideoPacket[] {
  return Array.from({ length: Math.ceil((untilMs - startMs) / intervalMs) }, (_, i) =>
    makePicture(startMs + i * intervalMs, { isKey: i % gop === 0 }),
  );
}
