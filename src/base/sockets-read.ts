/** Resolves once the event loop has read what its sockets had by now, as far as it does so in one turn. */
export function socketsRead(): Promise<void> {
  // The first may end before sockets are looked at.
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
