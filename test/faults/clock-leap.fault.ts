import { setTimeout as delay } from 'node:timers/promises';
import { filesBelow } from '../e2e/recordings.ts';
import { FakeClock } from './fake-clock.ts';
import type { Fault } from './fault.ts';
import { endedWell, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 2;
const YEAR_SECONDS = 365 * 86_400;
const BETWEEN_MS = 15_000;

export const fault: Fault = {
  title:
    'a clock that leaps by ten years, beside rules that keep recordings for an hour, deletes none of them, nor does the next start',
  async requires() {
    return FakeClock.missing();
  },
  async run(report) {
    await using trial = await Trial.make({
      cameras: CAMERAS,
      archive: { segmentLength: '5s' },
      retention: { continuousMaxAge: '1h', eventMaxAge: '1h' },
    });
    const clock = new FakeClock(trial.folder);
    await clock.set(0);
    const { environment } = clock;
    await using first = await trial.record({ environment });
    await delay(BETWEEN_MS);
    report(0.3, 'the clock leaps by ten years');
    await clock.set(10 * YEAR_SECONDS);
    await first.says("the host's clock was set by", CAMERAS);
    await delay(BETWEEN_MS);
    const firstEnded = await first.interrupt();
    const recorded = await recordingsOf(trial);
    report(0.6, 'once more, with the wrong clock');
    await using second = await trial.record({ environment });
    await delay(BETWEEN_MS);
    const secondEnded = await second.interrupt();
    const left = new Set(await recordingsOf(trial));
    const deleted = recorded.filter((path) => !left.has(path)).length;
    const isTold = second.stderr.includes('ahead of the time that retention saw pass');
    const footage = await judgeFootage([trial.archive], trial.cameras.keys());
    return {
      ok: endedWell(firstEnded) && endedWell(secondEnded) && deleted === 0 && isTold && footage.broken === 0,
      figures: {
        cameras: CAMERAS,
        'recordings before the last start': recorded.length,
        deleted,
        told: isTold ? 'yes' : 'no',
        'broken files': footage.broken,
      },
    };
  },
};

async function recordingsOf({ archive }: Trial): Promise<readonly string[]> {
  return (await filesBelow(archive)).filter((path) => path.endsWith('.mp4'));
}
