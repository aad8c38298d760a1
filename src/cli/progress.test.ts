import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { Progress, progressText } from './progress.ts';

function shownOn(isTTY: boolean) {
  const clock = new SimulatedClock();
  const written: string[] = [];
  const stream = {
    isTTY,
    columns: 60,
    writableLength: 0,
    write: (text: string) => written.push(text),
    on: () => undefined,
    off: () => undefined,
  };
  return { clock, written, progress: new Progress({ stream, clock, name: 'front.mp4' }) };
}

test('says how far it is, how fast and how long it will take', () => {
  expect(progressText({ share: 0.25, mediaMs: 60_000, elapsedMs: 2_000 })).toBe(
    '[######..................]  25 %  30.0 x real time  6 s left',
  );
  expect(progressText({ share: 1.2, mediaMs: 60_000, elapsedMs: 2_000 })).toContain('100 %');
  expect(progressText({ share: 0, mediaMs: 0, elapsedMs: 0 })).toBe('[........................]  0 %');
});

test('says what it can where nobody knows how much there is', () => {
  expect(progressText({ share: undefined, mediaMs: 90_000, elapsedMs: 3_000 })).toBe(
    '90 s  30.0 x real time',
  );
});

test('keeps to one line of a terminal, ten times a second at most, and takes it away', async () => {
  const { clock, written, progress } = shownOn(true);
  for (let ms = 0; ms < 1_000; ms += 10) {
    progress.tell(ms / 1_000, ms);
    await clock.advance(10);
  }
  expect(written.length).toBeLessThanOrEqual(10);
  expect(written.every((text) => text.length <= 60 + 5 && !text.includes('\n'))).toBe(true);
  progress[Symbol.dispose]();
  expect(written.at(-1)).toBe('\r\u001B[2K');
});

test('tells each quarter once where there is no terminal', () => {
  const { written, progress } = shownOn(false);
  for (let share = 0; share <= 1; share += 0.01) progress.tell(share, 0);
  progress[Symbol.dispose]();
  expect(written).toEqual(['front.mp4: 25 %\n', 'front.mp4: 50 %\n', 'front.mp4: 75 %\n']);
});
