import { crc32 } from 'node:zlib';
import { monotonicMs, wallMs } from '../../src/base/time.ts';
import { BitstreamError } from '../../src/media/bit-reader.ts';
import { memorySource } from '../../src/media/fmp4/byte-source.ts';
import { FileMuxer } from '../../src/media/fmp4/file-muxer.ts';
import { Mp4Error } from '../../src/media/fmp4/mp4-error.ts';
import { isMp4Track } from '../../src/media/fmp4/mp4-track.ts';
import { readMp4 } from '../../src/media/fmp4/reader.ts';
import { pictureDataProblem } from '../../src/media/picture-data.ts';
import type { Packet, VideoTrack } from '../../src/media/packet.ts';
import { recoveryPointOf } from '../../src/media/recovery-point.ts';
import type { LentMemory } from '../../src/media/slab.ts';
import { FRAME_HEADER_BYTES } from '../../src/rtsp/packetize/rtp-writer.ts';
import { RunOrigin } from '../../src/rtsp/rtp-clock.ts';
import type { SdpMedia } from '../../src/rtsp/sdp.ts';
import { TrackReceiver, type MediaProblem } from '../../src/rtsp/track-receiver.ts';
import { bytesOf } from '../rtp/rtp-script.ts';
import { ensure } from './target.ts';
import type { Step } from './track-script.ts';

const MAX_UNIT_BYTES = 8 * 1024 * 1024;
/** A little more than it takes to outgrow the largest unit, and what waits to be put in order. */
export const MAX_REPEATED_BYTES = 9 * 1024 * 1024;
export const MAX_REPEATED_PACKETS = 600;

/** Feeds a receiver and holds it to its promises. */
export class TrackLog {
  readonly receiver: TrackReceiver;
  readonly #packets: Packet[] = [];
  readonly #checksums: number[] = [];
  readonly #isInterleaved: boolean;
  /** What is received into, if that is lent, and how much of it is used. */
  #lent: LentMemory | undefined;
  #lentUsedBytes = 0;
  #nowMs = 1000;
  #last: Uint8Array = bytesOf(0x80, 96, new Uint8Array(10));
  #repeatedBytes = 0;
  #repeatedPackets = 0;
  #hasJumped = false;

  constructor(media: SdpMedia, transport: 'tcp' | 'udp', isBesidePicture: boolean) {
    const hasVideo = media.type === 'video' || isBesidePicture;
    const run = new RunOrigin({ hasVideo });
    this.#isInterleaved = transport === 'tcp';
    if (media.type === 'audio' && isBesidePicture) {
      // As if the picture had begun, and its last packet had come half a second later.
      run.startMs = monotonicMs(900);
      run.leaderSeconds = 0.5;
      run.leaderArrivalMs = 1400;
    }
    this.receiver = new TrackReceiver({
      media,
      index: 0,
      transport,
      run,
      onPacket: (packet) => this.#onPacket(packet),
      onProblem: (problem) => this.#onProblem(problem),
    });
  }

