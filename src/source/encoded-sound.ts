import { avGetCodecName, Codec, type Packet, type Stream } from 'node-av/lib';
import { mediaTicks } from '../base/time.ts';
import { EncodeError } from '../decode/encode-error.ts';
import type { Packet as MediaPacket } from '../media/packet.ts';
import { aacTrackOf } from '../sound/aac-format.ts';
import { SoundEncoder } from '../sound/sound-encoder.ts';
import type { SoundFormat } from '../sound/sound-format.ts';
import type { SoundLine } from './sound-line.ts';

/** Sound that no recording can hold as it comes, decoded and encoded to AAC. */
export class EncodedSound implements SoundLine {
  #encoder: SoundEncoder | undefined;

  /** @throws EncodeError where there is no decoder for it. */
  constructor(stream: Stream, onPacket: (packet: MediaPacket) => void) {
    const encoder = new SoundEncoder(formatOf(stream), ({ ticks, data }) => {
      const at = mediaTicks(ticks);
      onPacket({ track, isKey: true, pts: at, dts: at, data });
    });
    const track = aacTrackOf(1, encoder.format);
    this.#encoder = encoder;
  }

  /** Sound that cannot be encoded is left out; pictures go on. */
  push({ data }: Packet, seconds: number): void {
    if (data === null) return;
    try {
      this.#encoder?.push(data, seconds);
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      this[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    this.#encoder?.[Symbol.dispose]();
    this.#encoder = undefined;
  }
}

function formatOf({ codecpar }: Stream): SoundFormat {
  const { codecId, sampleRate, channelLayout, bitsPerCodedSample, extradata } = codecpar;
  const codec = Codec.findDecoder(codecId)?.name ?? avGetCodecName(codecId) ?? 'unknown';
  return {
    codec,
    sampleRateHz: sampleRate,
    channels: channelLayout.nbChannels,
    bitsPerSample: bitsPerCodedSample,
    ...(extradata === null ? {} : { configuration: Uint8Array.from(extradata) }),
  };
}
