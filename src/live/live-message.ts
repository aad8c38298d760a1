import type { WallMs } from '../base/time.ts';
import { LIVE_FLAG, LIVE_HEADER_BYTES, LIVE_KIND } from './protocol.ts';

export interface LiveHeader {
  readonly kind: keyof typeof LIVE_KIND;
  /** Bits of `LIVE_FLAG`. */
  readonly flags: number;
  readonly gen: number;
  readonly seq: number;
  readonly captureMs: WallMs;
}

/** A binary message: the header, then the pieces. */
export function encodeLiveMessage(header: LiveHeader, pieces: readonly Uint8Array[]): Buffer {
  const payloadBytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const message = Buffer.allocUnsafe(LIVE_HEADER_BYTES + payloadBytes);
  message[0] = LIVE_KIND[header.kind];
  message[1] = header.flags;
  message.writeUInt16BE(header.gen, 2);
  message.writeUInt32BE(header.seq, 4);
  message.writeDoubleBE(header.captureMs, 8);
  let at = LIVE_HEADER_BYTES;
  for (const piece of pieces) {
    message.set(piece, at);
    at += piece.byteLength;
  }
  return message;
}

export interface MediaMessageOptions extends Omit<LiveHeader, 'kind'> {
  /** A fragment; the access unit is its end. */
  readonly fragment: readonly Uint8Array[];
  readonly accessUnitBytes: number;
  readonly epochUs: number;
}

/** One picture, or one access unit of sound, as it goes to all players of a stream. */
export class MediaMessage {
  readonly #options: MediaMessageOptions;
  readonly #fragment: Buffer;
  #raw: Buffer | undefined;

  constructor(options: MediaMessageOptions) {
    this.#options = options;
    this.#fragment = encodeLiveMessage({ ...options, kind: 'fragment' }, options.fragment);
  }

  get seq(): number {
    return this.#options.seq;
  }

  get isSound(): boolean {
    return (this.#options.flags & LIVE_FLAG.sound) !== 0;
  }

  /** Whether it is a key picture. */
  get isKey(): boolean {
    return (this.#options.flags & LIVE_FLAG.key) !== 0;
  }

  /** Of the media time it is told in: its wall time at 0. */
  get epochUs(): number {
    return this.#options.epochUs;
  }

  get sizeBytes(): number {
    return this.#fragment.byteLength;
  }

  /** For MSE. */
  get fragment(): Buffer {
    return this.#fragment;
  }

  /** For WebCodecs; made when it is first asked for. */
  get raw(): Buffer {
    const accessUnit = () => this.#fragment.subarray(-this.#options.accessUnitBytes);
    this.#raw ??= encodeLiveMessage({ ...this.#options, kind: 'raw' }, [accessUnit()]);
    return this.#raw;
  }
}
