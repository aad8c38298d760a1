import type { FileHandle } from 'node:fs/promises';

/**
 * Writes all of the bytes, however many the system takes at a time.
 * @param positionBytes where they begin; null behind what was written last.
 * @throws an error of the system; Error as `requireProgress`.
 */
export async function writeFully(
  handle: Pick<FileHandle, 'write'>,
  bytes: Uint8Array,
  positionBytes: number | null,
): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    const at = positionBytes === null ? null : positionBytes + done;
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, at);
    requireProgress(bytesWritten);
    done += bytesWritten;
  }
}

/**
 * For who writes on until all is written: some file systems in user space take nothing and call that a success, and he would never
 * come to an end.
 * @throws Error
 */
export function requireProgress(bytesWritten: number): void {
  if (bytesWritten === 0) throw new Error('the file system took none of what was written and told no reason');
}
