/**
 * How many NAL units from `first` on share one aggregation packet: as many neighbours as fit with `overheadBytes` for
 * the packet and two for each unit's size. Always at least 1, which means that the unit travels on its own.
 */
export function unitsThatFit(
  nals: readonly Uint8Array[],
  first: number,
  maxPayloadBytes: number,
  overheadBytes: number,
): number {
  let used = overheadBytes;
  let count = 0;
  for (let index = first; index < nals.length; index++) {
    used += 2 + (nals[index]?.length ?? 0);
    if (used > maxPayloadBytes) break;
    count++;
  }
  return Math.max(1, count);
}
