import { beforeEach, expect, test } from 'vitest';
import { Reach, type Connection } from './reach.ts';

const told: Connection[] = [];
let answers: boolean;
let reach: Reach;

beforeEach(() => {
  told.length = 0;
  answers = true;
  reach = new Reach({
    isAnswering: () => Promise.resolve(answers),
    tell: (connection) => told.push(connection),
  });
});

test('where the server answers and no socket ever comes about, it is that which is told, as behind a proxy that passes on none', async () => {
  await reach.lost();
  await reach.lost();
  expect(told).toEqual(['sockets-refused', 'sockets-refused']);
  reach.opened();
  expect(told.at(-1)).toBe('fine');
});

test('a server that does not answer is lost, from the first time on', async () => {
  answers = false;
  await reach.lost();
  expect(told).toEqual(['server-lost']);
});

test('a socket that was there once is lost with the server, whatever is answered meanwhile', async () => {
  reach.opened();
  await reach.lost();
  expect(told).toEqual(['fine', 'server-lost']);
});

test('a socket that comes about while the server is asked counts', async () => {
  const lost = reach.lost();
  reach.opened();
  await lost;
  expect(told).toEqual(['fine']);
});

test('a recorder that has gone is told apart', () => {
  reach.opened();
  reach.recorder(false);
  reach.recorder(true);
  expect(told).toEqual(['fine', 'recorder-lost', 'fine']);
});
