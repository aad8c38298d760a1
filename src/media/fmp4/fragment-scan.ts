import { WindowedSource, type ByteSource } from './byte-source.ts';
import { readFragment, samplesSizeBytes, type Mp4Fragment } from './fragment-reader.ts';
import { readHeader, type Mp4Header } from './header-reader.ts';
import { Mp4Error } from './mp4-error.ts';

/** Bytes after the header that are no whole fragment. */
export interface Damage {
  readonly positionBytes: number;
  /** Up to the next whole fragment, or to the end of the file. */
  readonly sizeBytes: number;
  readonly cause: Mp4Error;
}

/** What a file holds, damaged places included. */
export interface ScannedFile {
  readonly header: Mp4Header;
  /** The whole ones, in the order of the file. */
  readonly fragments: readonly Mp4Fragment[];
  /** With whole fragments behind them. */
  readonly damages: readonly Damage[];
  /** What follows the last whole fragment; undefined in a file that ends cleanly. */
  readonly tear: Damage | undefined;
  /** The end of the last whole fragment, or of the header. */
  readonly wholeSizeBytes: number;
}

/**
 * Reads the tables of a whole file, like `readMp4`, but goes on behind what is damaged: a torn tail may be cut off,
 * a damaged place with footage behind it must not. A fragment counts as whole when its samples fill its `mdat`, as
 * those that we write do.
 * @throws Mp4Error when the header is not whole or of a kind we do not read, and, from a file without checksums,
 *   `unsupported` or `too-large` for fragments we would not write.
 */
export async function scanMp4(file: ByteSource): Promise<ScannedFile> {
  const source = new WindowedSource(file);
  const header = await readHeader(source);
  const fragments: Mp4Fragment[] = [];
  const damages: Damage[] = [];
  for (let positionBytes = header.sizeBytes; ;) {
    const found = await readWhole(source, header, positionBytes);
    if (found === undefined || found instanceof Mp4Error) {
      const next = found && (await findFragment(source, header, positionBytes + 1));
      if (found !== undefined && next !== undefined) {
        damages.push(damageBetween(positionBytes, next.positionBytes, found));
        positionBytes = next.positionBytes;
        continue;
      }
      const tear = found && damageBetween(positionBytes, source.sizeBytes, found);
      return { header, fragments, damages, tear, wholeSizeBytes: positionBytes };
    }
    fragments.push(found);
    positionBytes = found.positionBytes + found.sizeBytes;
  }
}

function damageBetween(positionBytes: number, endBytes: number, cause: Mp4Error): Damage {
  return { positionBytes, sizeBytes: endBytes - positionBytes, cause };
}

/** The fragment that begins at `positionBytes`; undefined at the end of the file. */
async function readWhole(
  source: ByteSource,
  header: Mp4Header,
  positionBytes: number,
): Promise<Mp4Fragment | Mp4Error | undefined> {
  try {
    const fragment = await readFragment(source, header, positionBytes);
    if (fragment === undefined)
      return positionBytes === source.sizeBytes ? undefined : noFragment(positionBytes);
    if (fragment.positionBytes !== positionBytes) return noFragment(positionBytes);
    const unusedBytes = fragment.dataSizeBytes - samplesSizeBytes(fragment);
    if (unusedBytes === 0) return fragment;
    const message = `cannot trust a fragment: its samples leave ${unusedBytes} bytes of its mdat unused`;
    return new Mp4Error('malformed', message, positionBytes);
  } catch (error) {
    if (!(error instanceof Mp4Error)) throw error;
    // A file with checksums is ours: what is of another kind in it is not another kind, but damaged.
    if (header.checksum !== 'none' || error.kind === 'truncated' || error.kind === 'malformed') return error;
    throw error;
  }
}

function noFragment(positionBytes: number): Mp4Error {
  return new Mp4Error('malformed', 'cannot read a fragment: there is another box', positionBytes);
}

const SEARCH_BYTES = 2 ** 18;
const MOOF = Buffer.from('moof');
const SIZE_BYTES = 4;

/** The next whole fragment at or after `fromBytes`, found by its name. */
async function findFragment(
  source: ByteSource,
  header: Mp4Header,
  fromBytes: number,
): Promise<Mp4Fragment | undefined> {
  for (let startBytes = fromBytes; startBytes < source.sizeBytes;) {
    const piece = Buffer.from(await source.read(startBytes, SEARCH_BYTES));
    for (let at = piece.indexOf(MOOF); at >= 0; at = piece.indexOf(MOOF, at + 1)) {
      const positionBytes = startBytes + at - SIZE_BYTES;
      if (positionBytes < fromBytes) continue;
      const found = await readWhole(source, header, positionBytes);
      if (found !== undefined && !(found instanceof Mp4Error)) return found;
    }
    // A name may lie across the border of two pieces.
    startBytes += Math.max(1, piece.byteLength - (MOOF.length - 1));
  }
  return undefined;
}

/** Whether the name of a fragment occurs anywhere in the file: one without holds no footage, however damaged it is. */
export async function holdsFragmentName(source: ByteSource): Promise<boolean> {
  for (let startBytes = 0; startBytes < source.sizeBytes; startBytes += SEARCH_BYTES - MOOF.length) {
    if (Buffer.from(await source.read(startBytes, SEARCH_BYTES)).includes(MOOF)) return true;
  }
  return false;
}
