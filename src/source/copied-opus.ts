import type { Packet, Stream } from 'node-av/lib';
import { mediaTicks } from '../base/time.ts';
import { opusTrack } from '../media/opus.ts';
import type { Packet as MediaPacket } from '../media/packet.ts';
import type { SoundLine } from './sound-line.ts';

/** Opus of one or two channels, which is recorded as it comes. */
export class CopiedOpus implements SoundLine {
  readonly #track;
  readonly #onPacket: (packet: MediaPacket) => void;
  #lastTicks = -1;

  constructor({ codecpar }: Stream, onPacket: (packet: MediaPacket) => void) {
    this.#track = opusTrack(1, codecpar.channelLayout.nbChannels);
    this.#onPacket = onPacket;
  }

  push({ data }: Packet, seconds: number): void {
    if (data === null || data.byteLength === 0 || seconds < 0) return;
    const track = this.#track;
    const ticks = Math.max(Math.round(seconds * track.clockRateHz), this.#lastTicks + 1);
    this.#lastTicks = ticks;
    this.#onPacket({ track, isKey: true, pts: mediaTicks(ticks), dts: mediaTicks(ticks), data });
  }

  [Symbol.dispose](): void {}
}
