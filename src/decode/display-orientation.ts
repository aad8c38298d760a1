import { AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import type { CodecParameters } from 'node-av/lib';
import type { Orientation } from '../base/orientation.ts';
import { orientationOf } from '../media/orientation.ts';

/** Nine numbers, 16.16 but for the last column, in the machine's own order of bytes. */
const MATRIX_BYTES = 36;

/** How the pictures of a container's stream are to be shown; undefined for as they are coded. */
export function displayOrientation(parameters: CodecParameters): Orientation | undefined {
  const data = parameters.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (data === null || data.byteLength < MATRIX_BYTES) return undefined;
  const numbers = new Int32Array(Uint8Array.from(data).buffer);
  const [a = 0, b = 0, , c = 0, d = 0] = Array.from(numbers, (number) => number / 0x10000);
  return orientationOf(a, b, c, d);
}
