import type { FragmentRecord } from './records.ts';
import { VarintReader, VarintWriter } from './varint.ts';

/*
 * All fragments of a segment as one column: a row each would be 500 million a year for 16 cameras. The layout, in the
 * numbers of varint.ts:
 *
 *   layout    unsigned   1
 *   count     unsigned
 *   then for each fragment
 *   offset    signed     bytes after the end of the one before (after 0 for the first)
 *   size      signed     bytes more than the one before
 *   start     signed     milliseconds after the end of the one before
 *   duration  signed     milliseconds more than the one before, times two, plus 1 if it begins with a key picture
 *
 * The differences are small, so that a fragment takes 5 to 7 bytes.
 */

const LAYOUT = 1;
/** So that a damaged count cannot ask for the memory: a fragment takes four bytes at least. */
const LEAST_BYTES_EACH = 4;

interface Before {
  readonly endBytes: number;
  readonly sizeBytes: number;
  readonly endMs: number;
  readonly durationMs: number;
}

const BEFORE_ALL: Before = { endBytes: 0, sizeBytes: 0, endMs: 0, durationMs: 0 };

/** @param fragments their numbers are whole, as those of `archive/fragment-record` are. */
export function packFragments(fragments: readonly FragmentRecord[]): Uint8Array {
  const writer = new VarintWriter();
  writer.unsigned(LAYOUT);
  writer.unsigned(fragments.length);
  let before = BEFORE_ALL;
  for (const { offsetBytes, sizeBytes, startMs, durationMs, isKey } of fragments) {
    writer.signed(offsetBytes - before.endBytes);
    writer.signed(sizeBytes - before.sizeBytes);
    writer.signed(startMs - before.endMs);
    writer.signed(2 * (durationMs - before.durationMs) + (isKey ? 1 : 0));
    before = { endBytes: offsetBytes + sizeBytes, sizeBytes, endMs: startMs + durationMs, durationMs };
  }
  return writer.finish();
}

/** @throws IndexError `damaged` for bytes that `packFragments` did not write. */
export function unpackFragments(packed: Uint8Array): readonly FragmentRecord[] {
  const reader = new VarintReader(packed);
  const layout = reader.unsigned();
  if (layout !== LAYOUT) throw reader.damaged(`expected layout ${LAYOUT}, found ${layout}`);
  const count = reader.unsigned();
  if (count * LEAST_BYTES_EACH > packed.length) throw reader.damaged(`${count} fragments do not fit`);
  const fragments: FragmentRecord[] = [];
  let before = BEFORE_ALL;
  while (fragments.length < count) {
    const offsetBytes = before.endBytes + reader.signed();
    const sizeBytes = before.sizeBytes + reader.signed();
    const startMs = before.endMs + reader.signed();
    const lengthAndKey = reader.signed();
    const durationMs = before.durationMs + Math.floor(lengthAndKey / 2);
    const isKey = lengthAndKey % 2 !== 0;
    if (offsetBytes < 0 || sizeBytes < 0 || durationMs < 0) throw reader.damaged('a negative size');
    fragments.push({ offsetBytes, sizeBytes, startMs, durationMs, isKey });
    before = { endBytes: offsetBytes + sizeBytes, sizeBytes, endMs: startMs + durationMs, durationMs };
  }
  if (!reader.isAtEnd) throw reader.damaged('bytes after the last fragment');
  return fragments;
}
