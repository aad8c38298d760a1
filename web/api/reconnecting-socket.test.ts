import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ReconnectingSocket } from './reconnecting-socket.ts';
import { PretendedSocket } from './testing/pretended-socket.ts';

const told: string[] = [];
const listener = {
  onOpen: () => void told.push('open'),
  onLost: () => void told.push('lost'),
  onMessage: (message: unknown) => void told.push(JSON.stringify(message)),
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', PretendedSocket);
  PretendedSocket.made = [];
  told.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a socket that is lost is opened again, after waits that grow until one is open', () => {
  const socket = new ReconnectingSocket('ws://here/', listener);
  socket.open();
  PretendedSocket.last.opens();
  PretendedSocket.last.close();
  expect(told).toEqual(['open', 'lost']);
  vi.advanceTimersByTime(499);
  expect(PretendedSocket.made).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(PretendedSocket.made).toHaveLength(2);
  PretendedSocket.last.close();
  vi.advanceTimersByTime(999);
  expect(PretendedSocket.made).toHaveLength(2);
  vi.advanceTimersByTime(1);
  PretendedSocket.last.opens();
  PretendedSocket.last.close();
  vi.advanceTimersByTime(500);
  expect(PretendedSocket.made).toHaveLength(4);
});

test('after a long absence a server that is back is found within four seconds', () => {
  const socket = new ReconnectingSocket('ws://here/', listener);
  socket.open();
  for (let attempt = 0; attempt < 20; attempt += 1) {
    PretendedSocket.made.at(-1)?.close();
    vi.advanceTimersByTime(4_000);
  }
  expect(PretendedSocket.made).toHaveLength(21);
});

test('messages are told as what they hold, and sent while it is open', () => {
  const socket = new ReconnectingSocket('ws://here/', listener);
  socket.open();
  const [first] = PretendedSocket.made;
  socket.send({ t: 'early' });
  first?.opens();
  first?.tells({ type: 'cameras' });
  socket.send({ t: 'motion' });
  expect(told).toEqual(['open', '{"type":"cameras"}']);
  expect(first?.sent).toEqual(['{"t":"motion"}']);
});

test('a socket that was closed stays closed, also between two attempts', () => {
  const socket = new ReconnectingSocket('ws://here/', listener);
  socket.open();
  PretendedSocket.made[0]?.close();
  socket.close();
  vi.advanceTimersByTime(60_000);
  expect(PretendedSocket.made).toHaveLength(1);
});
