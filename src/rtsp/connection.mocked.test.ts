import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { RtspConnection } from './connection.ts';

// No test has a cloud: this machine stands for it.
vi.mock('./forbidden-address.ts', () => ({
  isForbiddenAddress: (address: string) => address.endsWith('127.0.0.1'),
}));

test('nothing is sent where a name, by whatever way, has led to such an address', async () => {
  let received = 0;
  const server = createServer((socket) => {
    socket.on('data', (bytes) => (received += bytes.length)).on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Listening on TCP.
  const { port } = server.address() as AddressInfo;
  const options = {
    camera: 'test',
    ordinal: 1,
    host: 'localhost',
    port,
    timeoutMs: 5_000,
    clock: systemClock,
  };
  await expect(RtspConnection.connect(options, new AbortController().signal)).rejects.toThrow(
    'no camera can be at this address',
  );
  server.close();
  await once(server, 'close');
  expect(received).toBe(0);
});
