import type { Packet, Stream } from 'node-av/lib';
import { mediaTicks } from '../base/time.ts';
import { aacCodecString, parseAudioSpecificConfig } from '../media/aac.ts';
import { BitstreamError } from '../media/bit-reader.ts';
import type { AacTrack, Packet as MediaPacket } from '../media/packet.ts';
import type { SoundLine } from './sound-line.ts';

const ADTS_HEAD_BYTES = 7;

/** AAC that is recorded as it comes, with its configuration beside it or in ADTS headers (ISO 14496-3 1.A.2.2). */
export class CopiedAac implements SoundLine {
  readonly #onPacket: (packet: MediaPacket) => void;
  /** Undefined where ADTS headers tell it. */
  readonly #beside: Uint8Array | undefined;
  #track: AacTrack | undefined;
  #lastTicks = Number.NEGATIVE_INFINITY;

  constructor({ codecpar }: Stream, onPacket: (packet: MediaPacket) => void) {
    const { extradata } = codecpar;
    this.#beside = extradata === null || extradata.byteLength < 2 ? undefined : Uint8Array.from(extradata);
    this.#onPacket = onPacket;
  }

  push({ data }: Packet, seconds: number): void {
    if (data === null) return;
    const unit = this.#beside === undefined ? this.#withoutHead(data) : data;
    if (this.#beside !== undefined) this.#track ??= trackOf(this.#beside);
    const track = this.#track;
    // Before the first picture there is nothing to hear it with.
    if (unit === undefined || track === undefined || seconds < 0) return;
    const ticks = Math.max(Math.round(seconds * track.clockRateHz), this.#lastTicks + 1);
    this.#lastTicks = ticks;
    this.#onPacket({ track, isKey: true, pts: mediaTicks(ticks), dts: mediaTicks(ticks), data: unit });
  }

  [Symbol.dispose](): void {}

  #withoutHead(data: Buffer): Uint8Array | undefined {
    if (data.byteLength < ADTS_HEAD_BYTES || (data.readUInt16BE(0) & 0xfff6) !== 0xfff0) return undefined;
    const [, second = 0, third = 0, fourth = 0] = data;
    const objectType = (third >> 6) + 1;
    const rateIndex = (third >> 2) & 0xf;
    const channels = ((third & 1) << 2) | (fourth >> 6);
    const config = Buffer.alloc(2);
    config.writeUInt16BE((objectType << 11) | (rateIndex << 7) | (channels << 3));
    this.#track ??= trackOf(config);
    const hasChecksum = (second & 1) === 0;
    return data.subarray(ADTS_HEAD_BYTES + (hasChecksum ? 2 : 0));
  }
}

function trackOf(audioSpecificConfig: Uint8Array): AacTrack | undefined {
  try {
    const config = parseAudioSpecificConfig(audioSpecificConfig);
    return {
      kind: 'audio',
      index: 1,
      codec: 'aac',
      audioSpecificConfig,
      codecString: aacCodecString(config),
      clockRateHz: config.sampleRateHz,
      channels: config.channels ?? 2,
    };
  } catch (error) {
    if (error instanceof BitstreamError) return undefined;
    throw error;
  }
}
