import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { ControlError } from './control-error.ts';

/** The shortest bound among the systems: macOS has 104 bytes, of which the closing zero takes one and offering it another. */
const LONGEST_PATH_BYTES = 102;

/** Where a control socket is: a file, or on Windows, which has no such files, a pipe named for it. */
export type SocketAddress =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'pipe'; readonly path: string };

/**
 * @param path of the configuration, absolute.
 * @param workingFolder of this process, absolute.
 * @throws ControlError `unusable` for a path that is too long, and no shorter one from the working folder.
 */
export function socketAddress(
  path: string,
  platform: NodeJS.Platform,
  workingFolder: () => string = () => process.cwd(),
): SocketAddress {
  if (platform === 'win32') {
    const name = createHash('sha256').update(path.toLowerCase()).digest('hex').slice(0, 32);
    return { kind: 'pipe', path: `\\\\.\\pipe\\preroll-${name}` };
  }
  const bytes = Buffer.byteLength(path);
  if (bytes <= LONGEST_PATH_BYTES) return { kind: 'file', path };
  // A recorder mostly runs, and is mostly asked, in the folder of its configuration.
  const near = relative(workingFolder(), path);
  if (Buffer.byteLength(near) <= LONGEST_PATH_BYTES) return { kind: 'file', path: near };
  throw new ControlError(
    'unusable',
    `the control socket ${path}: expected a path of at most ${LONGEST_PATH_BYTES} bytes, found ${bytes}; set control.path`,
  );
}
