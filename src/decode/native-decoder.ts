import {
  AV_CODEC_FLAG_OUTPUT_CORRUPT,
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_FRAME_FLAG_CORRUPT,
  AV_LOG_QUIET,
  AVERROR_EAGAIN,
  AVERROR_EOF,
} from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Frame, Log, Packet } from 'node-av/lib';
import { encodeDecoderConfiguration } from '../media/fmp4/decoder-configuration.ts';
import type { VideoPacket, VideoTrack } from '../media/packet.ts';
import { DecodeError } from './error.ts';

/** Longest side of a picture that we decode. */
export const MAX_DECODED_SIDE_PX = 8192;

/** Largest picture of any level: 139,264 macroblocks of 256 pixels (ISO 14496-10 table A-1, level 6.2). */
export const MAX_DECODED_PIXELS = 139_264 * 256;

const CODEC_IDS = { h264: AV_CODEC_ID_H264, h265: AV_CODEC_ID_HEVC, av1: AV_CODEC_ID_AV1 } as const;

export interface NativeDecoderOptions {
  /** Whether pictures with parts missing are shown too, as well as they can be; otherwise each is an error only. */
  readonly showsDamaged?: boolean;
}

/**
 * FFmpeg's decoder for one track, with one thread. Owns memory outside the JavaScript heap, so it must be disposed
 * of. Only the synchronous calls are used: the asynchronous ones would block libuv's threads.
 */
export class NativeDecoder implements Disposable {
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #showsDamaged: boolean;

  /** @throws DecodeError `unusable-track` */
  constructor(track: VideoTrack, { showsDamaged = false }: NativeDecoderOptions = {}) {
    this.#showsDamaged = showsDamaged;
    // Hostile streams make FFmpeg complain with every packet; what matters comes back as error codes.
    Log.setLevel(AV_LOG_QUIET);
    try {
      this.#open(track, Buffer.from(encodeDecoderConfiguration(track.parameterSets)));
    } catch (thrown) {
      this[Symbol.dispose]();
      if (thrown instanceof DecodeError) throw thrown;
      throw new DecodeError('unusable-track', `Cannot open a decoder for ${track.codecString}`, {
        cause: thrown,
      });
    }
  }

  #open(track: VideoTrack, extradata: Buffer): void {
    checkPictureSize(track);
    const codec = Codec.findDecoder(CODEC_IDS[track.codec]);
    this.#context.allocContext3(codec);
    this.#context.extraData = extradata;
    this.#context.threadCount = 1;
    if (this.#showsDamaged) this.#context.setFlags(AV_CODEC_FLAG_OUTPUT_CORRUPT);
    // Not through the dictionary of open2Sync, which node-av 6.1.1 frees twice.
    this.#context.setOption('max_pixels', String(MAX_DECODED_PIXELS));
    FFmpegError.throwIfError(this.#context.open2Sync(codec), 'avcodec_open2');
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /**
   * Decodes a packet and shows each picture that comes out to `visit`; the frame is valid during that call only.
   * @throws DecodeError `corrupt-packet` or `damaged-picture`, after all good pictures were shown, and whatever
   *   `visit` throws.
   */
  decode(packet: VideoPacket, visit: (frame: Frame) => void): void {
    // To FFmpeg an empty packet is the end of the stream.
    if (packet.data.byteLength === 0)
      throw new DecodeError('corrupt-packet', 'Cannot decode a packet of 0 bytes');
    this.#packet.data = Buffer.from(packet.data.buffer, packet.data.byteOffset, packet.data.byteLength);
    this.#packet.pts = BigInt(packet.pts);
    this.#packet.dts = BigInt(packet.dts);
    const sent = this.#context.sendPacketSync(this.#packet);
    this.#packet.unref();
    this.#receive(sent, visit);
  }

  /**
   * Shows the pictures that are still to come out; nothing can be decoded after it.
   * @throws as `decode` does.
   */
  finish(visit: (frame: Frame) => void): void {
    this.#receive(this.#context.sendPacketSync(null), visit);
  }

  [Symbol.dispose](): void {
    this.#frame.free();
    this.#packet.free();
    this.#context.freeContext();
  }

  #receive(sent: number, visit: (frame: Frame) => void): void {
    let isDamaged = false;
    let received = this.#context.receiveFrameSync(this.#frame);
    for (; received === 0; received = this.#context.receiveFrameSync(this.#frame)) {
      try {
        const isWhole = !isIncomplete(this.#frame);
        if (isWhole || this.#showsDamaged) visit(this.#frame);
        if (!isWhole) isDamaged = true;
      } finally {
        this.#frame.unref();
      }
    }
    if (sent < 0) throw corruptPacket(sent);
    if (received !== AVERROR_EAGAIN && received !== AVERROR_EOF) throw corruptPacket(received);
    if (isDamaged) throw new DecodeError('damaged-picture', 'Decoded a picture with parts missing');
  }
}

function checkPictureSize({ widthPx, heightPx }: VideoTrack): void {
  if (Math.max(widthPx, heightPx) <= MAX_DECODED_SIDE_PX && widthPx * heightPx <= MAX_DECODED_PIXELS) return;
  throw new DecodeError('unusable-track', `Cannot decode pictures of ${widthPx}x${heightPx}`);
}

function corruptPacket(code: number): DecodeError {
  return new DecodeError('corrupt-packet', `Cannot decode a packet: ${FFmpegError.strerror(code)}`);
}

function isIncomplete(frame: Frame): boolean {
  return (frame.flags & AV_FRAME_FLAG_CORRUPT) !== 0 || frame.decodeErrorFlags !== 0;
}
