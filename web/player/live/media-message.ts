/*
 * The binary half of the live protocol as players read it: `src/live/protocol.ts`, of which web takes types only, says
 * what the numbers mean.
 */

export const HEADER_BYTES = 16;

const KINDS = ['init', 'fragment', 'raw'] as const;
const KEY = 1;
const DISCONTINUITY = 2;
const SOUND = 4;

export interface MediaMessage {
  readonly kind: (typeof KINDS)[number];
  readonly isKey: boolean;
  /** Pictures are missing before it. */
  readonly isDiscontinuity: boolean;
  readonly isSound: boolean;
  readonly gen: number;
  readonly seq: number;
  /** When it reached the recorder, in ms since 1970. */
  readonly captureMs: number;
  /** A view of what was received. */
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** @returns undefined for what is no such message, such as one of a later server. */
export function readMediaMessage(received: ArrayBuffer): MediaMessage | undefined {
  if (received.byteLength < HEADER_BYTES) return undefined;
  const header = new DataView(received);
  const kind = KINDS[header.getUint8(0) - 1];
  if (kind === undefined) return undefined;
  const flags = header.getUint8(1);
  return {
    kind,
    isKey: (flags & KEY) !== 0,
    isDiscontinuity: (flags & DISCONTINUITY) !== 0,
    isSound: (flags & SOUND) !== 0,
    gen: header.getUint16(2),
    seq: header.getUint32(4),
    captureMs: header.getFloat64(8),
    payload: new Uint8Array(received, HEADER_BYTES),
  };
}
