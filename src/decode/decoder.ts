import type { Frame } from 'node-av/lib';
import { mediaTicks, type MediaTicks } from '../base/time.ts';
import type { VideoPacket, VideoTrack } from '../media/packet.ts';
import { DecodeError } from './error.ts';
import { narrowLuma, planeSizeBytes, type LumaLayout } from './luma.ts';
import { lumaDepth } from './luma-depth.ts';
import { MAX_DECODED_SIDE_PX, NativeDecoder } from './native-decoder.ts';

/**
 * An 8-bit luma plane: row-major, `stride` bytes from a row to the next. As a rule it is the decoder's own memory, which
 * nothing protects: valid only while the picture is.
 */
export interface DecodedLuma {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly stride: number;
  readonly data: Uint8Array;
  /** Black is 0 and white 255; otherwise 16 and 235. */
  readonly isFullRange: boolean;
}

/** A picture, valid during the call it is passed to. */
export interface DecodedPicture {
  /** That of the packet it was coded in. */
  readonly pts: MediaTicks;
  /** Its luma; that of more than 8 bits is copied, so ask only for pictures that are wanted. */
  readLuma(): DecodedLuma;
}

/** What became of the packets since construction. */
export interface DecodeCounts {
  readonly packets: number;
  /** Packets before a key packet, from which decoding can start. */
  readonly skippedPackets: number;
  /** Packets for which `decode` returned an error. */
  readonly failedPackets: number;
  /** Whole pictures, in order of presentation. */
  readonly pictures: number;
}

/**
 * Decodes one camera's video, whatever it sends. Parameter sets come from each packet's track, so a packet of
 * another track object starts a decoder of its own. After an error it goes on as well as it can (what moves is still
 * to be seen in half a picture) and starts afresh with the next key packet. Holds memory outside the JavaScript heap:
 * dispose of it.
 */
export class VideoDecoder implements Disposable {
  #track: VideoTrack | undefined;
  /** Undefined while waiting for a key packet. */
  #native: NativeDecoder | undefined;
  #hasFailed = false;
  /** The luma of the last picture of more than 8 bits. */
  #narrowed = new Uint8Array(0);
  #counts = { packets: 0, skippedPackets: 0, failedPackets: 0, pictures: 0 };

  get counts(): DecodeCounts {
    return { ...this.#counts };
  }

  /**
   * Decodes a packet and passes each picture that comes out to `visit`: none or one as a rule, more when the order
   * of presentation differs from that of decoding.
   * @returns what was wrong, if anything.
   * @throws only what `visit` throws, but for the errors of `readLuma`, which are returned.
   */
  decode(packet: VideoPacket, visit: (picture: DecodedPicture) => void): DecodeError | undefined {
    this.#counts.packets++;
    if (packet.track !== this.#track || (packet.isKey && this.#hasFailed)) this.reset();
    this.#track = packet.track;
    if (this.#native === undefined && !packet.isKey) {
      this.#counts.skippedPackets++;
      return undefined;
    }
    const error = this.#attempt(() =>
      this.#decoderFor(packet.track).decode(packet, (frame) => this.#show(frame, visit)),
    );
    if (error === undefined) return undefined;
    this.#hasFailed = true;
    this.#counts.failedPackets++;
    return error;
  }

  /** Forgets all pictures, even those still to come out, and waits for a key packet. */
  reset(): void {
    this.#native?.[Symbol.dispose]();
    this.#native = undefined;
    this.#hasFailed = false;
  }

  [Symbol.dispose](): void {
    this.reset();
  }

  #decoderFor(track: VideoTrack): NativeDecoder {
    this.#native ??= new NativeDecoder(track);
    return this.#native;
  }

  #attempt(work: () => void): DecodeError | undefined {
    try {
      work();
      return undefined;
    } catch (thrown) {
      if (thrown instanceof DecodeError) return thrown;
      throw thrown;
    }
  }

  #show(frame: Frame, visit: (picture: DecodedPicture) => void): void {
    this.#counts.pictures++;
    visit({ pts: mediaTicks(Number(frame.pts)), readLuma: () => this.#readLuma(frame) });
  }

  /** @throws DecodeError `unsupported-picture` */
  #layoutOf(frame: Frame): LumaLayout {
    const { width: widthPx, height: heightPx } = frame;
    const stride = frame.linesize[0] ?? 0;
    const bitDepth = lumaDepth(frame.format);
    if (bitDepth === undefined || stride <= 0 || Math.max(widthPx, heightPx) > MAX_DECODED_SIDE_PX) {
      const found = `${widthPx}x${heightPx}, pixel format ${frame.format}, stride ${stride}`;
      throw new DecodeError('unsupported-picture', `Cannot read a picture's luma: found ${found}`);
    }
    return { widthPx, heightPx, stride, bitDepth };
  }

  #readLuma(frame: Frame): DecodedLuma {
    const layout = this.#layoutOf(frame);
    const plane = frame.data?.[0];
    const { widthPx, heightPx, stride } = layout;
    if (plane === undefined || plane.byteLength < planeSizeBytes(layout)) {
      const found = `${plane?.byteLength} bytes for ${widthPx}x${heightPx}`;
      throw new DecodeError('unsupported-picture', `Cannot read a picture's luma: found ${found}`);
    }
    const isFullRange = this.#track?.isFullRange ?? false;
    if (layout.bitDepth === 8) return { widthPx, heightPx, stride, data: plane, isFullRange };
    if (this.#narrowed.byteLength !== widthPx * heightPx) this.#narrowed = new Uint8Array(widthPx * heightPx);
    narrowLuma(plane, layout, this.#narrowed);
    return { widthPx, heightPx, stride: widthPx, data: this.#narrowed, isFullRange };
  }
}
