import type { Fault } from './fault.ts';
import { addOldRecordings, recordSample } from './old-recordings.ts';
import { endedWell, footageFigures, isWhole, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 4;
const RECORDINGS = 10_000;
const CLIP = { widthPx: 640, heightPx: 360, bitrateBps: 1_000_000 };

export const fault: Fault = {
  title: '10,000 recordings are deleted beside four cameras without a lost picture',
  requires: async () => undefined,
  async run(report) {
    await using trial = await Trial.make({
      cameras: CAMERAS,
      clip: CLIP,
      archive: { segmentLength: '5s' },
      retention: { continuousMaxAge: '1d' },
    });
    report(0, 'making old recordings');
    await addOldRecordings(trial, await recordSample(CLIP), RECORDINGS / CAMERAS);
    report(0.6, 'recording, and deleting');
    await using preroll = await trial.record();
    const startMs = performance.now();
    await preroll.says(` deleted ${RECORDINGS} recordings`);
    const seconds = (performance.now() - startMs) / 1000;
    report(0.9, 'deleted');
    await preroll.says(/\] recorded /, 2 * CAMERAS);
    const ended = await preroll.interrupt();
    const footage = await judgeFootage([trial.archive], trial.cameras.keys());
    return {
      ok: endedWell(ended) && isWhole(footage),
      figures: {
        deleted: RECORDINGS,
        'seconds it took': Math.round(seconds * 10) / 10,
        cameras: CAMERAS,
        ...footageFigures(footage),
      },
    };
  },
};
