/** NAL units between start codes (ITU-T H.264 annex B), as views. */
export function splitAnnexB(bytes: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = [];
  let start = -1;
  // A byte other than 0 is the last one of a start code or in none, and the next one ends three bytes behind it.
  for (let at = 2; at < bytes.length; at += bytes[at] === 0 ? 1 : 3) {
    if (bytes[at] !== 1 || bytes[at - 1] !== 0 || bytes[at - 2] !== 0) continue;
    if (start >= 0) nals.push(withoutTrailingZeros(bytes.subarray(start, at - 2)));
    start = at + 1;
  }
  if (start >= 0) nals.push(withoutTrailingZeros(bytes.subarray(start)));
  return nals;
}

function withoutTrailingZeros(nal: Uint8Array): Uint8Array {
  let end = nal.length;
  while (end > 0 && nal[end - 1] === 0) end--;
  return end === nal.length ? nal : nal.subarray(0, end);
}
