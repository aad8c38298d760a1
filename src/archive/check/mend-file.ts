import { open, rename, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ByteSource } from '../../media/fmp4/byte-source.ts';
import { scanMp4, type ScannedFile } from '../../media/fmp4/fragment-scan.ts';
import type { Mp4Fragment } from '../../media/fmp4/fragment-reader.ts';
import { mendFragment, mendHeader, type ByteMend } from '../../media/fmp4/mend-bits.ts';
import { Mp4Error } from '../../media/fmp4/mp4-error.ts';
import { FileSource } from '../file-source.ts';
import { setAside } from '../set-aside.ts';
import { syncFolder } from '../sync-folder.ts';
import { findDamagedFragments, isHeaderDamaged } from './check-fragments.ts';

/**
 * What became of a damaged file:
 * - `mended`: bits were flipped back, it is as it was written;
 * - `rewritten`: it holds the whole fragments of the damaged file, which is set aside at `asidePath`;
 * - `set-aside`: nothing of it could be read.
 */
export type MendedFile =
  | { readonly kind: 'mended'; readonly bits: number }
  | { readonly kind: 'rewritten'; readonly asidePath: string; readonly lostFragments: number }
  | { readonly kind: 'set-aside'; readonly asidePath: string };

/** Beyond, a file is not damaged but another. */
const MOST_MENDS = 100;

/**
 * Mends a recording that is not as it was written. A torn tail stays: it is no damage.
 * @param path below the volume's folder.
 * @throws an error of the system.
 */
export async function mendFile(root: string, path: string): Promise<MendedFile> {
  const file = join(root, path);
  const { bits, rest } = await mendBits(file);
  if (rest.kind === 'unreadable') return { kind: 'set-aside', asidePath: await setAside(root, path) };
  if (rest.lostFragments === 0) return { kind: 'mended', bits };
  if (rest.whole.length === 0) return { kind: 'set-aside', asidePath: await setAside(root, path) };
  const unfinished = `${file}.new`;
  await copyWhole(file, unfinished, rest.scanned, rest.whole);
  const asidePath = await setAside(root, path);
  await rename(unfinished, file);
  await syncFolder(dirname(file));
  return { kind: 'rewritten', asidePath, lostFragments: rest.lostFragments };
}

type Rest =
  | { readonly kind: 'unreadable' }
  | {
      readonly kind: 'readable';
      readonly scanned: ScannedFile;
      readonly whole: readonly Mp4Fragment[];
      readonly lostFragments: number;
    };

/** Flips bits back, one at a time, as long as one is found. */
async function mendBits(file: string): Promise<{ bits: number; rest: Rest }> {
  await using handle = await open(file, 'r+');
  let bits = 0;
  for (;;) {
    await using source = await FileSource.open(file);
    const found = await examine(source);
    const mend = bits < MOST_MENDS ? found.mend : undefined;
    if (mend === undefined) {
      if (bits > 0) await handle.datasync();
      return { bits, rest: found.rest };
    }
    await writeByte(handle, mend);
    bits += 1;
  }
}

/** What is damaged, and the first mend that is possible. */
async function examine(source: ByteSource): Promise<{ rest: Rest; mend: ByteMend | undefined }> {
  const scanned = await scanMp4(source).catch(asUnreadable);
  if (scanned === undefined || isHeaderDamaged(scanned)) {
    return { rest: { kind: 'unreadable' }, mend: await mendHeader(source) };
  }
  const { header, fragments, damages, tear } = scanned;
  const damaged = (await findDamagedFragments(source, scanned, 'deep')).map(({ fragment }) => fragment);
  const whole = fragments.filter((fragment) => !damaged.includes(fragment));
  const places = [...damages, ...damaged].map(({ positionBytes }) => positionBytes);
  const lostFragments = places.length;
  // What looks like a tear may be a whole fragment with a wrong bit.
  if (tear !== undefined) places.push(tear.positionBytes);
  let mend: ByteMend | undefined;
  for (const place of places) mend ??= await mendFragment(source, header, place);
  return { rest: { kind: 'readable', scanned, whole, lostFragments }, mend };
}

async function writeByte(handle: FileHandle, { positionBytes, value }: ByteMend): Promise<void> {
  await handle.write(Uint8Array.of(value), 0, 1, positionBytes);
}

async function copyWhole(
  from: string,
  to: string,
  { header }: ScannedFile,
  fragments: readonly Mp4Fragment[],
): Promise<void> {
  await using source = await FileSource.open(from);
  await using target = await open(to, 'w', 0o640);
  await target.writeFile(await source.read(0, header.sizeBytes));
  for (const { positionBytes, sizeBytes } of fragments) {
    await target.writeFile(await source.read(positionBytes, sizeBytes));
  }
  await target.sync();
}

function asUnreadable(error: unknown): undefined {
  if (!(error instanceof Mp4Error)) throw error;
  return undefined;
}
