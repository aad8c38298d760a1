import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { MountNamespace } from './mount-namespace.ts';
import { missingFor } from './run-program.ts';
import { endedWell, footageFigures, isWhole, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 4;
const AWAY_MS = 15_000;

export const fault: Fault = {
  title:
    'a disk that goes away while recording costs no picture where there is another one, and is used again when it is back',
  requires: () => missingFor({ programs: ['unshare', 'nsenter', 'mount'], isRoot: true }),
  async run(report) {
    await using trial = await Trial.make({
      cameras: CAMERAS,
      archive: { segmentLength: '5s', volumes: [{ path: './second' }] },
    });
    // The archive is a second view of the disk: what goes away is the view, what was being written is still there.
    const disk = join(trial.folder, 'disk');
    await using space = await MountNamespace.withTmpfs(disk, 64);
    await mkdir(space.seen(join(disk, 'archive')));
    await trial.makeArchive();
    const mount = () => space.run('mount', '--bind', join(disk, 'archive'), trial.archive);
    await mount();
    const second = join(trial.folder, 'second');
    await using preroll = await trial.record({ through: space.enter(trial.folder) });
    report(0.2, 'the disk goes away');
    await space.run('umount', '--lazy', trial.archive);
    await preroll.says(`recording to ${second}/`, CAMERAS);
    await delay(AWAY_MS);
    const strays = (await readdir(space.seen(trial.archive))).length;
    report(0.6, 'the disk is back');
    await mount();
    const before = preroll.stderr.split(`recording to ${trial.archive}/`).length - 1;
    await preroll.says(`recording to ${trial.archive}/`, before + CAMERAS);
    const { stderr } = preroll;
    const ended = await preroll.interrupt();
    const folders = [space.seen(join(disk, 'archive')), space.seen(second)];
    const footage = await judgeFootage(folders, trial.cameras.keys());
    const told = stderr.split('is the disk mounted?').length - 1;
    return {
      ok: endedWell(ended) && isWhole(footage) && strays === 0 && told === 1,
      figures: {
        cameras: CAMERAS,
        ...footageFigures(footage),
        'files on the second disk': stderr.split(`recording to ${second}/`).length - 1,
        'files in the empty folder': strays,
        'times told': told,
      },
    };
  },
};
