import { fork } from 'node:child_process';
import type { Clock } from './clock.ts';
import { MortalChild } from './mortal-child.ts';

const STDERR_TAIL_CHARACTERS = 500;

export interface OrderedRun<Message> {
  /** A path to built JavaScript. */
  readonly program: string;
  /** All that it is told, over its channel. */
  readonly order: object;
  /** The messages are those of our own program; what is thrown ends this process. */
  readonly onMessage: (message: Message) => void;
  readonly clock: Clock;
  /** Kills it. */
  readonly signal: AbortSignal;
}

/**
 * Runs a program of ours that takes one order (see `takeOrder`), tells what it found, and ends.
 * @returns once it has ended, or was killed and let go: how, with its last words; for people, of a program that should have said more.
 * @throws Error where it cannot even be tried to start one.
 */
export async function runWithOrder<Message>({
  program,
  order,
  onMessage,
  clock,
  signal,
}: OrderedRun<Message>): Promise<string> {
  const started = fork(program, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const child = new MortalChild(started, clock);
  const kill = () => void child.kill();
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  let lastWords = '';
  started.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-STDERR_TAIL_CHARACTERS);
  });
  started.on('message', (message) => onMessage(message as Message));
  // One that could not be started is told below, and may have no channel.
  if (started.connected) started.send(order, () => undefined);
  try {
    const how = `its process ${await child.ended}, without an answer`;
    return lastWords === '' ? how : `${how}: ${lastWords.trim()}`;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
