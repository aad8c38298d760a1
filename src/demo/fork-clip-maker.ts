import { fork } from 'node:child_process';
import type { ClipSpec } from './clip-spec.ts';
import { EncodeError } from '../decode/encode-error.ts';

/** What the child tells its parent. */
export type ClipChildMessage = { readonly percent: number } | { readonly failure: string };

/** What the parent asks of the child, once. */
export interface ClipChildOrder {
  readonly spec: ClipSpec;
  readonly path: string;
}

/** The end of the child's stderr that goes into an error. */
const STDERR_TAIL_CHARACTERS = 2_000;

/**
 * Makes a clip in a child process of its own, so that native code stays out of ours. See `ClipMaker`.
 * @param program what the child runs, a path to built JavaScript.
 * @throws EncodeError if the child fails or dies; the signal's reason once it aborts (the child is killed).
 */
export async function forkClipMaker(
  program: string,
  spec: ClipSpec,
  path: string,
  onProgress: (percent: number) => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const child = fork(program, [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  let failure = '';
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL_CHARACTERS);
  });
  child.on('message', (message) => {
    // Sent by clip-maker-main.ts of the same build.
    const told = message as ClipChildMessage;
    if ('percent' in told) onProgress(told.percent);
    else failure = told.failure;
  });
  try {
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, by) => resolve(code === 0 ? '' : `it ended with ${by ?? `code ${code}`}`));
    });
    const order: ClipChildOrder = { spec, path };
    child.send(order, () => undefined);
    const end = await ended;
    signal.throwIfAborted();
    const found = failure || end;
    if (found !== '')
      throw new EncodeError(`encoding the demo's clip in a child process, found: ${found} ${stderr}`.trim());
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
