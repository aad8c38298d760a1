import { expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { mediaTicks } from '../base/time.ts';
import type { Packet, SampledTrack } from '../media/packet.ts';
import type { SoundWork, ToSoundProcess } from './messages.ts';
import { SoundProcess, type SoundChild, type SoundChildListener } from './sound-process.ts';

const TRACK: SampledTrack = {
  kind: 'audio',
  index: 1,
  codec: 'pcma',
  bitsPerSample: 8,
  clockRateHz: 8_000,
  channels: 1,
};

class FakeChild implements SoundChild {
  readonly sent: SoundWork[] = [];
  readonly listener: SoundChildListener;
  starts = 0;
  kills = 0;

  constructor(listener: SoundChildListener) {
    this.listener = listener;
  }

  start(): void {
    if (this.starts++ === 0) this.listener.onStarted();
  }

  send(message: ToSoundProcess): void {
    if (message.type === 'work') this.sent.push(message);
  }

  kill(): void {
    this.kills += 1;
    this.listener.onEnded({ how: 'was ended by SIGKILL', restartInMs: 200 });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function setUp() {
  const clock = new SimulatedClock();
  const children: FakeChild[] = [];
  const sound = new SoundProcess({
    makeChild: (listener) => {
      const child = new FakeChild(listener);
      children.push(child);
      return child;
    },
    clock,
    log: silentLog,
  });
  const [child] = children;
  if (child === undefined) throw new Error('no child was made');
  return { clock, sound, child };
}

function packetAt(seconds: number): Packet {
  const ticks = mediaTicks(seconds * 8_000);
  return { track: TRACK, isKey: true, pts: ticks, dts: ticks, data: Uint8Array.of(1, 2, 3) };
}

test('starts no process before there is sound to encode', () => {
  const { sound, child } = setUp();
  expect(child.starts).toBe(0);
  sound.encode(TRACK, () => undefined, silentLog);
  expect(child.starts).toBe(1);
});

test('sends what came of all cameras together, and gives each what is made of its own', async () => {
  const { clock, sound, child } = setUp();
  const heard: [string, Packet][] = [];
  const yard = sound.encode(TRACK, (packet) => heard.push(['yard', packet]), silentLog);
  const gate = sound.encode(TRACK, (packet) => heard.push(['gate', packet]), silentLog);
  yard.push(packetAt(1));
  gate.push(packetAt(2));
  yard.push(packetAt(1.02));
  await clock.advance(20);
  expect(child.sent).toHaveLength(1);
  expect(child.sent[0]?.opened.map(({ line, format }) => [line, format.codec])).toEqual([
    [1, 'pcm_alaw'],
    [2, 'pcm_alaw'],
  ]);
  expect(child.sent[0]?.packets.map(({ line, seconds }) => [line, seconds])).toEqual([
    [1, 1],
    [2, 2],
    [1, 1.02],
  ]);
  const data = Uint8Array.of(9);
  child.listener.onMessage({ number: 1, units: [{ line: 2, ticks: 32_000, data }], levels: [], failed: [] });
  const track = expect.objectContaining({ codec: 'aac', index: 1, clockRateHz: 16_000 }) as unknown;
  expect(heard).toEqual([['gate', expect.objectContaining({ track, pts: 32_000, dts: 32_000, data })]]);
});

test('gives nothing more of sound that has ended', async () => {
  const { clock, sound, child } = setUp();
  const heard: Packet[] = [];
  const yard = sound.encode(TRACK, (packet) => heard.push(packet), silentLog);
  yard.push(packetAt(1));
  await clock.advance(20);
  yard[Symbol.dispose]();
  await clock.advance(20);
  expect(child.sent.at(-1)?.closed).toEqual([1]);
  child.listener.onMessage({
    number: 1,
    units: [{ line: 1, ticks: 0, data: Uint8Array.of(9) }],
    levels: [],
    failed: [],
  });
  expect(heard).toEqual([]);
});

test('tells another process what there is, and leaves out what came meanwhile', async () => {
  const { clock, sound, child } = setUp();
  const yard = sound.encode(TRACK, () => undefined, silentLog);
  yard.push(packetAt(1));
  await clock.advance(20);
  child.listener.onEnded({ how: 'was ended by SIGSEGV', restartInMs: 200 });
  yard.push(packetAt(1.02));
  await clock.advance(200);
  expect(child.sent).toHaveLength(1);
  child.listener.onStarted();
  yard.push(packetAt(1.22));
  await clock.advance(20);
  expect(child.sent[1]?.opened).toHaveLength(1);
  expect(child.sent[1]?.packets.map(({ seconds }) => seconds)).toEqual([1.22]);
});

test('does not blame a process for a standstill of the machine', async () => {
  const { clock, sound, child } = setUp();
  const yard = sound.encode(TRACK, () => undefined, silentLog);
  yard.push(packetAt(0));
  await clock.advance(20);
  clock.standStill(40_000);
  await clock.advance(0);
  yard.push(packetAt(40));
  await clock.advance(20);
  expect(child.kills).toBe(0);
  expect(child.sent.flatMap(({ packets }) => packets)).toHaveLength(2);
});

test('ends a process that does not answer, and holds no more for it than a few megabytes', async () => {
  const { clock, sound, child } = setUp();
  const yard = sound.encode(TRACK, () => undefined, silentLog);
  yard.push(packetAt(0));
  await clock.advance(20);
  child.listener.onMessage({ number: 1, units: [], levels: [], failed: [] });
  const large = { ...packetAt(0), data: new Uint8Array(2 ** 20) };
  for (let i = 0; i < 10; i++) {
    yard.push(large);
    await clock.advance(20);
  }
  expect(child.sent.flatMap(({ packets }) => packets)).toHaveLength(1 + 5);
  expect(child.kills).toBe(0);
  await clock.advance(5_000);
  yard.push(packetAt(5));
  await clock.advance(20);
  expect(child.sent.flatMap(({ packets }) => packets)).toHaveLength(1 + 5);
  expect(child.kills).toBe(1);
});
