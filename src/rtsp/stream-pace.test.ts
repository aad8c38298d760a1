import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { ReadPacer } from './read-pacer.ts';
import { StreamPace, type PacedConnection } from './stream-pace.ts';

const pacer = new ReadPacer(new SimulatedClock());

class Connection implements PacedConnection {
  readonly told: string[] = [];

  readInTurns(given: ReadPacer | undefined): void {
    this.told.push(given === pacer ? 'in turns' : 'at once');
  }
}

test('reads in turns but while somebody is in a hurry', () => {
  const pace = new StreamPace(pacer);
  const connection = new Connection();
  pace.begin(connection);
  const first = pace.hurry();
  const second = pace.hurry();
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  expect(connection.told).toEqual(['in turns', 'at once']);
  second[Symbol.dispose]();
  expect(connection.told).toEqual(['in turns', 'at once', 'in turns']);
});

test('a new connection is read as the one before it', () => {
  const pace = new StreamPace(pacer);
  const [first, second] = [new Connection(), new Connection()];
  using _ = pace.hurry();
  pace.begin(first);
  pace.end(first);
  pace.begin(second);
  pace.end(first);
  expect(first.told).toEqual(['at once', 'at once']);
  expect(second.told).toEqual(['at once']);
});
