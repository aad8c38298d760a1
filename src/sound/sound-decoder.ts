import { AV_CHANNEL_ORDER_UNSPEC, AV_LOG_QUIET } from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Frame, Log, Packet } from 'node-av/lib';
import { EncodeError } from '../decode/encode-error.ts';
import type { SoundFormat } from './sound-format.ts';

/** node-av 6.1 reads beyond its array where sound has more channels than that, as damaged AAC can claim. */
const MOST_CHANNELS = 8;

/** Decodes sound of whatever format. Loads native code: not for the recorder's process. Dispose of it. */
export class SoundDecoder implements Disposable {
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();

  /** @throws EncodeError where there is no decoder for it. */
  constructor({ codec: name, sampleRateHz, channels, bitsPerSample, configuration }: SoundFormat) {
    Log.setLevel(AV_LOG_QUIET);
    const codec = Codec.findDecoderByName(name as Parameters<typeof Codec.findDecoderByName>[0]);
    if (codec === null) throw new EncodeError(`decoding sound, found no decoder for ${name}`);
    this.#context.allocContext3(codec);
    this.#context.sampleRate = sampleRateHz;
    this.#context.channelLayout = { order: AV_CHANNEL_ORDER_UNSPEC, nbChannels: channels, mask: 0n };
    if (bitsPerSample !== undefined) this.#context.bitsPerCodedSample = bitsPerSample;
    if (configuration !== undefined) this.#context.extraData = Buffer.from(configuration);
    this.#context.threadCount = 1;
    const opened = this.#context.open2Sync(codec, null);
    if (opened < 0) {
      this.#context.freeContext();
      throw new EncodeError(`decoding sound of ${name}: ${FFmpegError.strerror(opened)}`);
    }
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /**
   * Gives the samples of a packet, valid during the call. What cannot be decoded gives none: the next packet may be whole.
   */
  decode(data: Uint8Array, onSamples: (frame: Frame) => void): void {
    // FFmpeg takes an empty packet for the end.
    if (data.byteLength === 0) return;
    this.#packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.#context.sendPacketSync(this.#packet);
    this.#packet.unref();
    while (this.#context.receiveFrameSync(this.#frame) >= 0) {
      if (this.#frame.channelLayout.nbChannels <= MOST_CHANNELS) onSamples(this.#frame);
      this.#frame.unref();
    }
  }

  [Symbol.dispose](): void {
    this.#frame.free();
    this.#packet.free();
    this.#context.freeContext();
  }
}
