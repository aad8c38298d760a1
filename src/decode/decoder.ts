import type { Frame } from 'node-av/lib';
import { mediaTicks, type MediaTicks } from '../base/time.ts';
import type { I420Picture } from '../media/i420.ts';
import type { VideoPacket, VideoTrack } from '../media/packet.ts';
import { DecodeError } from './error.ts';
import { FrameReader, type DecodedLuma } from './frame-reader.ts';
import { NativeDecoder } from './native-decoder.ts';

/** A picture as it is to be shown, valid during the call it is passed to. */
export interface DecodedPicture {
  /** That of the packet it was coded in. */
  readonly pts: MediaTicks;
  /** Its luma; that of more than 8 bits is copied, so ask only for pictures that are wanted. */
  readLuma(): DecodedLuma;
  /** Fills `target` with the whole picture in colour, shrunk or grown to its size. */
  readI420(target: I420Picture): void;
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
  #reader = new FrameReader();
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

  /**
   * Goes on from where `other` is, and `other` from where this one was. Luma that either has read lasts until the other reads.
   * Each keeps its counts.
   */
  changePlaces(other: VideoDecoder): void {
    [this.#track, other.#track] = [other.#track, this.#track];
    [this.#native, other.#native] = [other.#native, this.#native];
    [this.#hasFailed, other.#hasFailed] = [other.#hasFailed, this.#hasFailed];
    [this.#reader, other.#reader] = [other.#reader, this.#reader];
  }

  [Symbol.dispose](): void {
    this.reset();
    this.#reader[Symbol.dispose]();
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
    const reader = this.#reader;
    this.#counts.pictures++;
    const { isFullRange = false, orientation } = this.#track ?? {};
    visit({
      pts: mediaTicks(Number(frame.pts)),
      readLuma: () => reader.readLuma(frame, isFullRange, orientation),
      readI420: (target) => reader.readI420(frame, target, orientation),
    });
  }
}
