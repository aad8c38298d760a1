import { expect, test } from 'vitest';
import { monotonicMs, wallMs } from '../base/time.ts';
import { LiveFeed, type LiveListener } from './live-feed.ts';
import { startRun } from './run.ts';
import { CountedMemory } from './testing/counted-memory.ts';
import { makePicture, makePictures, makeSound } from './testing/make-packet.ts';

const run = startRun(1, 0, { wall: wallMs(1e12), monotonic: monotonicMs(0) });

/** Writes down what it hears. */
class Journal implements LiveListener {
  readonly lines: string[] = [];

  packet({ track, pts }: Parameters<LiveListener['packet']>[0]): void {
    this.lines.push(`${track.kind} ${(pts * 1000) / track.clockRateHz}`);
  }

  caughtUp(): void {
    this.lines.push('live');
  }

  away(reason: string): void {
    this.lines.push(reason);
  }

  ended(): void {
    this.lines.push('ended');
  }
}

function playingFeed(): LiveFeed {
  const feed = new LiveFeed(10_000);
  feed.runStarted(run);
  for (const packet of makePictures(500, 100, 3)) feed.packet(packet, run);
  feed.packet(makeSound(450), run);
  return feed;
}

test('tells the current GOP with its sound to who joins, and then what comes', () => {
  const feed = playingFeed();
  const journal = new Journal();
  const joined = feed.join(journal);
  feed.packet(makePicture(500, { isKey: false }), run);
  joined[Symbol.dispose]();
  feed.packet(makePicture(600), run);
  expect(journal.lines).toEqual(['video 300', 'video 400', 'audio 450', 'live', 'video 500']);
});

test('holds nothing while nobody can come, and the next GOP once somebody can', () => {
  let isServed = true;
  const feed = new LiveFeed(10_000, () => isServed);
  const joined = () => {
    const journal = new Journal();
    feed.join(journal)[Symbol.dispose]();
    return journal.lines;
  };
  feed.runStarted(run);
  const memory = new CountedMemory();
  feed.packet({ ...makePicture(0), memory }, run);
  expect(memory.holders).toBe(1);
  isServed = false;
  feed.packet(makePicture(100, { isKey: false }), run);
  expect(memory.holders).toBe(0);
  isServed = true;
  feed.packet(makePicture(200, { isKey: false }), run);
  expect(joined()).toEqual(['live']);
  feed.packet(makePicture(300), run);
  expect(joined()).toEqual(['video 300', 'live']);
});

test('tells why there is nothing to see, also to who joins meanwhile', () => {
  const feed = playingFeed();
  const early = new Journal();
  feed.join(early);
  feed.runEnded();
  feed.away('the camera hung up');
  feed.away('no route');
  const late = new Journal();
  feed.join(late);
  expect(early.lines.slice(4)).toEqual(['the camera hung up', 'no route']);
  expect(late.lines).toEqual(['live', 'no route']);
  feed.runStarted(run);
  feed.packet(makePicture(0), run);
  expect(late.lines.at(-1)).toBe('video 0');
});

test('tells that it ends, once', () => {
  const feed = playingFeed();
  const journal = new Journal();
  feed.join(journal);
  feed.end();
  feed.end();
  expect(journal.lines.slice(4)).toEqual(['ended']);
});

test('holds one GOP and nothing of an old run', () => {
  const memory = new CountedMemory();
  const feed = new LiveFeed(10_000);
  feed.runStarted(run);
  for (const packet of makePictures(1_000, 100, 3)) feed.packet({ ...packet, memory }, run);
  expect(memory.holders).toBe(1);
  feed.runEnded();
  expect(memory.holders).toBe(0);
});
