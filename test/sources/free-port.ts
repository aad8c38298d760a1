import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below those that systems give to whoever asks for any: nobody else is given one between the look at it and its use. */
const PORTS = { first: 20_000, count: 12_000 };
const ATTEMPTS = 100;

/** A port of this machine that nobody listens on, for TCP. */
export async function freePort(): Promise<number> {
  return await firstFree((port) => createServer().listen(port, '127.0.0.1'));
}

/** The same for UDP. */
export async function freeUdpPort(): Promise<number> {
  return await firstFree((port) => createSocket('udp4').bind(port, '127.0.0.1'));
}

async function firstFree(listenOn: (port: number) => Server | Socket): Promise<number> {
  for (let i = 0; i < ATTEMPTS; i++) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    const listener = listenOn(port);
    try {
      await once(listener, 'listening');
    } catch {
      continue;
    }
    listener.close();
    await once(listener, 'close');
    return port;
  }
  throw new Error(`expected a free port from ${PORTS.first} on, found none in ${ATTEMPTS} attempts`);
}
