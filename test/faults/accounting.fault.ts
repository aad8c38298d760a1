import { setTimeout as delay } from 'node:timers/promises';
import { AccountingTrial } from './accounting-trial.ts';
import { FakeClock } from './fake-clock.ts';
import type { Fault, FaultReport } from './fault.ts';

/** 30 unless told otherwise, for those who look for errors. */
const MINUTES = Number(process.env['ACCOUNTING_MINUTES'] ?? 30);

export const fault: Fault = {
  title: 'every second of every camera is recorded or has the right cause, through 20 kinds of faults',
  async requires() {
    return FakeClock.missing();
  },
  async run(report) {
    const endsMs = performance.now() + MINUTES * 60_000;
    await using trial = await AccountingTrial.make(true);
    await trial.start();
    await injectAll(trial, report);
    while (performance.now() < endsMs) {
      report(undefined, 'all is well for the rest of the time');
      await delay(Math.min(60_000, endsMs - performance.now()));
    }
    const { faults, seconds, errors, exitCode } = await trial.judge();
    for (const error of errors) process.stderr.write(`accounting: ${error}\n`);
    return {
      ok: errors.length === 0 && exitCode === 0 && seconds.unaccounted === undefined,
      figures: {
        minutes: MINUTES,
        'faults injected': faults.length,
        'kinds of faults': new Set(faults).size,
        ...Object.fromEntries(Object.entries(seconds).map(([fate, s]) => [`${fate} s`, Math.round(s)])),
        'told otherwise than it was (2 s)': errors.length,
        'exit code of archive gaps': String(exitCode),
      },
    };
  },
};

/** Several things happen to different cameras at the same time; what happens to the recorder happens alone. */
async function injectAll(trial: AccountingTrial, report: FaultReport): Promise<void> {
  const one = trial.camera('one');
  const two = trial.camera('two');
  const three = trial.camera('three');
  const four = trial.camera('four');
  const udp = trial.camera('udp');
  const other = await AccountingTrial.otherPictures();
  /** Of a run of half an hour. */
  const s = (seconds: number) => Math.max(3, (seconds * MINUTES) / 30);
  const acts: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      'cameras go away',
      () => Promise.all([one.unplug(s(90)), two.stall(s(90)), three.pause(5), udp.lose(4)]),
    ],
    [
      'cameras are strange',
      () => Promise.all([four.changePassword(s(90)), three.jumpClock(3_600), one.drop()]),
    ],
    ['the recorder is killed', () => trial.kill(s(30))],
    [
      'cameras are replaced',
      () =>
        Promise.all([
          two.replace('garbage', 'camera', s(60)),
          four.replace('blackhole', 'stalled', s(60)),
          one.changePicture(other, s(30)),
          three.corrupt(s(30)),
          udp.unplug(s(60)),
        ]),
    ],
    ['the recorder is stopped', () => trial.restart(s(30))],
    ['the analyzers are killed', () => trial.killAnalyzers()],
    ['the disk is missing', () => trial.removeDisk(s(40))],
    ['the recorder is killed while a camera is away', () => trial.killWithout(three, s(30))],
    ['the recorder is held up', () => trial.holdUp(s(20))],
    ['pictures do not come', () => Promise.all([four.freeze(s(60)), one.pause(4), udp.drop()])],
    ['the host’s clock goes forward', () => trial.setClock(1)],
    ['cameras go away at another time', () => Promise.all([two.unplug(s(40)), udp.stall(s(40))])],
    ['the host’s clock goes back', () => trial.setClock(0)],
    ['a camera goes away in a time that was leapt over', () => one.unplug(s(40))],
    ['the recorder is killed once more', () => trial.kill(s(20))],
  ];
  for (const [index, [text, act]] of acts.entries()) {
    report(index / acts.length, text);
    await act();
    await delay(s(20) * 1000);
  }
}
