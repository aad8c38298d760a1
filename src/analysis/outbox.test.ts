import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import type { FromAnalyzer } from './messages.ts';
import { Outbox, OUTBOX_MS } from './outbox.ts';

const taken = (camera: string): FromAnalyzer => ({ type: 'taken', camera });

test('sends what came within a moment together, in order', async () => {
  const clock = new SimulatedClock();
  const sent: (readonly FromAnalyzer[])[] = [];
  const outbox = new Outbox(clock, (messages) => sent.push(messages));
  outbox.push(taken('cam1'));
  await clock.advance(OUTBOX_MS / 2);
  outbox.push(taken('cam2'));
  expect(sent).toEqual([]);
  await clock.advance(OUTBOX_MS / 2);
  outbox.push(taken('cam3'));
  expect(sent).toEqual([[taken('cam1'), taken('cam2')]]);
  outbox.flush();
  await clock.advance(10 * OUTBOX_MS);
  expect(sent).toEqual([[taken('cam1'), taken('cam2')], [taken('cam3')]]);
});

test('lets what is no news wait longer, until something that is takes it along', async () => {
  const clock = new SimulatedClock();
  const sent: (readonly FromAnalyzer[])[] = [];
  const outbox = new Outbox(clock, (messages) => sent.push(messages));
  outbox.push(taken('cam1'), 5 * OUTBOX_MS);
  await clock.advance(OUTBOX_MS);
  expect(sent).toEqual([]);
  outbox.push(taken('cam2'));
  await clock.advance(OUTBOX_MS);
  expect(sent).toEqual([[taken('cam1'), taken('cam2')]]);
  outbox.push(taken('cam3'), 5 * OUTBOX_MS);
  await clock.advance(5 * OUTBOX_MS - 1);
  expect(sent).toHaveLength(1);
  await clock.advance(1);
  expect(sent).toHaveLength(2);
});
