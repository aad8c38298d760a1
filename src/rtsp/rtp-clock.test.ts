import { expect, test } from 'vitest';
import { monotonicMs } from '../base/time.ts';
import { RtpClock, RunOrigin } from './rtp-clock.ts';

const VIDEO_HZ = 90_000;
const SOUND_HZ = 8_000;

function videoClock(run = new RunOrigin({ hasVideo: true }), timestamp = 0, atMs = 0): RtpClock {
  const clock = new RtpClock(run, VIDEO_HZ);
  clock.start(timestamp, monotonicMs(atMs), true);
  return clock;
}

test('counts from the first packet and across the wrap of the time stamp', () => {
  const clock = videoClock(undefined, 0xfffffff0);
  expect(clock.ticks).toBe(0);
  clock.advance(3_584, monotonicMs(40));
  expect(clock.ticks).toBe(3_600);
  clock.advance(1_784, monotonicMs(60));
  expect(clock.ticks).toBe(1_800);
});

test('counts on beyond 32 bits', () => {
  const clock = videoClock();
  const hours = 30;
  for (let second = 1; second <= hours * 3_600; second += 1) {
    expect(clock.advance((second * VIDEO_HZ) % 2 ** 32, monotonicMs(second * 1_000))).toBeUndefined();
  }
  expect(clock.ticks).toBe(hours * 3_600 * VIDEO_HZ);
});

test('ends the run when the time stamp jumps away from the clock on the wall', () => {
  const forward = videoClock().advance(10 * VIDEO_HZ, monotonicMs(40));
  expect(forward).toMatchObject({ kind: 'time-jump' });
  expect(forward?.kind === 'time-jump' && forward.jumpSeconds).toBeCloseTo(9.96);
  const back = videoClock(undefined, 20 * VIDEO_HZ).advance(0, monotonicMs(40));
  expect(back?.kind === 'time-jump' && back.jumpSeconds).toBeCloseTo(-20.04);
});

test('tells by how much it jumped, also where the picture before it was read 1.6 s earlier, and after a pause', () => {
  for (const [atMs, seconds] of [
    [1_600, 100],
    [3_000, 97.04],
  ] as const) {
    const clock = videoClock();
    for (let picture = 1; picture <= 10; picture += 1) clock.advance(picture * 3_600, monotonicMs(0));
    const event = clock.advance(11 * 3_600 + 100 * VIDEO_HZ, monotonicMs(atMs));
    expect(event?.kind === 'time-jump' && event.jumpSeconds).toBeCloseTo(seconds);
  }
});

test('takes no offence at a silent camera, or at a network that stalls and catches up', () => {
  const silent = videoClock();
  expect(silent.advance(20 * VIDEO_HZ, monotonicMs(20_000))).toBeUndefined();
  const stalled = videoClock();
  expect(stalled.advance(VIDEO_HZ, monotonicMs(8_000))).toBeUndefined();
  // The camera dropped what did not fit its buffer: seven seconds of media at once, but none before its time.
  expect(stalled.advance(8 * VIDEO_HZ, monotonicMs(8_010))).toBeUndefined();
});

test('follows a slow crystal for weeks', () => {
  const clock = videoClock();
  const events = new Set<unknown>();
  for (let minute = 1; minute <= 20 * 1_440; minute += 1) {
    const ticks = Math.round(minute * 60 * VIDEO_HZ * 1.0003);
    events.add(clock.advance(ticks % 2 ** 32, monotonicMs(minute * 60_000)));
  }
  expect([...events]).toEqual([undefined]);
});

test('ends the run when the media clock stands still', () => {
  const clock = videoClock();
  const events = Array.from({ length: 60 }, (_, second) =>
    clock.advance(0, monotonicMs(1_000 * (second + 1))),
  );
  expect(events.findIndex((event) => event?.kind === 'time-jump')).toBeGreaterThan(38);
});

test('takes no offence at a standstill of ours: what waited meanwhile catches up', () => {
  const clock = videoClock();
  const events = Array.from({ length: 401 }, (_, tenth) =>
    clock.advance((tenth * VIDEO_HZ) / 10, monotonicMs(40_000 + tenth)),
  );
  expect(new Set(events)).toEqual(new Set([undefined]));
  // It has caught up: what is late once more is judged anew.
  expect(clock.advance(40 * VIDEO_HZ, monotonicMs(75_000))).toBeUndefined();
});

test('lays sound beside the picture by arrival', () => {
  const run = new RunOrigin({ hasVideo: true });
  const sound = new RtpClock(run, SOUND_HZ);
  expect(sound.start(1_000, monotonicMs(0), false)).toBe(false);
  videoClock(run, 5, 100);
  expect(sound.start(2_000, monotonicMs(350), false)).toBe(true);
  expect(sound.ticks).toBe(2_000);
});