  take(step: Step): void {
    this.#nowMs += step.afterMs;
    const nowMs = monotonicMs(this.#nowMs);
    switch (step.kind) {
      case 'rtp':
        this.#last = step.bytes;
        return this.#receive(step.bytes);
      case 'rtcp':
        return this.receiver.receiveRtcp(step.bytes, nowMs);
      case 'repeat':
        return this.#repeat(step.count);
      case 'rtp-info':
        return this.receiver.useRtpInfo(step.rtptime);
      case 'report': {
        const report = this.receiver.receiverReport(nowMs);
        return ensure(report === undefined || report.length < 200, 'a report is short');
      }
      case 'flush':
        return this.receiver.flush();
    }
  }

  /** @param alsoReads whether to read the file back. */
  async finish(alsoReads: boolean): Promise<void> {
    this.receiver.flush();
    for (const [name, count] of Object.entries(this.receiver.statistics)) {
      ensure(Number.isSafeInteger(count) && count >= 0, `${name} is a count`);
    }
    for (const [at, packet] of this.#packets.entries()) {
      ensure(crc32(packet.data) === this.#checksums[at], 'a packet does not change while its memory is held');
    }
    const content = this.#record();
    if (alsoReads && content !== undefined) {
      const file = await readMp4(memorySource(content.bytes));
      ensure(
        file.tornBy === undefined && file.wholeSizeBytes === content.bytes.length,
        'a file of ours is whole',
      );
      ensure(file.fragments[0]?.runs[0]?.samples.length === content.packets, 'every packet is in the file');
    }
    for (const { memory } of this.#packets) memory?.release();
    this.#lent?.memory.release();
    this.#lent = undefined;
    this.#packets.length = 0;
  }

  #repeat(count: number): void {
    const bytes = Uint8Array.from(this.#last);
    if (bytes.length < 4) return;
    for (let left = count; left > 0 && this.#mayRepeat(); left -= 1) {
      const sequence = (((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)) + 1;
      bytes[2] = (sequence >> 8) & 0xff;
      bytes[3] = sequence & 0xff;
      this.#repeatedBytes += bytes.length;
      this.#repeatedPackets += 1;
      this.#receive(bytes);
    }
  }

  #mayRepeat(): boolean {
    return this.#repeatedBytes < MAX_REPEATED_BYTES && this.#repeatedPackets < MAX_REPEATED_PACKETS;
  }

  /** As a connection does, several packets one behind the other in the same memory where that is lent. */
  #receive(bytes: Uint8Array): void {
    const lent = this.#isInterleaved ? this.#lendFor(bytes.length) : undefined;
    if (lent === undefined) return this.#receiveCopy(bytes);
    const from = this.#lentUsedBytes + FRAME_HEADER_BYTES;
    const to = from + bytes.length;
    this.#lentUsedBytes = to;
    lent.set(bytes, from);
    this.receiver.receiveRtp(lent, monotonicMs(this.#nowMs), from, to);
  }

  #lendFor(bytes: number): Uint8Array | undefined {
    const fits = () => this.#lentUsedBytes + FRAME_HEADER_BYTES + bytes <= (this.#lent?.bytes.length ?? 0);
    if (!fits()) {
      this.#lent?.memory.release();
      this.#lent = this.receiver.lend(0);
      this.#lentUsedBytes = 0;
    }
    return fits() ? this.#lent?.bytes : undefined;
  }

  /** The bytes are valid during the call only, so they are overwritten after it. */
  #receiveCopy(bytes: Uint8Array): void {
    const copy = Uint8Array.from(bytes);
    this.receiver.receiveRtp(copy, monotonicMs(this.#nowMs));
    copy.fill(0xee);
  }

  #onPacket(packet: Packet): void {
    ensure(!this.#hasJumped, 'nothing follows a jump of time');
    const last = this.#packets.at(-1);
    ensure(last === undefined || packet.dts > last.dts, 'decoding times increase');
    ensure(Number.isSafeInteger(packet.dts) && Number.isSafeInteger(packet.pts), 'times are whole numbers');
    ensure(packet.data.length > 0 && packet.data.length <= MAX_UNIT_BYTES, 'a packet has a bounded size');
    if (packet.track.kind === 'video') checkPicture(packet, packet.track);
    ensure(last !== undefined || packet.isKey, 'a stream begins with a key packet');
    packet.memory?.hold();
    this.#packets.push(packet);
    this.#checksums.push(crc32(packet.data));
  }

  #onProblem(problem: MediaProblem): void {
    if (problem.kind === 'time-jump') this.#hasJumped = true;
    if (problem.kind === 'lost') ensure(problem.count > 0 && problem.count < 3000, 'a loss has a size');
    if ('sequence' in problem && problem.sequence !== undefined) {
      ensure(problem.sequence >= 0 && problem.sequence <= 0xffff, 'a sequence number has 16 bits');
    }
    if ('reason' in problem) ensure(problem.reason.length < 400, 'a reason is short');
  }

  /** The packets of the first track object as a file; undefined if it cannot hold them. */
  #record(): { bytes: Uint8Array; packets: number } | undefined {
    const track = this.#packets[0]?.track;
    if (track === undefined || !isMp4Track(track)) return undefined;
    const packets = this.#packets.filter((packet) => packet.track === track);
    try {
      const muxer = new FileMuxer({ tracks: [track], createdAt: wallMs(0), runStartWallMs: wallMs(0) });
      const pieces = muxer.encode([{ track, packets, nextDts: undefined }]);
      return { bytes: new Uint8Array(Buffer.concat(pieces)), packets: packets.length };
    } catch (error) {
      if (error instanceof Mp4Error || error instanceof BitstreamError) return undefined;
      throw error;
    }
  }
}

/** OBUs to the end; or NAL units behind their lengths, no parameter sets among them, and key slices or recovery points exactly in key packets. */
function checkPicture({ data, isKey }: Packet, { codec }: VideoTrack): void {
  if (codec === 'av1') {
    ensure(pictureDataProblem(codec, data, isKey) === undefined, 'a temporal unit is what it is said to be');
    return;
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let hasKeySlice = false;
  let hasSlice = false;
  for (let at = 0; at < data.length;) {
    ensure(at + 4 < data.length, 'a NAL unit stands behind its length');
    const length = view.getUint32(at);
    ensure(
      length > (codec === 'h264' ? 1 : 2) && at + 4 + length <= data.length,
      'NAL units fill their packet',
    );
    const first = view.getUint8(at + 4);
    const type = codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
    ensure(
      codec === 'h264' ? type < 7 || type > 13 : type < 32 || type > 38,
      'a packet holds no parameter sets',
    );
    hasKeySlice ||= codec === 'h264' ? type === 5 : type >= 16 && type <= 21;
    hasSlice ||= codec === 'h264' ? type <= 5 : type <= 21;
    at += 4 + length;
  }
  ensure(hasSlice, 'a picture has a slice');
  ensure(
    hasKeySlice ? isKey : isKey === (recoveryPointOf(codec, data) !== undefined),
    'a key packet has a key slice or a recovery point, and no other has',
  );
}
