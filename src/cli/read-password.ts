import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/**
 * Asks for a password on the terminal without showing it; without a terminal it is the first line of standard input. Never an
 * argument, which every user of the machine could read.
 */
export async function readPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  const isTerminal = stdin.isTTY && stderr.isTTY;
  if (isTerminal) stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: isTerminal });
  try {
    // Input that ends without a line, or Ctrl-C, is no password.
    const ended = new Promise<string>((resolve) => void lines.once('close', () => resolve('')));
    return await Promise.race([lines.question(''), ended]);
  } finally {
    lines.close();
    if (isTerminal) stderr.write('\n');
  }
}
