import { AV_CODEC_ID_H264 } from 'node-av/constants';
import { BitStreamFilter, BitStreamFilterContext, FFmpegError, Packet, type Stream } from 'node-av/lib';
import { mediaTicks } from '../base/time.ts';
import { SourceError } from '../camera/source-error.ts';
import { splitAnnexB } from '../media/annex-b.ts';
import { BitstreamError } from '../media/bit-reader.ts';
import { withLengths } from '../media/coded-picture.ts';
import { DtsEstimator } from '../media/dts.ts';
import { VIDEO_CLOCK_RATE_HZ, type VideoPacket } from '../media/packet.ts';
import { H264Codec } from '../rtsp/depacketize/h264-codec.ts';
import { H265Codec } from '../rtsp/depacketize/h265-codec.ts';
import type { VideoCodec } from '../rtsp/depacketize/video-codec.ts';
import type { VideoLine } from './video-line.ts';

/**
 * H.264 or H.265 that is recorded as it comes. Whatever the container (lengths or start codes, parameter sets beside
 * the stream or in it), FFmpeg's filter makes start codes of it, and what we know of RTSP's pictures does the rest.
 */
export class CopiedVideo implements VideoLine {
  readonly #filter: BitStreamFilterContext;
  readonly #filtered = new Packet();
  readonly #codec: VideoCodec;
  readonly #onPacket: (packet: VideoPacket) => void;
  readonly #dts = new DtsEstimator();
  #keyPictures = 0;
  /** When the recovery point is shown that the stream began with. */
  #recoverySeconds = Number.NEGATIVE_INFINITY;

  /** @throws SourceError */
  constructor({ codecpar, timeBase }: Stream, onPacket: (packet: VideoPacket) => void) {
    const isH264 = codecpar.codecId === AV_CODEC_ID_H264;
    this.#codec = isH264 ? new H264Codec(0) : new H265Codec(0);
    this.#onPacket = onPacket;
    this.#filter = makeFilter(isH264 ? 'h264_mp4toannexb' : 'hevc_mp4toannexb');
    const filter = this.#filter;
    check(
      'preparing the video',
      filter.inputCodecParameters === null ? -1 : codecpar.copy(filter.inputCodecParameters),
    );
    filter.inputTimeBase = timeBase;
    check('preparing the video', filter.init());
    this.#filtered.alloc();
    // Some containers have them nowhere else.
    for (const unit of splitAnnexB(filter.outputCodecParameters?.extradata ?? new Uint8Array()))
      this.#offer(unit);
  }

  push(packet: Packet, seconds: number): void {
    const isKey = packet.isKeyframe;
    // A picture that the filter does not take is left out, now or when it is asked for: the next one may be whole.
    if (this.#filter.sendPacketSync(packet) < 0) return;
    while (this.#receive() === 0) {
      const { data } = this.#filtered;
      if (data !== null) this.#take(data, seconds, isKey);
      this.#filtered.unref();
    }
  }

  finish(): void {}

  [Symbol.dispose](): void {
    this.#filtered.free();
    this.#filter.free();
  }

  #receive(): number {
    return this.#filter.receivePacketSync(this.#filtered);
  }

  #take(annexB: Uint8Array, seconds: number, isKeyToFFmpeg: boolean): void {
    const kept: Uint8Array[] = [];
    let slice: Uint8Array | undefined;
    let isKey = isKeyToFFmpeg;
    let isRecoveryPoint = false;
    for (const unit of splitAnnexB(annexB)) {
      const role = this.#codec.role(unit[0] ?? 0, unit[1] ?? 0);
      if (role === 'drop') continue;
      if (role === 'parameters') {
        this.#offer(unit);
        continue;
      }
      // It refers to pictures from before the stream was joined.
      if (role === 'skipped-leading' && this.#keyPictures < 2) return;
      if (role !== 'extra') slice ??= unit;
      if (role === 'key-slice') isKey = true;
      else if (slice === undefined && this.#codec.isRecoveryPoint(unit)) isRecoveryPoint = true;
      kept.push(unit);
    }
    if (slice === undefined) return;
    if (isRecoveryPoint && this.#keyPictures === 0) this.#recoverySeconds = seconds;
    // It is shown before what the stream begins with, and refers past that.
    if (this.#keyPictures === 1 && seconds < this.#recoverySeconds) return;
    this.#tell(kept, slice, seconds, isKey || isRecoveryPoint);
  }

  #tell(units: readonly Uint8Array[], slice: Uint8Array, seconds: number, isKey: boolean): void {
    const track = this.#trackOf(isKey ? slice : undefined);
    if (track === undefined || (this.#keyPictures === 0 && !isKey)) return;
    if (isKey) this.#keyPictures += 1;
    const pts = mediaTicks(Math.round(seconds * VIDEO_CLOCK_RATE_HZ));
    this.#dts.declareDepth(track.reorderDepth);
    this.#onPacket({ track, isKey, pts, dts: this.#dts.next(pts, isKey), data: withLengths(units) });
  }

  #trackOf(keySlice: Uint8Array | undefined) {
    try {
      return this.#codec.track(keySlice);
    } catch (error) {
      if (error instanceof BitstreamError) return undefined;
      throw error;
    }
  }

  #offer(unit: Uint8Array): void {
    if (this.#codec.role(unit[0] ?? 0, unit[1] ?? 0) !== 'parameters') return;
    try {
      this.#codec.offer(unit);
    } catch (error) {
      // The stream's others may do.
      if (!(error instanceof BitstreamError)) throw error;
    }
  }
}

function makeFilter(name: string): BitStreamFilterContext {
  const found = BitStreamFilter.getByName(name);
  if (found === null) throw new SourceError('unsupported', `preparing the video: no filter ${name}`);
  const filter = new BitStreamFilterContext();
  check('preparing the video', filter.alloc(found));
  return filter;
}

function check(attempted: string, result: number): void {
  if (result < 0) throw new SourceError('unsupported', `${attempted}: ${FFmpegError.strerror(result)}`);
}
