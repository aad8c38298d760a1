import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { playWithPatience } from './play-with-patience.ts';
import type { PacketSource } from './stream.ts';

/** Plays until it is told to end. */
const source: PacketSource = {
  play: (_, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    }),
  [Symbol.asyncDispose]: async () => {},
};

function play(hasPicture: () => boolean, playing: PacketSource = source) {
  const clock = new SimulatedClock();
  const stop = new AbortController();
  const patience = { ms: 60_000, hasPicture, camera: 'yard', clock };
  let ended: unknown = 'not yet';
  const end = playWithPatience(playing, () => undefined, patience, stop.signal).then(
    () => (ended = 'as told'),
    (error: unknown) => (ended = error),
  );
  return { clock, stop, end, ended: () => ended };
}

test('gives up media of which no picture can be made', async () => {
  const { clock, end, ended } = play(() => false);
  await clock.advance(59_999);
  expect(ended()).toBe('not yet');
  await clock.advance(1);
  await end;
  expect(ended()).toMatchObject({ kind: 'media', context: { camera: 'yard' } });
});

test('goes on for as long as it is wanted once there was a picture', async () => {
  const { clock, stop, end, ended } = play(() => true);
  await clock.advance(3_600_000);
  expect(ended()).toBe('not yet');
  stop.abort();
  await end;
  expect(ended()).toBe('as told');
});

test('being told to end is no failure, at whatever moment', async () => {
  const { clock, stop, end, ended } = play(() => false);
  stop.abort();
  await clock.advance(60_000);
  await end;
  expect(ended()).toBe('as told');
});

test('what ends it otherwise is told as it is', async () => {
  const cut = new Error('cable cut');
  const { end, ended } = play(() => false, { ...source, play: () => Promise.reject(cut) });
  await end;
  expect(ended()).toBe(cut);
});
