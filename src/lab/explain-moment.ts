import { describeError } from '../base/error.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { DetectorSettings } from '../motion/detector-settings.ts';
import { neededScore } from '../motion/needed-score.ts';
import { InputError } from './input-error.ts';
import type { Lane } from './lane.ts';
import { LiveExplainer } from './live-explainer.ts';
import type { MomentFinding, MomentOrder } from './moment-messages.ts';
import { replayFile } from './replay-file.ts';
import { VideoFile } from './video-file.ts';

/**
 * Replays recordings around a moment and tells each picture that the detector looks at. A file that cannot be read is told and left out.
 * @param lane explaining; @param settings of its detector.
 * @throws InputError when no file can be read; EncodeError; the signal's reason.
 */
export async function explainMoment(
  { files, fromWallMs, toWallMs }: Pick<MomentOrder, 'files' | 'fromWallMs' | 'toWallMs'>,
  lane: Lane,
  settings: DetectorSettings,
  tell: (finding: MomentFinding) => void,
  signal: AbortSignal,
): Promise<void> {
  using explainer = new LiveExplainer();
  let last: WallMs | undefined;
  let wasRead = true;
  let unread = 0;
  for (const file of files) {
    const opened = open(file.path);
    let isBeginning = !file.isContinued || !wasRead;
    wasRead = !(opened instanceof InputError);
    if (opened instanceof InputError) {
      unread++;
      if (unread === files.length) throw opened;
      tell({ type: 'unreadable', path: file.path, reason: describeError(opened) });
      continue;
    }
    using video = opened;
    video.skipTo(file.keyMs);
    await replayFile(video, {
      startWallMs: wallMs(file.startWallMs),
      show: (decoded, at) => {
        if (at >= toWallMs) return false;
        if (isBeginning || last === undefined) {
          if (last !== undefined) lane.end(last);
          lane.begin(at);
          isBeginning = false;
        }
        last = at;
        const moment = lane.take(decoded, at);
        if (moment === undefined || at < fromWallMs) return true;
        const { score, isMotion, analysedWidthPx, analysedHeightPx } = moment.sample;
        const needed = neededScore(settings, analysedWidthPx * analysedHeightPx);
        const jpeg = explainer.explain(decoded, moment);
        const picture = { wallMs: at, score, neededScore: needed, isMotion, jpeg };
        tell({ type: 'picture', picture });
        return true;
      },
      onProgress: () => undefined,
      signal,
    });
  }
}

/** What went wrong is given back: others can be read. */
function open(path: string): VideoFile | InputError {
  try {
    return new VideoFile(path);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}
