import { setTimeout as delay } from 'node:timers/promises';
import type { FaultReport, FaultResult } from './fault.ts';
import { agreementFigures, agrees, judgeIndex } from './index-agreement.ts';
import { endedWell, footageFigures, isWhole, judgeFootage, Trial } from './trial.ts';

const CAMERAS = 16;
const REPORT_MS = 30_000;

/** 16 cameras of two streams each, recorded and analysed for so long. */
export async function recordManyCameras(minutes: number, report: FaultReport): Promise<FaultResult> {
  await using trial = await Trial.make({
    cameras: CAMERAS,
    hasSub: true,
    clip: { rateFps: 25, bitrateBps: 500_000 },
    archive: { segmentLength: '60s' },
  });
  await using preroll = await trial.record();
  const lengthMs = minutes * 60_000;
  const startMs = performance.now();
  for (let passedMs = 0; passedMs < lengthMs; passedMs = performance.now() - startMs) {
    report(passedMs / lengthMs, `${Math.round(passedMs / 60_000)} of ${minutes} min`);
    await delay(Math.min(REPORT_MS, lengthMs - passedMs));
  }
  const sent = [...trial.cameras.values()].reduce((sum, camera) => sum + camera.framesSent(), 0);
  const ended = await preroll.interrupt();
  const footage = await judgeFootage([trial.archive], trial.cameras.keys());
  const agreement = await judgeIndex(trial.database, [trial.archive]);
  return {
    ok: endedWell(ended) && agrees(agreement) && isWhole(footage) && footage.frames > 0.99 * sent,
    figures: {
      cameras: CAMERAS,
      streams: 2 * CAMERAS,
      minutes,
      ...footageFigures(footage),
      ...agreementFigures(agreement),
    },
  };
}