test('lays sound beside the picture by RTP-Info when it agrees with arrival', () => {
  const run = new RunOrigin({ hasVideo: true });
  const video = new RtpClock(run, VIDEO_HZ);
  video.useRtpInfo(1_000_000);
  video.start(1_000_000 + VIDEO_HZ, monotonicMs(0), true);
  const sound = new RtpClock(run, SOUND_HZ);
  sound.useRtpInfo(0xffffff00);
  // 1.1 s after RTP-Info, a tenth after the picture, and it took 150 ms longer to come.
  sound.start((0xffffff00 + 1.1 * SOUND_HZ) % 2 ** 32, monotonicMs(250), false);
  expect(sound.ticks).toBe(800);
});

test('prefers arrival to an RTP-Info that cannot be', () => {
  const run = new RunOrigin({ hasVideo: true });
  const video = new RtpClock(run, VIDEO_HZ);
  video.useRtpInfo(0);
  video.start(0, monotonicMs(0), true);
  const sound = new RtpClock(run, SOUND_HZ);
  sound.useRtpInfo(0);
  sound.start(30 * SOUND_HZ, monotonicMs(50), false);
  expect(sound.ticks).toBe(400);
});

test('puts sound back in step that has parted from the picture by more than half a second', () => {
  const run = new RunOrigin({ hasVideo: true });
  const video = videoClock(run);
  const sound = new RtpClock(run, SOUND_HZ);
  sound.start(0, monotonicMs(0), false);
  video.advance(10 * VIDEO_HZ, monotonicMs(10_000));
  expect(sound.advance(9.6 * SOUND_HZ, monotonicMs(10_000))).toBeUndefined();
  video.advance(20 * VIDEO_HZ, monotonicMs(20_000));
  expect(sound.advance(19.4 * SOUND_HZ, monotonicMs(20_000))).toBeUndefined();
  video.advance(21 * VIDEO_HZ, monotonicMs(21_000));
  expect(sound.advance(20.4 * SOUND_HZ, monotonicMs(21_000))).toBeUndefined();
  video.advance(22 * VIDEO_HZ, monotonicMs(22_000));
  expect(sound.advance(21.4 * SOUND_HZ, monotonicMs(22_000))).toMatchObject({ kind: 'realigned' });
  expect(sound.ticks).toBe(22 * SOUND_HZ);
});

test.each(['sound', 'picture'] as const)(
  'leaves sound where it is when all packets were held up, the %s being read first then',
  (first) => {
    const run = new RunOrigin({ hasVideo: true });
    const video = videoClock(run);
    const sound = new RtpClock(run, SOUND_HZ);
    sound.start(0, monotonicMs(0), false);
    for (let read = 1; read <= 5; read++) {
      // What has been sent in two seconds: a picture each 100 ms, and as many packets of sound.
      const arrivalMs = monotonicMs(read * 2_000);
      const sent = Array.from({ length: 20 }, (_, i) => (read - 1) * 2 + (i + 1) / 10);
      const hear = () => sent.map((seconds) => sound.advance(seconds * SOUND_HZ, arrivalMs)).filter(Boolean);
      const see = () => sent.map((seconds) => video.advance(seconds * VIDEO_HZ, arrivalMs)).filter(Boolean);
      const events = first === 'sound' ? [...hear(), ...see()] : [...see(), ...hear()];
      expect(events).toEqual([]);
      expect(sound.ticks).toBe(read * 2 * SOUND_HZ);
    }
  },
);

test('leaves sound where it is when all packets were held up, and are read in the order in which they were sent', () => {
  const run = new RunOrigin({ hasVideo: true });
  const video = videoClock(run);
  const sound = new RtpClock(run, SOUND_HZ);
  sound.start(0, monotonicMs(0), false);
  for (let tenth = 1; tenth <= 100; tenth++) {
    const arrivalMs = monotonicMs(Math.ceil(tenth / 20) * 2_000);
    expect(sound.advance((tenth / 10) * SOUND_HZ, arrivalMs)).toBeUndefined();
    expect(video.advance((tenth / 10) * VIDEO_HZ, arrivalMs)).toBeUndefined();
  }
  expect(sound.ticks).toBe(10 * SOUND_HZ);
});

test('lets the first track lead when there is no video', () => {
  const run = new RunOrigin({ hasVideo: false });
  const sound = new RtpClock(run, SOUND_HZ);
  expect(sound.start(77, monotonicMs(5), false)).toBe(true);
  expect(sound.ticks).toBe(0);
  expect(sound.advance(77 + 30 * SOUND_HZ, monotonicMs(6))?.kind).toBe('time-jump');
});
