/**
 * The raw byte sequence payload of a NAL unit, header included: `00 00 03` becomes `00 00` (ISO 14496-10 7.4.1,
 * ISO 23008-2 7.4.2). A copy, but the same bytes where there is nothing to remove.
 */
export function removeEmulationPrevention(nal: Uint8Array): Uint8Array {
  if (!hasEmulationPrevention(nal)) return nal;
  const rbsp = new Uint8Array(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    rbsp[length] = byte;
    length += 1;
  }
  return rbsp.subarray(0, length);
}

function hasEmulationPrevention(nal: Uint8Array): boolean {
  let at = 2;
  while (at < nal.length) {
    const byte = nal[at] ?? 0;
    if (byte === 3 && nal[at - 1] === 0 && nal[at - 2] === 0) return true;
    // Neither this byte nor the next two end the pattern where this one is none of it.
    at += byte === 0 || byte === 3 ? 1 : 3;
  }
  return false;
}

/** The reverse of it: `03` before each byte of 0 to 3 that two zeros stand before. A copy. */
export function addEmulationPrevention(rbsp: Uint8Array): Uint8Array {
  const nal: number[] = [];
  let zeros = 0;
  for (const byte of rbsp) {
    if (zeros >= 2 && byte <= 3) {
      nal.push(3);
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    nal.push(byte);
  }
  return Uint8Array.from(nal);
}

export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Two lower-case hexadecimal digits a byte, as codec strings have them. */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
