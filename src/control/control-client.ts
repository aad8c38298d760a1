import { request, type IncomingMessage } from 'node:http';
import { systemCode } from '../base/error.ts';
import { ControlError } from './control-error.ts';
import type { SocketAddress } from './socket-address.ts';

const LONGEST_ANSWER_BYTES = 8 * 2 ** 20;

export interface ControlQuestion {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
}

export interface ControlAnswer {
  readonly status: number;
  /** What came as JSON; nobody has checked it. */
  readonly body: unknown;
}

/**
 * Asks the recorder at the address.
 * @throws ControlError `no-answer`, `forbidden`, `garbage`; the signal's reason.
 */
export async function askRecorder(
  { path: socketPath }: SocketAddress,
  { method, path, body }: ControlQuestion,
  signal: AbortSignal,
): Promise<ControlAnswer> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const options = { socketPath, method, path, headers, signal, agent: false };
    request(options, resolve).on('error', reject).end(text);
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw connectionError(socketPath, error);
  });
  return { status: response.statusCode ?? 0, body: await readJson(socketPath, response) };
}

async function readJson(socketPath: string, response: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  try {
    // Without an encoding a response gives buffers.
    for await (const piece of response as AsyncIterable<Buffer>) {
      sizeBytes += piece.byteLength;
      if (sizeBytes > LONGEST_ANSWER_BYTES) throw new Error('the answer has no end');
      pieces.push(piece);
    }
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (error) {
    throw new ControlError(
      'garbage',
      `${socketPath}: expected JSON from a recorder, found something else`,
      error,
    );
  }
}

/** Why the recorder there could not be asked. */
export function connectionError(socketPath: string, error: unknown): ControlError {
  const asking = `asking the recorder at ${socketPath}`;
  const code = systemCode(error);
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return new ControlError('no-answer', `${asking}: none is running there`);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new ControlError('forbidden', `${asking}: it belongs to another user`);
  }
  return new ControlError('garbage', `${asking}: no answer of a recorder came`, error);
}
