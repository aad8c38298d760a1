import { deserialize, serialize } from 'node:v8';
import { mediaTicks, wallMs, type WallMs } from '../base/time.ts';
import type { Packet, Track } from './packet.ts';

/*
 * What a watched stream is told as on the recorder link: records of a length (u32, of what follows it), a kind (u8) and a
 * body. Both ends are of the same version: tracks travel as Node.js serialises them.
 */

const KIND = { track: 1, packet: 2, 'caught-up': 3, dropped: 4, away: 5, run: 6 } as const;

/** Length, kind, track (u8), flags (u8), wall time, presentation and decoding time (f64 each); then the data. */
export const PACKET_HEAD_BYTES = 4 + 1 + 1 + 1 + 24;
const KEY_FLAG = 1;
/** Beyond any access unit that the depacketizer lets through. */
const MAX_RECORD_BYTES = 64 * 2 ** 20;

export type PacketRecord =
  { readonly kind: 'packet'; readonly packet: Packet; readonly wallMs: WallMs } | PacketNotice;

export type PacketNotice =
  /** Packets of the tracks told since, of another run than those before. */
  | { readonly kind: 'run' }
  /** What comes now is new. */
  | { readonly kind: 'caught-up' }
  /** So many pictures were left out, because they were not read in time. */
  | { readonly kind: 'dropped'; readonly pictures: number }
  | { readonly kind: 'away'; readonly reason: string };

export function encodeTrack(track: Track): Buffer {
  return record(KIND.track, serialize(track));
}

/** The head of a packet's record, to be followed by its data. */
export function encodePacketHead({ track, isKey, pts, dts, data }: Packet, wall: WallMs): Buffer {
  const head = Buffer.allocUnsafe(PACKET_HEAD_BYTES);
  head.writeUInt32BE(PACKET_HEAD_BYTES - 4 + data.byteLength, 0);
  head[4] = KIND.packet;
  head[5] = track.index;
  head[6] = isKey ? KEY_FLAG : 0;
  head.writeDoubleBE(wall, 7);
  head.writeDoubleBE(pts, 15);
  head.writeDoubleBE(dts, 23);
  return head;
}

export function encodeNotice(notice: PacketNotice): Buffer {
  if (notice.kind === 'dropped') return record(KIND.dropped, Buffer.from(String(notice.pictures)));
  if (notice.kind === 'away') return record(KIND.away, Buffer.from(notice.reason));
  return record(KIND[notice.kind]);
}

function record(kind: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5, 0);
  head.writeUInt32BE(1 + body.byteLength, 0);
  head[4] = kind;
  return Buffer.concat([head, body]);
}

/** Cuts records out of what comes over the link. A packet's data may be a view of the bytes that were fed. */
export class PacketRecordReader {
  readonly #onRecord: (record: PacketRecord) => void;
  readonly #tracks = new Map<number, Track>();
  /** Of a record that has come in part. */
  #pieces: Uint8Array[] = [];
  #pendingBytes = 0;

  constructor(onRecord: (record: PacketRecord) => void) {
    this.#onRecord = onRecord;
  }

  /** @throws Error for what is no such record; nothing can be read after it. */
  feed(bytes: Uint8Array): void {
    let whole = bytes;
    if (this.#pendingBytes > 0) {
      this.#pieces.push(bytes);
      this.#pendingBytes += bytes.byteLength;
      if (this.#pendingBytes < this.#neededBytes()) return;
      whole = Buffer.concat(this.#pieces);
      this.#pieces = [];
      this.#pendingBytes = 0;
    }
    const left = this.#take(Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength));
    if (left.byteLength > 0) this.#pieces = [left];
    this.#pendingBytes = left.byteLength;
  }

  /** How many bytes the pending record has, at least. */
  #neededBytes(): number {
    let first = this.#pieces[0];
    if (first === undefined) return 4;
    if (first.byteLength < 4) {
      first = Buffer.concat(this.#pieces);
      this.#pieces = [first];
    }
    return first.byteLength < 4 ? 4 : recordBytes(Buffer.from(first.buffer, first.byteOffset, 4));
  }

  /** @returns what is left over. */
  #take(bytes: Buffer): Buffer {
    let at = 0;
    while (bytes.byteLength - at >= 4) {
      const end = at + recordBytes(bytes.subarray(at));
      if (end > bytes.byteLength) break;
      this.#read(bytes.subarray(at, end));
      at = end;
    }
    return bytes.subarray(at);
  }

  #read(bytes: Buffer): void {
    const body = bytes.subarray(5);
    const kind = bytes[4] ?? 0;
    switch (kind) {
      case KIND.track: {
        const track = decodeTrack(body);
        this.#tracks.set(track.index, track);
        return;
      }
      case KIND.packet:
        this.#readPacket(bytes);
        return;
      case KIND['caught-up']:
        this.#onRecord({ kind: 'caught-up' });
        return;
      case KIND.dropped:
        this.#onRecord({ kind: 'dropped', pictures: Number(body.toString()) });
        return;
      case KIND.away:
        this.#onRecord({ kind: 'away', reason: body.toString() });
        return;
      case KIND.run:
        this.#onRecord({ kind: 'run' });
        return;
      default:
        throw new Error(`reading packets: expected a record, found the kind ${kind}`);
    }
  }

  #readPacket(bytes: Buffer): void {
    const track = this.#tracks.get(bytes[5] ?? 0);
    if (track === undefined || bytes.byteLength < PACKET_HEAD_BYTES) {
      throw new Error('reading packets: expected a packet of a track that was told, found another');
    }
    const packet: Packet = {
      track,
      isKey: bytes[6] === KEY_FLAG,
      pts: mediaTicks(bytes.readDoubleBE(15)),
      dts: mediaTicks(bytes.readDoubleBE(23)),
      data: bytes.subarray(PACKET_HEAD_BYTES),
    };
    this.#onRecord({ kind: 'packet', packet, wallMs: wallMs(bytes.readDoubleBE(7)) });
  }
}

function decodeTrack(body: Uint8Array): Track {
  try {
    // Written by `encodeTrack` of the same version.
    return deserialize(body) as Track;
  } catch (error) {
    throw new Error('reading packets: expected a track, found what is none', { cause: error });
  }
}

function recordBytes(start: Buffer): number {
  const bytes = 4 + start.readUInt32BE(0);
  if (bytes < 5 || bytes > MAX_RECORD_BYTES) {
    throw new Error(`reading packets: expected a record, found one of ${bytes} bytes`);
  }
  return bytes;
}
