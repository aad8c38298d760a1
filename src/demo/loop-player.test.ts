import { describe, expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { ServedStream, type MediaUnit } from '../rtsp/server/served-stream.ts';
import type { Clip } from './clip.ts';
import { LoopPlayer, mediaOfClip, type LoopPlayerOptions } from './loop-player.ts';

const CLIP: Clip = {
  widthPx: 320,
  heightPx: 180,
  rateFps: 10,
  parameterSets: { codec: 'h264', sps: Uint8Array.of(0x67, 1, 2, 3), pps: [Uint8Array.of(0x68, 4)] },
  // A key picture, then one shown after the two that follow it.
  units: [0, 3, 1, 2].map((frame, index) => ({
    isKey: index === 0,
    frame,
    nals: [Uint8Array.of(0x41, frame)],
  })),
  sound: undefined,
};

function play(clip: Clip, options: Partial<LoopPlayerOptions> = {}) {
  const clock = new SimulatedClock();
  const sent: MediaUnit[] = [];
  const stream = new ServedStream({ path: '/main', media: mediaOfClip(clip) });
  const player = new LoopPlayer({
    clip,
    stream,
    clock,
    stampName: 'yard/main',
    ...options,
    alter: (unit) => {
      const altered = options.alter === undefined ? unit : options.alter(unit);
      if (altered !== undefined) sent.push(altered);
      return altered;
    },
  });
  player.start();
  return { clock, sent, player };
}

function stampOf(unit: MediaUnit): string {
  const bytes = Buffer.concat(unit.parts).toString('latin1');
  return /PREROLL (\S+ \d+ [\d.]+ yard=\d+)/.exec(bytes)?.[1] ?? '';
}

describe('a loop player', () => {
  test('sends one picture a slot, shown when the loop says', async () => {
    const { clock, sent, player } = play(CLIP);
    await clock.advance(750);
    expect(sent.map(({ timestamp }) => timestamp / 9000)).toEqual([0, 3, 1, 2, 4, 7, 5, 6]);
    expect(sent.map(({ isKey }) => isKey)).toEqual([true, false, false, false, true, false, false, false]);
    player[Symbol.dispose]();
    await clock.advance(1000);
    expect(sent).toHaveLength(8);
  });

  test('numbers the pictures without end and stamps the time of sending', async () => {
    const { clock, sent } = play(CLIP, { sentBefore: 41 });
    await clock.advance(450);
    const seconds = Date.UTC(2026, 0, 1) / 1000;
    expect(sent.map(stampOf)).toEqual([
      `yard/main 0000000042 ${seconds}.000000 yard=0`,
      `yard/main 0000000043 ${seconds}.100000 yard=3`,
      `yard/main 0000000044 ${seconds}.200000 yard=1`,
      `yard/main 0000000045 ${seconds}.300000 yard=2`,
      `yard/main 0000000046 ${seconds}.400000 yard=0`,
    ]);
  });

  test('puts parameter sets before key pictures only, or nowhere', async () => {
    const both = play(CLIP);
    await both.clock.advance(150);
    expect(both.sent.map(({ parts }) => parts.map((part) => part[0]))).toEqual([
      [0x67, 0x68, 0x06, 0x41],
      [0x06, 0x41],
    ]);
    const none = play(CLIP, { hasBandParameterSets: false });
    expect(none.sent[0]?.parts.map((part) => part[0])).toEqual([0x06, 0x41]);
  });

  test('lets time pass while pictures are withheld, and then goes on where it was', async () => {
    let isFrozen = false;
    const { clock, sent } = play(CLIP, { alter: (unit) => (isFrozen ? undefined : unit) });
    await clock.advance(150);
    isFrozen = true;
    await clock.advance(1000);
    isFrozen = false;
    await clock.advance(100);
    expect(sent.map(({ timestamp }) => timestamp / 9000)).toEqual([0, 3, 11]);
    expect(sent.map(({ parts }) => parts.at(-1)?.[1])).toEqual([0, 3, 1]);
    expect(sent.map(stampOf).at(-1)).toContain(' 0000000003 ');
  });

  test.each([
    ['leaves out the time that the host slept', 60_000, [0, 602, 600, 601]],
    ['makes up for the time that it was held up', 4_000, [0, 3, 1, 2]],
  ])('%s', (_, lateMs, expected) => {
    const clock = new SleepyClock();
    const sent: number[] = [];
    const stream = new ServedStream({ path: '/main', media: mediaOfClip(CLIP) });
    const alter = (unit: MediaUnit) => {
      sent.push(unit.timestamp / 9000);
      return unit;
    };
    new LoopPlayer({ clip: CLIP, stream, clock, stampName: 'yard/main', alter }).start();
    clock.wakeAfter(lateMs);
    clock.wakeAfter(0);
    clock.wakeAfter(0);
    expect(sent).toEqual(expected);
  });

  test('sends sound at its own pace', async () => {
    const sound = {
      audioSpecificConfig: Uint8Array.of(0x14, 0x08),
      sampleRateHz: 16_000,
      channels: 1,
      units: [Uint8Array.of(1), Uint8Array.of(2)],
    };
    const { clock, sent } = play({ ...CLIP, sound });
    await clock.advance(1950);
    const units = sent.filter(({ track }) => track === 1);
    expect(units).toHaveLength(31);
    expect(units.map(({ timestamp }) => timestamp).slice(0, 3)).toEqual([0, 1024, 2048]);
    expect(units.map(({ parts }) => parts[0]?.[0]).slice(0, 3)).toEqual([1, 2, 1]);
  });

  test('goes on with another clip from its key picture', async () => {
    const { clock, sent, player } = play(CLIP);
    await clock.advance(150);
    const sps = Uint8Array.of(0x67, 9, 9, 9);
    player.switchTo({ ...CLIP, parameterSets: { codec: 'h264', sps, pps: [Uint8Array.of(0x68, 4)] } });
    await clock.advance(100);
    expect(sent[2]?.isKey).toBe(true);
    expect(sent[2]?.parts[0]).toEqual(sps);
  });
});

/** A clock whose timers fire late. */
class SleepyClock extends SimulatedClock {
  #nowMs = 0;
  #fire: () => void = () => undefined;

  override monotonicMs() {
    return (super.monotonicMs() + this.#nowMs) as ReturnType<SimulatedClock['monotonicMs']>;
  }

  override setTimer(_delayMs: number, fire: () => void) {
    this.#fire = fire;
    return { [Symbol.dispose]: () => undefined };
  }

  wakeAfter(ms: number): void {
    this.#nowMs += ms;
    this.#fire();
  }
}
