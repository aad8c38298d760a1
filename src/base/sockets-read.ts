import { setImmediate } from 'node:timers/promises';

/** Resolves once the event loop has read what its sockets had by now, as far as it does so in one turn. */
export async function socketsRead(): Promise<void> {
  // The first may end before sockets are looked at.
  await setImmediate();
  await setImmediate();
}
