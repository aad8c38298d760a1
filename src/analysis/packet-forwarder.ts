import type { Clock } from '../base/clock.ts';
import type { MonotonicMs } from '../base/time.ts';
import { isVideo, type Packet, type VideoPacket, type VideoTrack } from '../media/packet.ts';
import { wallOfPacket, type Run } from '../media/run.ts';
import type { ToAnalyzer } from './messages.ts';

/** What may be on its way to an analyzer for one camera. About two GOPs of a 4K stream. */
export const MAX_BYTES_UNDER_WAY = 8 * 2 ** 20;

/** How long a packet may be under way before no more are sent: by then the analyzer is short of CPU. */
export const MAX_MS_UNDER_WAY = 5_000;

export interface PacketForwarderOptions {
  readonly camera: string;
  readonly clock: Clock;
  readonly send: (message: ToAnalyzer) => void;
  /** Told when pictures are left out because the analyzer is slow, and with how many when it has caught up. */
  readonly onBehind: () => void;
  readonly onCaughtUp: (droppedPackets: number) => void;
}

/**
 * Passes the pictures of a single-stream camera to its analyzer, never more than `MAX_BYTES_UNDER_WAY` at a time
 * and none while one is under way for `MAX_MS_UNDER_WAY`: beyond that it leaves pictures out up to a key picture for which there is room. The recorder is never held up.
 * It remembers the current GOP, up to half of that, so that a new analyzer need not wait for the next key picture,
 * which with some cameras is many seconds away.
 */
export class PacketForwarder {
  readonly #options: PacketForwarderOptions;
  #track: VideoTrack | undefined;
  #run: Run | undefined;
  #underWay: { readonly bytes: number; readonly sentAtMs: MonotonicMs }[] = [];
  #bytesUnderWay = 0;
  #dropped = 0;
  /** From its key picture on; empty when it is too large. */
  #gop: { readonly packet: VideoPacket; readonly run: Run }[] = [];
  #gopBytes = 0;

  constructor(options: PacketForwarderOptions) {
    this.#options = options;
  }

  forward(packet: Packet, run: Run): void {
    if (!isVideo(packet)) return;
    this.#remember(packet, run);
    this.#pass(packet, run);
  }

  /** The analyzer has dealt with the oldest packet under way. */
  taken(): void {
    this.#bytesUnderWay -= this.#underWay.shift()?.bytes ?? 0;
  }

  /** A new analyzer process took over: it knows nothing, and nothing is under way to it. */
  beginAgain(): void {
    this.#underWay = [];
    this.#bytesUnderWay = 0;
    this.#track = undefined;
    this.#run = undefined;
    for (const { packet, run } of this.#gop) this.#pass(packet, run);
  }

  #pass(packet: VideoPacket, run: Run): void {
    if (!this.#isRoomFor(packet)) return;
    const { camera, clock, send } = this.#options;
    const { track, isKey, pts, dts, data } = packet;
    if (track !== this.#track || run !== this.#run) {
      send({ type: 'track', camera, track, isNewRun: run !== this.#run });
      this.#track = track;
      this.#run = run;
    }
    this.#underWay.push({ bytes: data.byteLength, sentAtMs: clock.monotonicMs() });
    this.#bytesUnderWay += data.byteLength;
    send({ type: 'packet', camera, packet: { isKey, pts, dts, data, wallMs: wallOfPacket(packet, run) } });
  }

  #remember(packet: VideoPacket, run: Run): void {
    if (packet.isKey) this.#forget();
    else if (this.#gop.length === 0) return;
    packet.memory?.hold();
    this.#gop.push({ packet, run });
    this.#gopBytes += packet.data.byteLength;
    if (this.#gopBytes > MAX_BYTES_UNDER_WAY / 2) this.#forget();
  }

  #forget(): void {
    for (const { packet } of this.#gop) packet.memory?.release();
    this.#gop = [];
    this.#gopBytes = 0;
  }

  #isRoomFor(packet: VideoPacket): boolean {
    const isBehind = this.#dropped > 0;
    const limit = isBehind ? MAX_BYTES_UNDER_WAY / 2 : MAX_BYTES_UNDER_WAY;
    const isRoom =
      this.#bytesUnderWay + packet.data.byteLength <= limit &&
      !this.#isHeldUp() &&
      (!isBehind || packet.isKey);
    // After a restart a decoder can only begin with a key picture.
    if (isRoom && (this.#track !== undefined || packet.isKey)) {
      if (isBehind) this.#options.onCaughtUp(this.#dropped);
      this.#dropped = 0;
      return true;
    }
    if (!isRoom) {
      if (!isBehind) this.#options.onBehind();
      this.#dropped++;
    }
    return false;
  }

  #isHeldUp(): boolean {
    const oldest = this.#underWay[0];
    return oldest !== undefined && this.#options.clock.monotonicMs() - oldest.sentAtMs > MAX_MS_UNDER_WAY;
  }
}
