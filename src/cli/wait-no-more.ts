import type { Clock } from '../base/clock.ts';

/** A stream of Node.js behind which a terminal may be. */
interface MaybeTerminal {
  readonly isTTY?: boolean;
}

/** What libuv has behind it. */
interface Handled {
  readonly _handle?: { setBlocking?(isBlocking: boolean): number };
}

/**
 * Keeps a program from waiting for its terminal. Node.js writes to one synchronously, so that a Ctrl-S, or a connection to another
 * machine that hangs, would stop everything, recording too. What the terminal does not take is queued (`writableLength`)
 * as with pipes, which Node.js never waits for; whoever writes has to look at that.
 */
export function waitNoMoreFor(stream: MaybeTerminal): void {
  if (stream.isTTY !== true) return;
  // There is no other way to say it, and this one is that of npm and yargs, in the opposite direction. Without it, it waits as before.
  const { _handle: handle } = stream as Handled;
  handle?.setBlocking?.(false);
}

/** A terminal that is read shows the last words within this. */
const LAST_WORDS_MS = 1_000;

/** Ends the process soon, though the terminal has not taken all that was written: Node.js would wait for it. */
export function leaveUnread(stream: { readonly writableLength: number }, clock: Clock): void {
  if (stream.writableLength > 0) clock.setTimer(LAST_WORDS_MS, () => process.exit());
}
