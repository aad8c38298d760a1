import { Random } from './random.ts';

/** `bytes` in random pieces, each a copy that is overwritten once taken: who keeps a view of it is found out. */
export function inPieces(bytes: Uint8Array, seed: number, take: (piece: Uint8Array) => void): void {
  const random = new Random(seed);
  // Of a long input single bytes would take long to copy, and teach nothing more.
  const longest = bytes.length > 2000 ? random.pick([300, 5000]) : random.pick([1, 3, 20, 300, 5000]);
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + random.integer(1, longest));
    const piece = Uint8Array.from(bytes.subarray(at, end));
    take(piece);
    piece.fill(0xee);
    at = end;
  }
}
