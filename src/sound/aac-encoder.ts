import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLTP,
  FF_ENCODER_AAC,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational, type ChannelLayout } from 'node-av/lib';
import { EncodeError } from '../decode/encode-error.ts';
import type { AacFormat } from './aac-format.ts';

export const UNIT_SAMPLES = 1024;
const BITS_PER_SAMPLE = 2;
/** FFmpeg's layouts of one channel in front, and of left and right. */
const LAYOUT_MASKS = { 1: 4n, 2: 3n } as const;

/** One access unit. */
export interface AacUnit {
  /** When its first sample is heard, in samples. */
  readonly ticks: number;
  /** Without ADTS header, a copy. */
  readonly data: Uint8Array;
}

export function channelLayout(channels: 1 | 2): ChannelLayout {
  return { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: channels, mask: LAYOUT_MASKS[channels] };
}

/**
 * Encodes an unbroken stretch of sound. The encoder's delay is accounted for: its first unit, which only primes a decoder,
 * lies 1024 samples before the first sample. Loads native code: not for the recorder's process. Dispose of it.
 */
export class AacEncoder implements Disposable {
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  readonly #format: AacFormat;
  readonly #onUnit: (unit: AacUnit) => void;
  /** Samples that do not fill a unit yet, as 32-bit floats of each channel. */
  #pending: Buffer[];
  #nextTicks: number;

  /** @param startTicks of the first sample that is pushed. @throws EncodeError */
  constructor(format: AacFormat, startTicks: number, onUnit: (unit: AacUnit) => void) {
    const { sampleRateHz, channels } = format;
    this.#format = format;
    this.#onUnit = onUnit;
    this.#nextTicks = startTicks;
    this.#pending = Array.from({ length: channels }, () => Buffer.alloc(0));
    const codec = Codec.findEncoderByName(FF_ENCODER_AAC);
    if (codec === null) throw new EncodeError('looking for the AAC encoder, found none');
    const context = this.#context;
    context.allocContext3(codec);
    context.sampleRate = sampleRateHz;
    context.sampleFormat = AV_SAMPLE_FMT_FLTP;
    context.channelLayout = channelLayout(channels);
    context.bitRate = BigInt(sampleRateHz * channels * BITS_PER_SAMPLE);
    context.timeBase = new Rational(1, sampleRateHz);
    context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
    // Half the CPU of the usual one, and closer to what was said (design/sound.md).
    context.setOption('aac_coder', 'fast');
    EncodeError.check('opening the AAC encoder', context.open2Sync(codec, null));
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /** When the sample that is pushed next is heard. */
  get nextTicks(): number {
    return this.#nextTicks + this.#pendingSamples;
  }

  /** @param planes of each channel, 32-bit floats. */
  push(planes: readonly Buffer[]): void {
    this.#pending = this.#pending.map((pending, channel) =>
      Buffer.concat([pending, planes[channel] ?? Buffer.alloc(0)]),
    );
    while (this.#pendingSamples >= UNIT_SAMPLES) this.#encodeUnit();
  }

  /** Fills up the last unit with silence and lets out what the encoder holds. */
  finish(): void {
    const missing = UNIT_SAMPLES - this.#pendingSamples;
    if (missing < UNIT_SAMPLES) this.push(this.#pending.map(() => Buffer.alloc(missing * 4)));
    this.#context.sendFrameSync(null);
    this.#receive();
  }

  [Symbol.dispose](): void {
    this.#packet.free();
    this.#frame.free();
    this.#context.freeContext();
  }

  get #pendingSamples(): number {
    return (this.#pending[0]?.byteLength ?? 0) / 4;
  }

  #encodeUnit(): void {
    const frame = this.#frame;
    frame.format = AV_SAMPLE_FMT_FLTP;
    frame.nbSamples = UNIT_SAMPLES;
    frame.sampleRate = this.#format.sampleRateHz;
    frame.channelLayout = channelLayout(this.#format.channels);
    EncodeError.check('allocating sound', frame.allocBuffer());
    for (const [channel, pending] of this.#pending.entries()) {
      pending.copy(frame.data?.[channel] ?? Buffer.alloc(0), 0, 0, UNIT_SAMPLES * 4);
    }
    this.#pending = this.#pending.map((pending) => pending.subarray(UNIT_SAMPLES * 4));
    frame.pts = BigInt(this.#nextTicks);
    this.#nextTicks += UNIT_SAMPLES;
    EncodeError.check('encoding sound', this.#context.sendFrameSync(frame));
    frame.unref();
    this.#receive();
  }

  #receive(): void {
    while (this.#context.receivePacketSync(this.#packet) >= 0) {
      const { data, pts } = this.#packet;
      if (data !== null) this.#onUnit({ ticks: Number(pts), data: Uint8Array.from(data) });
      this.#packet.unref();
    }
  }
}
