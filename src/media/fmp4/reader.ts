import { WindowedSource, type ByteSource } from './byte-source.ts';
import { readFragment, type Mp4Fragment } from './fragment-reader.ts';
import { readHeader, type Mp4Header } from './header-reader.ts';
import { Mp4Error } from './mp4-error.ts';

/** A file's tables. */
export interface Mp4File {
  readonly header: Mp4Header;
  readonly fragments: readonly Mp4Fragment[];
  /** The end of what is whole: cut here, a torn file plays to its end. */
  readonly wholeSizeBytes: number;
  /** What was found after the last whole fragment; undefined for a file that ends cleanly. */
  readonly tornBy: Mp4Error | undefined;
}

/**
 * Fragments and samples of a file: about eleven hours of picture and sound, and 200 MB of tables. A longer file is
 * read with `readFragment`.
 */
const MAX_ENTRIES = 3_000_000;

/**
 * Reads the tables of a whole file, however it ends: a recorder that was killed leaves a torn last fragment.
 * @throws Mp4Error when the header is not whole or of a kind we do not read (see `readHeader`), and `unsupported` or
 *   `too-large` for fragments we would not write: those are no tear, so nothing may be cut off.
 */
export async function readMp4(file: ByteSource): Promise<Mp4File> {
  const source = new WindowedSource(file);
  const header = await readHeader(source);
  const fragments: Mp4Fragment[] = [];
  let wholeSizeBytes = header.sizeBytes;
  let entries = 0;
  for (;;) {
    const next = await readFragment(source, header, wholeSizeBytes).catch(asTear);
    if (next === undefined) return { header, fragments, wholeSizeBytes: source.sizeBytes, tornBy: undefined };
    if (next instanceof Mp4Error) return { header, fragments, wholeSizeBytes, tornBy: next };
    entries += next.runs.reduce((sum, run) => sum + run.samples.length, 1);
    if (entries > MAX_ENTRIES) {
      throw new Mp4Error('too-large', `cannot list more than ${MAX_ENTRIES} samples`, next.positionBytes);
    }
    fragments.push(next);
    wholeSizeBytes = next.positionBytes + next.sizeBytes;
  }
}

function asTear(thrown: unknown): Mp4Error {
  if (thrown instanceof Mp4Error && (thrown.kind === 'truncated' || thrown.kind === 'malformed'))
    return thrown;
  throw thrown;
}
