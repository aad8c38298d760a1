import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** A connection carries one request after another: each asks for the same signal, and the connection is listened to once. */
const signals = new WeakMap<Socket, AbortSignal>();

/** Aborts when whoever asks has left. */
export function signalOf({ raw: { socket } }: FastifyRequest): AbortSignal {
  const known = signals.get(socket);
  if (known !== undefined) return known;
  const left = new AbortController();
  socket.once('close', () => left.abort());
  if (socket.destroyed) left.abort();
  signals.set(socket, left.signal);
  return left.signal;
}
