import { setTimeout as delay } from 'node:timers/promises';
import { PrerollProcess } from '../e2e/preroll-process.ts';
import { examineWhole, problemText } from './examine.ts';
import type { Fault } from './fault.ts';
import { lastRecorded } from './last-recorded.ts';
import { endedWell, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 4;
const KILLS = 100;
const CHECKED_EACH = 10;
/** From before the first connection to after the first changes of files. */
const LONGEST_LIFE_MS = 8_000;
/** A second at 10 pictures a second. */
const GOP_PICTURES = 10;

export const fault: Fault = {
  title:
    'a recorder killed at any moment leaves no unreadable file, loses at most one GOP of a camera, and after the next start the index is as the files are',
  requires: async () => undefined,
  async run(report) {
    await using trial = await Trial.make({ cameras: CAMERAS, archive: { segmentLength: '5s' } });
    let mostLost = 0;
    let killedWhileRecording = 0;
    let problems = 0;
    let troubles = '';
    for (let kills = 0; kills < KILLS; kills += 1) {
      report(
        kills / KILLS,
        `kill ${kills + 1} of ${KILLS}, most lost ${mostLost} pictures, ${problems} problems`,
      );
      const lost = await killOne(trial);
      killedWhileRecording += lost.length;
      mostLost = Math.max(mostLost, ...lost);
      if ((kills + 1) % CHECKED_EACH !== 0) continue;
      await using preroll = await trial.record();
      if (!endedWell(await preroll.interrupt())) problems += 1;
      if (/ ERROR /.test(preroll.stderr)) problems += 1;
      const findings = await examineWhole(trial.archive, trial.database);
      problems += findings.problems.length;
      troubles ||= problemText(findings);
    }
    const footage = await judgeFootage([trial.archive], trial.cameras.keys());
    const { files, broken, frames, doubled, reordered } = footage;
    return {
      ok: broken + doubled + reordered + problems === 0 && mostLost <= GOP_PICTURES,
      figures: {
        kills: KILLS,
        cameras: CAMERAS,
        'files being written when killed': killedWhileRecording,
        files,
        'unreadable files': broken,
        frames,
        'doubled or reordered': doubled + reordered,
        'pictures in a GOP': GOP_PICTURES,
        'most pictures lost': mostLost,
        'problems after a restart': problems,
        ...(troubles === '' ? {} : { found: troubles }),
      },
    };
  },
};

/** @returns how many pictures each camera lost that was being recorded. */
async function killOne(trial: Trial): Promise<readonly number[]> {
  await using preroll = PrerollProcess.start(['run'], { folder: trial.folder });
  await delay(Math.random() * LONGEST_LIFE_MS);
  const sent = new Map(Array.from(trial.cameras, ([name, camera]) => [name, camera.framesSent()]));
  preroll.signal('SIGKILL');
  await preroll.ended;
  const lost: number[] = [];
  for (const [name, count] of sent) {
    if (!preroll.stderr.includes(`[${name}] recording to`)) continue;
    const last = await lastRecorded(trial.archive, name);
    if (last !== undefined) lost.push(Math.max(0, count - last.number));
  }
  return lost;
}
