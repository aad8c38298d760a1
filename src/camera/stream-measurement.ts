import type { Packet, Track, VideoTrack } from '../media/packet.ts';

/** What a stretch of a stream shows about it. */
export interface StreamMeasurement {
  readonly seconds: number;
  readonly video: VideoMeasurement | undefined;
  readonly audio: Exclude<Track, VideoTrack> | undefined;
  /** Of all tracks. */
  readonly bitsPerSecond: number;
}

export interface VideoMeasurement {
  readonly track: VideoTrack;
  readonly framesPerSecond: number;
  /** From key picture to key picture; undefined when only one was seen. */
  readonly gopSeconds: number | undefined;
  readonly hasBFrames: boolean;
}

/** Gathers what a stream is like from its packets. */
export class StreamMeter {
  #bytes = 0;
  #pictures = 0;
  /** Of each key picture: when it is shown, and how many pictures came before it. */
  readonly #keys: { readonly pts: number; readonly picturesBefore: number }[] = [];
  #video: VideoTrack | undefined;
  #audio: Exclude<Track, VideoTrack> | undefined;
  #firstTicks = 0;
  #lastTicks = 0;
  #hasBFrames = false;

  add(packet: Packet): void {
    this.#bytes += packet.data.byteLength;
    if (packet.track.kind === 'audio') {
      this.#audio = packet.track;
      return;
    }
    if (this.#video === undefined) this.#firstTicks = packet.dts;
    this.#video = packet.track;
    this.#lastTicks = packet.dts;
    if (packet.isKey) this.#keys.push({ pts: packet.pts, picturesBefore: this.#pictures });
    this.#pictures += 1;
    if (packet.pts !== packet.dts && !packet.isKey) this.#hasBFrames = true;
  }

  /** Whether enough was seen to tell the GOP: two key pictures and sound, if any, with them. */
  get isTelling(): boolean {
    return this.#keys.length >= 3;
  }

  result(): StreamMeasurement {
    const clockRateHz = this.#video?.clockRateHz ?? 1;
    const seconds = (this.#lastTicks - this.#firstTicks) / clockRateHz;
    return {
      seconds,
      video: this.#video && {
        track: this.#video,
        ...this.#rhythm(seconds, clockRateHz),
        hasBFrames: this.#hasBFrames,
      },
      audio: this.#audio,
      bitsPerSecond: seconds === 0 ? 0 : (this.#bytes * 8) / seconds,
    };
  }

  /** Where there are two key pictures, from the first to the last: B frames put the decoding times at both ends off. */
  #rhythm(seconds: number, clockRateHz: number): Pick<VideoMeasurement, 'framesPerSecond' | 'gopSeconds'> {
    const [first, last] = [this.#keys[0], this.#keys.at(-1)];
    if (first === undefined || last === undefined || last.pts <= first.pts) {
      return { framesPerSecond: seconds === 0 ? 0 : (this.#pictures - 1) / seconds, gopSeconds: undefined };
    }
    const measuredSeconds = (last.pts - first.pts) / clockRateHz;
    return {
      framesPerSecond: (last.picturesBefore - first.picturesBefore) / measuredSeconds,
      gopSeconds: measuredSeconds / (this.#keys.length - 1),
    };
  }
}
