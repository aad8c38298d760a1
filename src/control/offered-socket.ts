import { once } from 'node:events';
import { lstat, rename, rm } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { systemCode } from '../base/error.ts';
import { ControlError } from './control-error.ts';
import type { SocketAddress } from './socket-address.ts';

/** A socket at its place; disposing of it takes it away, unless it is somebody else's by now. */
export type OfferedSocket = AsyncDisposable;

/** Reading and writing for the recorder's own user, nothing for others. */
const OWNER_ONLY_MASK = 0o177;

/**
 * Lets a server listen at the address. What a recorder that was killed left there is replaced in one step; a socket at
 * which somebody answers, and anything that is no socket, stays.
 * @throws ControlError `in-use`; `unusable`.
 */
export async function offerSocket(server: Server, address: SocketAddress): Promise<OfferedSocket> {
  if (address.kind === 'pipe') {
    await listen(server, address.path);
    return { [Symbol.asyncDispose]: () => close(server) };
  }
  const { path } = address;
  await requireFree(path);
  // Not at once at its own place: listening there needs the old one removed, and two that start could remove each other's.
  const temporary = `${path}~`;
  try {
    await rm(temporary, { force: true });
    await listen(server, temporary);
    await rename(temporary, path);
  } catch (error) {
    await close(server);
    throw unusable(path, error);
  }
  const mine = await lstat(path);
  return {
    async [Symbol.asyncDispose]() {
      const present = await lstat(path).catch(() => undefined);
      if (present?.ino === mine.ino && present.dev === mine.dev) await rm(path, { force: true });
      await close(server);
    },
  };
}

/** @throws ControlError where something lies that must stay. */
async function requireFree(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw unusable(path, error);
  });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new ControlError(
      'unusable',
      `the control socket ${path}: expected nothing there, found something else, which was left as it is`,
    );
  }
  if (await answers(path)) {
    throw new ControlError('in-use', `the control socket ${path}: another recorder answers there`);
  }
}

/** Whether anybody listens there. A doubt counts as yes. */
async function answers(path: string): Promise<boolean> {
  const probe = connect({ path });
  try {
    await once(probe, 'connect');
    return true;
  } catch (error) {
    return systemCode(error) !== 'ECONNREFUSED' && systemCode(error) !== 'ENOENT';
  } finally {
    probe.destroy();
  }
}

/** A socket file gets its mode when it is made, so there is no moment in which others could connect. */
async function listen(server: Server, path: string): Promise<void> {
  const before = process.umask(OWNER_ONLY_MASK);
  try {
    server.listen({ path });
  } finally {
    process.umask(before);
  }
  await once(server, 'listening');
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}

function unusable(path: string, cause: unknown): ControlError {
  return new ControlError('unusable', `the control socket ${path} could not be offered`, cause);
}
