import type { Packet, Stream } from 'node-av/lib';
import { mediaTicks } from '../base/time.ts';
import { Av1Stream } from '../media/av1-stream.ts';
import { BitstreamError } from '../media/bit-reader.ts';
import { DtsEstimator } from '../media/dts.ts';
import { OBU, readObus, withSize } from '../media/obu.ts';
import { VIDEO_CLOCK_RATE_HZ, type VideoPacket } from '../media/packet.ts';
import { inspectTemporalUnit, packetUnits } from '../media/temporal-unit.ts';
import type { VideoLine } from './video-line.ts';

/** Bytes of `av1C` before the OBUs, by which MP4, Matroska and others tell of AV1. */
const CONFIGURATION_HEAD_BYTES = 4;
/** Its first byte: marker and version. */
const CONFIGURATION_MARK = 0x81;

/** AV1 that is recorded as it comes. Containers hold temporal units as files of ours do, or nearly so. */
export class CopiedAv1 implements VideoLine {
  readonly #stream = new Av1Stream(0);
  readonly #dts = new DtsEstimator();
  readonly #onPacket: (packet: VideoPacket) => void;
  #hasStarted = false;

  constructor({ codecpar }: Stream, onPacket: (packet: VideoPacket) => void) {
    this.#onPacket = onPacket;
    this.#offerConfiguration(codecpar.extradata ?? new Uint8Array(0));
  }

  push(packet: Packet, seconds: number): void {
    // A picture that cannot be read is left out: the next one may be whole.
    if (packet.data !== null) tolerantly(() => this.#take(packet.data ?? new Uint8Array(0), seconds));
  }

  finish(): void {}

  [Symbol.dispose](): void {}

  #take(unit: Uint8Array, seconds: number): void {
    const whole = Buffer.concat(packetUnits(unit));
    const inspected = inspectTemporalUnit(whole);
    const { track, isKey, missing } = this.#stream.follow(inspected);
    if (!inspected.hasFrame || track === undefined || !(this.#hasStarted || isKey)) return;
    this.#hasStarted = true;
    const pts = mediaTicks(Math.round(seconds * VIDEO_CLOCK_RATE_HZ));
    this.#dts.declareDepth(track.reorderDepth);
    const data = missing === undefined ? whole : Buffer.concat([missing, whole]);
    this.#onPacket({ track, isKey, pts, dts: this.#dts.next(pts, isKey), data });
  }

  /** Some containers have the sequence header nowhere else; in others it comes with each key picture. */
  #offerConfiguration(bytes: Uint8Array): void {
    const obus = bytes[0] === CONFIGURATION_MARK ? bytes.subarray(CONFIGURATION_HEAD_BYTES) : bytes;
    tolerantly(() => {
      for (const obu of readObus(obus))
        if (obu.type === OBU.sequenceHeader) this.#stream.offer(withSize(obu));
    });
  }
}

function tolerantly(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof BitstreamError)) throw error;
  }
}
