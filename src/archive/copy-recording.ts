import { open, rm, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { sleep, type Clock } from '../base/clock.ts';
import { PrerollError } from '../base/error.ts';
import { writeFully } from './write-fully.ts';

/** A copy that is not what it was copied from. */
export class CopyError extends PrerollError {
  readonly kind = 'copy';
}

const PORTION_BYTES = 2 ** 20;
/** Synced as it grows, so that the disk never has much to write at once while others wait. */
const PORTIONS_A_SYNC = 8;

/** Does something with the disks, and then leaves them to others for as long. */
type Pace = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Copies a file in no hurry; the copy is verified and on disk when this returns.
 * @param to absolute; replaced if it is there.
 * @throws CopyError; an error of the system; the signal's reason. No copy is left then.
 */
export async function copyRecording(
  from: string,
  to: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  try {
    await copyBytes(from, to, paceOf(clock, signal));
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

async function copyBytes(from: string, to: string, pace: Pace): Promise<void> {
  await using source = await open(from, 'r');
  await using target = await open(to, 'w+', 0o640);
  const portion = Buffer.allocUnsafe(PORTION_BYTES);
  let sum = 0;
  let portions = 0;
  const size = await eachPortion(source, portion, pace, async (bytes, at) => {
    sum = crc32(bytes, sum);
    await writeFully(target, bytes, at);
    portions += 1;
    if (portions % PORTIONS_A_SYNC === 0) await target.datasync();
  });
  await target.sync();
  let copiedSum = 0;
  const copiedSize = await eachPortion(target, portion, pace, (bytes) => {
    copiedSum = crc32(bytes, copiedSum);
    return Promise.resolve();
  });
  if (copiedSize === size && copiedSum === sum) return;
  throw new CopyError(
    `${to}: expected ${size} bytes with checksum ${sum} as in ${from}, found ${copiedSize} with ${copiedSum}`,
  );
}

/** @returns the size of the file. */
async function eachPortion(
  file: FileHandle,
  portion: Buffer,
  pace: Pace,
  take: (bytes: Buffer, at: number) => Promise<void>,
): Promise<number> {
  for (let at = 0; ; ) {
    const bytesRead = await pace(async () => {
      const read = await file.read(portion, 0, portion.length, at);
      if (read.bytesRead > 0) await take(portion.subarray(0, read.bytesRead), at);
      return read.bytesRead;
    });
    if (bytesRead === 0) return at;
    at += bytesRead;
  }
}

function paceOf(clock: Clock, signal: AbortSignal): Pace {
  return async (work) => {
    signal.throwIfAborted();
    const startMs = clock.monotonicMs();
    const result = await work();
    await sleep(clock, clock.monotonicMs() - startMs, signal);
    return result;
  };
}
