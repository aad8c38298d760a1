import { expect, test } from 'vitest';
import { monotonicMs } from '../base/time.ts';
import { RtpClock, RunOrigin } from './rtp-clock.ts';

const SECONDS = 1_200;

/** A camera whose sound is clocked differently. @returns how far it is from the picture at the end, in seconds. */
function play(options: { drift: number; heldMs?: number; jitterMs?: number }): number {
  const { drift, heldMs = 0, jitterMs = 0 } = options;
  const run = new RunOrigin({ hasVideo: true });
  const video = new RtpClock(run, 90_000);
  const sound = new RtpClock(run, 8_000);
  let seed = 7;
  const jitter = () => {
    seed = (seed * 48_271) % 0x7fffffff;
    return (seed / 0x7fffffff) * jitterMs;
  };
  const take = (clock: RtpClock, timestamp: number, atMs: number, isVideo: boolean) => {
    if (clock.isStarted) clock.advance(timestamp >>> 0, monotonicMs(atMs));
    else clock.start(timestamp >>> 0, monotonicMs(atMs), isVideo);
  };
  const report = (clock: RtpClock, wallMs: number, timestamp: number) => {
    const ntp = 3_900_000_000 + wallMs / 1000;
    const [ntpSeconds, fraction] = [Math.floor(ntp), ntp % 1];
    const counts = { packetCount: 0, octetCount: 0, ssrc: 1 };
    const ntpFraction = Math.floor(fraction * 2 ** 32);
    clock.report({
      kind: 'sender-report',
      ntpSeconds,
      ntpFraction,
      rtpTimestamp: timestamp >>> 0,
      ...counts,
    });
  };
  for (const clock of [video, sound]) clock.useRtpInfo(0);
  let errorSeconds = 0;
  for (let ms = 0; ms < SECONDS * 1000; ms += 20) {
    // A key picture takes longer to send.
    const sendMs = ms % 2_000 === 0 ? 60 : 5;
    if (ms % 40 === 0) take(video, ms * 90, ms + sendMs + jitter(), true);
    take(sound, Math.round(ms * 8 * (1 + drift)), ms + 20 + heldMs + jitter(), false);
    if (ms % 5_000 === 0) report(video, ms, ms * 90);
    // On a wall clock that has an offset of its own for sound, and a report that is stamped late now and then.
    if (ms % 5_000 === 1_000)
      report(sound, ms + 300 + (ms % 20_000 === 1_000 ? 50 : 0), Math.round(ms * 8 * (1 + drift)));
    errorSeconds = sound.ticks / 8_000 - ms / 1000;
  }
  return errorSeconds;
}

test.each([0.0001, -0.0001, 0.0002, -0.00025])('follows a clock that runs wrong by %f', (drift) => {
  expect(Math.abs(play({ drift }))).toBeLessThan(0.01);
  expect(Math.abs(play({ drift, jitterMs: 30 }))).toBeLessThan(0.015);
});

test('leaves sound where it is that comes late because it is collected for long, and is laid elsewhere by its reports', () => {
  expect(Math.abs(play({ drift: 0, heldMs: 150, jitterMs: 30 }))).toBeLessThan(0.005);
});
