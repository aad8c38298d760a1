import { isVideo, shownAtMs, type Packet } from './packet.ts';
import { isGradual } from './recovery-point.ts';

export interface GopRingLimits {
  /** At least this much video stays, if the bytes allow it: the oldest GOP goes only when the rest still spans it. */
  readonly spanMs: number;
  /** Never more than this many payload bytes. */
  readonly maxBytes: number;
}

/** A key picture and what follows it, sound included, up to the next key picture. */
interface Gop {
  readonly startMs: number;
  /** Its first pictures are not whole yet without the GOP before: they are refreshed stripe by stripe. */
  readonly isGradual: boolean;
  readonly packets: Packet[];
  bytes: number;
}

/**
 * The last seconds of a run as whole GOPs, so that a recording can begin before its trigger. Bounded in time and
 * bytes; when the bytes do not suffice, the oldest GOP goes first, and a single GOP past the limit is dropped whole.
 */
export class GopRing {
  readonly #limits: GopRingLimits;
  #gops: Gop[] = [];
  #bytes = 0;

  constructor(limits: GopRingLimits) {
    this.#limits = limits;
  }

  /** Payload bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How far back the ring reaches, in ms of media time. */
  get spanMs(): number {
    const first = this.#gops[0];
    const last = this.#gops.at(-1)?.packets.findLast((packet) => packet.track.kind === 'video');
    return first === undefined || last === undefined ? 0 : shownAtMs(last) - first.startMs;
  }

  /**
   * Packets of one run in decoding order; what comes before the first key picture is not kept.
   * @returns false if the packet could not be kept because its GOP is past the byte limit by itself.
   */
  push(packet: Packet): boolean {
    if (isVideo(packet) && packet.isKey) {
      const gop = { startMs: shownAtMs(packet), isGradual: isGradual(packet), packets: [], bytes: 0 };
      this.#gops.push(gop);
    }
    const gop = this.#gops.at(-1);
    if (gop === undefined) return false;
    packet.memory?.hold();
    gop.packets.push(packet);
    gop.bytes += packet.data.length;
    this.#bytes += packet.data.length;
    if (packet.track.kind === 'video') this.#dropOld(shownAtMs(packet));
    if (this.#bytes > this.#limits.maxBytes) this.#dropBytes();
    return this.#gops.length > 0;
  }

  clear(): void {
    while (this.#gops.length > 0) this.#dropFirst();
  }

  /**
   * What it takes to show whole pictures from `fromMs` of media time on: the packets from the key picture at or before
   * it, or from the one before where that one is gradual; from the oldest one held if the ring does not reach back that
   * far. In the order they came; the ring's until the next push.
   */
  since(fromMs: number): Packet[] {
    return this.#gops.slice(this.#firstFor(fromMs)).flatMap((gop) => gop.packets);
  }

  #firstFor(fromMs: number): number {
    const at = this.#gops.findLastIndex((gop) => gop.startMs <= fromMs);
    return Math.max(0, this.#gops[at]?.isGradual === true ? at - 1 : at);
  }

  #dropOld(nowMs: number): void {
    for (let first = this.#firstFor(nowMs - this.#limits.spanMs); first > 0; first -= 1) this.#dropFirst();
  }

  #dropBytes(): void {
    while (this.#bytes > this.#limits.maxBytes) this.#dropFirst();
  }

  #dropFirst(): void {
    const gop = this.#gops.shift();
    if (gop === undefined) return;
    this.#bytes -= gop.bytes;
    for (const packet of gop.packets) packet.memory?.release();
  }
}
