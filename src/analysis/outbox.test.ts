import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import type { FromAnalyzer } from './messages.ts';
import { Outbox, OUTBOX_MS } from './outbox.ts';

const taken = (bytes: number): FromAnalyzer => ({ type: 'taken', camera: 'yard', bytes });

test('sends what came within a moment together, in order', async () => {
  const clock = new SimulatedClock();
  const sent: (readonly FromAnalyzer[])[] = [];
  const outbox = new Outbox(clock, (messages) => sent.push(messages));
  outbox.push(taken(1));
  await clock.advance(OUTBOX_MS / 2);
  outbox.push(taken(2));
  expect(sent).toEqual([]);
  await clock.advance(OUTBOX_MS / 2);
  outbox.push(taken(3));
  expect(sent).toEqual([[taken(1), taken(2)]]);
  outbox.flush();
  await clock.advance(10 * OUTBOX_MS);
  expect(sent).toEqual([[taken(1), taken(2)], [taken(3)]]);
});
