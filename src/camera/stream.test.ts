import { expect, test } from 'vitest';
import { sleep } from '../base/clock.ts';
import { silentLog, type Log } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { mediaTicks } from '../base/time.ts';
import type { Packet, VideoTrack } from '../media/packet.ts';
import type { StreamSink } from '../media/run.ts';
import { CameraStream, type OpenSource } from './stream.ts';

const track: VideoTrack = {
  kind: 'video',
  index: 0,
  codec: 'h264',
  parameterSets: { codec: 'h264', sps: new Uint8Array(), pps: [] },
  widthPx: 640,
  heightPx: 360,
  codecString: 'avc1.42e01e',
  reorderDepth: 0,
  isFullRange: false,
  clockRateHz: 90_000,
};

function picture(second: number, isKey = true): Packet {
  const ticks = mediaTicks(second * 90_000);
  return { track, isKey, pts: ticks, dts: ticks, data: new Uint8Array(8) };
}

/** Writes down what the sink is told, one word a call. */
function journalSink(): StreamSink & { readonly journal: string[] } {
  const journal: string[] = [];
  return {
    journal,
    runStarted: (run) => void journal.push(`start ${run.ordinal}`),
    packet: (packet, run) => void journal.push(`packet ${packet.dts / 90_000} of ${run.ordinal}`),
    runEnded: (run, end) => void journal.push(`end ${run.ordinal} ${end.kind}`),
  };
}

/** A source that plays the given packets a second apart and then fails. */
function playsThenFails(clock: SimulatedClock, packets: readonly Packet[]): OpenSource {
  return async () => ({
    play: (onPacket, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        packets.forEach((packet, i) => clock.setTimer(i * 1000, () => onPacket(packet)));
        clock.setTimer(packets.length * 1000, () => reject(new Error('cable cut')));
      }),
    [Symbol.asyncDispose]: async () => {},
  });
}

test('begins each run with a key picture and ends it with the reason', async () => {
  const clock = new SimulatedClock();
  const sink = journalSink();
  const open = playsThenFails(clock, [picture(0, false), picture(1), picture(2, false)]);
  const stream = new CameraStream({ open, sink, clock, log: silentLog, random: () => 0 });
  stream.start();
  await clock.advance(3_500);
  expect(sink.journal).toEqual(['start 1', 'packet 1 of 1', 'packet 2 of 1', 'end 1 failed']);
  await clock.advance(2_000);
  expect(sink.journal.slice(4)).toEqual(['start 2', 'packet 1 of 2', 'packet 2 of 2']);
  await stream[Symbol.asyncDispose]();
  expect(sink.journal.at(-1)).toBe('end 2 stopped');
});

/** Of a camera that is not there; when it was tried. */
function streamToNobody() {
  const clock = new SimulatedClock();
  const attemptsMs: number[] = [];
  const open: OpenSource = async () => {
    attemptsMs.push(clock.monotonicMs());
    throw new Error('no route');
  };
  const stream = new CameraStream({ open, sink: journalSink(), clock, log: silentLog, random: () => 0 });
  return { stream, attemptsMs, clock };
}

test('retries at once, then backs off to 30 s while the camera stays away', async () => {
  const { stream, attemptsMs, clock } = streamToNobody();
  stream.start();
  await clock.advance(125_000);
  await stream[Symbol.asyncDispose]();
  expect(attemptsMs).toEqual([0, 0, 1000, 3000, 7000, 15_000, 31_000, 61_000, 91_000, 121_000]);
});

test('tries at once when the camera is known to be there, and soon again', async () => {
  const { stream, attemptsMs, clock } = streamToNobody();
  stream.tryNow();
  stream.start();
  await clock.advance(40_000);
  attemptsMs.splice(0);
  stream.tryNow();
  await clock.advance(5_000);
  await stream[Symbol.asyncDispose]();
  expect(attemptsMs).toEqual([40_000, 40_000, 41_000, 43_000]);
});

test('starts a new run on the next key picture when the host clock jumps, losing no packet', async () => {
  const clock = new SimulatedClock();
  const sink = journalSink();
  const packets = [0, 1, 2, 3, 4, 5].map((second) => picture(second, second % 2 === 0));
  const stream = new CameraStream({ open: playsThenFails(clock, packets), sink, clock, log: silentLog });
  stream.start();
  await clock.advance(2_500);
  clock.jumpWall(3_600_000);
  await clock.advance(3_000);
  await stream[Symbol.asyncDispose]();
  expect(sink.journal).toEqual([
    'start 1',
    ...[0, 1, 2, 3].map((second) => `packet ${second} of 1`),
    'end 1 clock-jump',
    'start 2',
    ...[4, 5].map((second) => `packet ${second} of 2`),
    'end 2 stopped',
  ]);
});

test('tells how long it has been away: since a failed attempt began, or since the run ended', async () => {
  const clock = new SimulatedClock();
  const told: string[] = [];
  const plays = playsThenFails(clock, [picture(0), picture(1)]);
  let attempts = 0;
  const open: OpenSource = async (signal) => {
    attempts += 1;
    if (attempts === 2) await sleep(clock, 10_000, signal);
    if (attempts === 2) throw new Error('no answer');
    return await plays(signal);
  };
  const stream = new CameraStream({
    open,
    sink: journalSink(),
    onAway: (end, awayForMs) => void told.push(`${end.message} ${awayForMs}`),
    clock,
    log: silentLog,
    random: () => 0,
  });
  stream.start();
  await clock.advance(13_500);
  await stream[Symbol.asyncDispose]();
  expect(told).toEqual(['cable cut 0', 'no answer 10000']);
});

test('says what failed and when it tries again', async () => {
  const clock = new SimulatedClock();
  const lines: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => void lines.push(message) };
  const open: OpenSource = async () => {
    throw new Error('could not connect', { cause: new Error('refused') });
  };
  const stream = new CameraStream({ open, sink: journalSink(), clock, log, random: () => 0 });
  stream.start();
  await clock.advance(500);
  expect(lines).toEqual([
    'could not connect: refused; trying again at once',
    'could not connect: refused; trying again in 1.0 s',
  ]);
  expect(stream.state).toEqual({ kind: 'waiting', reason: 'could not connect: refused' });
  await stream[Symbol.asyncDispose]();
});

test('says so when what comes is no picture to begin with, and goes on waiting', async () => {
  const clock = new SimulatedClock();
  const sink = journalSink();
  const away: string[] = [];
  const late = [...Array.from({ length: 12 }, (_, second) => picture(second, false)), picture(12)];
  const stream = new CameraStream({
    open: playsThenFails(clock, late),
    sink,
    clock,
    log: silentLog,
    onAway: (end, awayForMs) => void away.push(`${end.kind} for ${awayForMs}`),
  });
  stream.start();
  await clock.advance(11_000);
  expect(stream.state).toMatchObject({
    kind: 'waiting',
    reason: expect.stringContaining('no picture to begin with'),
  });
  expect(away).toEqual(['no-key for 10000']);
  await clock.advance(1_500);
  expect(stream.state.kind).toBe('playing');
  expect(sink.journal).toEqual(['start 1', 'packet 12 of 1']);
  await stream[Symbol.asyncDispose]();
});
