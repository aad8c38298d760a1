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
  #keyTimes: number[] = [];
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
    this.#pictures += 1;
    if (packet.isKey) this.#keyTimes.push(packet.dts);
    if (packet.pts !== packet.dts && !packet.isKey) this.#hasBFrames = true;
  }

  /** Whether enough was seen to tell the GOP: two key pictures and sound, if any, with them. */
  get isTelling(): boolean {
    return this.#keyTimes.length >= 3;
  }

  result(): StreamMeasurement {
    const clockRateHz = this.#video?.clockRateHz ?? 1;
    const seconds = (this.#lastTicks - this.#firstTicks) / clockRateHz;
    const gops = this.#keyTimes.length - 1;
    const [firstKey = 0] = this.#keyTimes;
    const gopSeconds = gops < 1 ? undefined : ((this.#keyTimes.at(-1) ?? 0) - firstKey) / gops / clockRateHz;
    return {
      seconds,
      video: this.#video && {
        track: this.#video,
        framesPerSecond: seconds === 0 ? 0 : (this.#pictures - 1) / seconds,
        gopSeconds,
        hasBFrames: this.#hasBFrames,
      },
      audio: this.#audio,
      bitsPerSecond: seconds === 0 ? 0 : (this.#bytes * 8) / seconds,
    };
  }
}
