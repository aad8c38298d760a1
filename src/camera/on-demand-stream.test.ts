import { expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import type { LiveListener } from '../media/live-feed.ts';
import { makePicture } from '../media/testing/make-packet.ts';
import { OnDemandStream } from './on-demand-stream.ts';
import type { OpenSource } from './stream.ts';

class Heard implements LiveListener {
  readonly lines: string[] = [];
  packet(): void {
    this.lines.push('packet');
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

/** A camera that sends one key picture at once, and counts those that are connected. */
class Camera {
  open = 0;
  opened = 0;

  readonly connect: OpenSource = async () => {
    this.open += 1;
    this.opened += 1;
    return {
      play: (onPacket, signal) =>
        new Promise((resolve) => {
          onPacket(makePicture(0));
          signal.addEventListener('abort', () => resolve(), { once: true });
        }),
      [Symbol.asyncDispose]: async () => void (this.open -= 1),
    };
  };
}

function onDemand(clock: SimulatedClock, open: OpenSource): OnDemandStream {
  const redact = (text: string) => text.replace('secret', '***');
  return new OnDemandStream({ open, maxBytes: 10_000, clock, log: silentLog, redact });
}

test('is opened for the first who watches, and closed half a minute after the last', async () => {
  const clock = new SimulatedClock();
  const camera = new Camera();
  await using stream = onDemand(clock, camera.connect);
  await clock.advance(60_000);
  expect(camera.opened).toBe(0);
  const [first, second] = [new Heard(), new Heard()];
  const joinedFirst = stream.join(first);
  await clock.advance(10);
  const joinedSecond = stream.join(second);
  expect([first.lines, second.lines]).toEqual([
    ['live', 'packet'],
    ['packet', 'live'],
  ]);
  joinedFirst[Symbol.dispose]();
  joinedFirst[Symbol.dispose]();
  await clock.advance(40_000);
  expect(camera.open).toBe(1);
  joinedSecond[Symbol.dispose]();
  await clock.advance(29_000);
  stream.join(new Heard())[Symbol.dispose]();
  await clock.advance(29_000);
  expect(camera.open).toBe(1);
  await clock.advance(2_000);
  expect(camera.open).toBe(0);
});

test('says why a camera cannot be reached, without its password', async () => {
  const clock = new SimulatedClock();
  const fails: OpenSource = async () => {
    throw new Error('no secret route');
  };
  await using stream = onDemand(clock, fails);
  const heard = new Heard();
  stream.join(heard);
  await clock.advance(10);
  expect(heard.lines.slice(0, 2)).toEqual(['live', 'no *** route']);
});

test('leaves the camera when it is disposed of', async () => {
  const clock = new SimulatedClock();
  const camera = new Camera();
  const stream = onDemand(clock, camera.connect);
  const heard = new Heard();
  stream.join(heard);
  await clock.advance(10);
  await stream[Symbol.asyncDispose]();
  expect(heard.lines.at(-1)).toBe('ended');
  expect(camera.open).toBe(0);
});
