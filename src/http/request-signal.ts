import type { FastifyRequest } from 'fastify';

/** Aborts when whoever asks has left. */
export function signalOf({ raw }: FastifyRequest): AbortSignal {
  const left = new AbortController();
  raw.socket.once('close', () => left.abort());
  if (raw.socket.destroyed) left.abort();
  return left.signal;
}
