import { expect, test } from 'vitest';
import { AccountingTrial } from '../faults/accounting-trial.ts';

// The long form of this is test/faults/accounting.fault.ts.
test('every second of every camera is recorded or has the right cause', async () => {
  // Encoding them holds up this process, which plays the cameras.
  const otherPictures = await AccountingTrial.otherPictures();
  await using trial = await AccountingTrial.make(false);
  const [one, two, three, four, udp] = ['one', 'two', 'three', 'four', 'udp'].map((name) =>
    trial.camera(name),
  );
  await trial.start();
  await Promise.all([
    one?.unplug(10),
    two?.stall(12),
    three?.pause(5),
    four?.changePassword(10),
    udp?.lose(4),
  ]);
  await trial.kill(3);
  await Promise.all([
    one?.drop(),
    two?.replace('garbage', 'camera', 8),
    three?.jumpClock(3_600),
    four?.changePicture(otherPictures, 4),
  ]);
  await trial.restart(3);
  await trial.removeDisk(5);
  const verdict = await trial.judge();
  expect(verdict).toMatchObject({ errors: [], exitCode: 0 });
  const causes = Object.keys(verdict.seconds).toSorted();
  expect(causes).toEqual(
    expect.arrayContaining([
      'camera',
      'clock',
      'crash',
      'disabled',
      'disk',
      'policy',
      'recorded',
      'shutdown',
      'stalled',
      'starting',
      'unreachable',
    ]),
  );
  expect(causes).not.toContain('unaccounted');
});
