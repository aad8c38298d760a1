import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ReconnectingSocket } from './reconnecting-socket.ts';

/** A WebSocket that a test opens and closes. */
class PretendedSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: PretendedSocket[] = [];
  readyState = 0;
  readonly sent: string[] = [];

  constructor() {
    super();
    PretendedSocket.made.push(this);
  }

  opens(): void {
    this.readyState = PretendedSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

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
  PretendedSocket.made.at(-1)?.opens();
  PretendedSocket.made.at(-1)?.close();
  expect(told).toEqual(['open', 'lost']);
  vi.advanceTimersByTime(499);
  expect(PretendedSocket.made).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(PretendedSocket.made).toHaveLength(2);
  PretendedSocket.made.at(-1)?.close();
  vi.advanceTimersByTime(999);
  expect(PretendedSocket.made).toHaveLength(2);
  vi.advanceTimersByTime(1);
  PretendedSocket.made.at(-1)?.opens();
  PretendedSocket.made.at(-1)?.close();
  vi.advanceTimersByTime(500);
  expect(PretendedSocket.made).toHaveLength(4);
});

test('messages are told as what they hold, and sent while it is open', () => {
  const socket = new ReconnectingSocket('ws://here/', listener);
  socket.open();
  const [first] = PretendedSocket.made;
  socket.send({ t: 'early' });
  first?.opens();
  first?.dispatchEvent(new MessageEvent('message', { data: '{"type":"cameras"}' }));
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
