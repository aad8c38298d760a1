import { beforeEach, describe, expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { testVideoTrack } from '../media/testing/make-packet.ts';
import type { FromPictureMaker, ToPictureMaker } from './messages.ts';
import { PictureMaker, type PictureChild, type PictureChildListener } from './picture-maker.ts';

class Child implements PictureChild {
  readonly listener: PictureChildListener;
  readonly ids: number[] = [];
  isStopped = false;
  kills = 0;

  constructor(listener: PictureChildListener) {
    this.listener = listener;
  }

  start(): void {
    this.listener.onStarted();
  }

  send(message: ToPictureMaker): void {
    if (message.type === 'make') this.ids.push(message.id);
  }

  kill(): void {
    this.kills += 1;
    this.listener.onEnded({ how: 'was ended by SIGKILL' });
  }

  answer(answer: Partial<FromPictureMaker> = { jpeg: Uint8Array.of(1) }): void {
    const message = { id: this.ids.at(-1) ?? 0, ...answer };
    // One or the other member is there.
    this.listener.onMessage(message as FromPictureMaker);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isStopped = true;
  }
}

let clock: SimulatedClock;
let children: Child[];
let maker: PictureMaker;

beforeEach(() => {
  clock = new SimulatedClock();
  children = [];
  maker = new PictureMaker({
    clock,
    makeChild: (listener) => {
      const child = new Child(listener);
      children.push(child);
      return child;
    },
  });
});

const order = { track: testVideoTrack, packets: [], maxWidthPx: 100 };

describe('PictureMaker', () => {
  test('makes one picture after the other', async () => {
    const [first, second] = [maker.make(order), maker.make(order)];
    expect(children[0]?.ids).toEqual([1]);
    children[0]?.answer();
    expect(await first).toEqual(Uint8Array.of(1));
    expect(children[0]?.ids).toEqual([1, 2]);
    children[0]?.answer({ problem: 'no picture came out' });
    await expect(second).rejects.toMatchObject({
      kind: 'failed',
      message: 'making a picture: no picture came out',
    });
    expect(children).toHaveLength(1);
  });

  test('has no child before there is something to do, and none for long after it', async () => {
    expect(children).toHaveLength(0);
    const first = maker.make(order);
    children[0]?.answer();
    await first;
    await clock.advance(15_000);
    const second = maker.make(order);
    children[0]?.answer();
    await second;
    await clock.advance(15_000);
    expect(children[0]?.isStopped).toBe(false);
    await clock.advance(6_000);
    expect(children[0]?.isStopped).toBe(true);
    void maker.make(order).catch(() => undefined);
    expect(children).toHaveLength(2);
  });

  test('fails what a child dies of, and goes on with the next one', async () => {
    const [deadly, next] = [maker.make(order), maker.make(order)];
    children[0]?.listener.onEnded({ how: 'was ended by SIGSEGV' });
    await expect(deadly).rejects.toMatchObject({ kind: 'failed' });
    expect(children[0]?.ids).toEqual([1]);
    children[0]?.listener.onStarted();
    expect(children[0]?.ids).toEqual([1, 2]);
    children[0]?.answer();
    await next;
  });

  test('kills a child that takes too long', async () => {
    const first = maker.make(order);
    children[0]?.answer();
    await first;
    const late = expect(maker.make(order)).rejects.toMatchObject({ kind: 'late' });
    await clock.advance(10_000);
    await late;
    expect(children[0]?.kills).toBe(1);
  });

  test('gives a child time to start', async () => {
    const late = expect(maker.make(order)).rejects.toMatchObject({ kind: 'late' });
    await clock.advance(29_000);
    expect(children[0]?.kills).toBe(0);
    await clock.advance(1_000);
    await late;
    expect(children[0]?.kills).toBe(1);
  });

  test('refuses more than it can hold', async () => {
    const made = Array.from({ length: 33 }, () => maker.make(order).catch(() => undefined));
    await expect(maker.make(order)).rejects.toMatchObject({ kind: 'busy' });
    await maker[Symbol.asyncDispose]();
    await Promise.all(made);
    expect(children[0]?.isStopped).toBe(true);
    await expect(maker.make(order)).rejects.toMatchObject({ kind: 'stopped' });
  });
});
