import { constants, setPriority } from 'node:os';
import { Detectors } from './app/detectors.ts';
import { describeError } from './base/error.ts';
import { silentLog } from './base/log.ts';
import { redactCredentials } from './base/redact.ts';
import { wallMs } from './base/time.ts';
import { makeLane } from './cli/make-lane.ts';
import { recordedFootage, settled } from './cli/recorded-footage.ts';
import { findCamera } from './cli/trial-config.ts';
import type { CameraConfig, Config } from './config/config.ts';
import { loadConfig } from './config/load.ts';
import type { Event } from './event/event.ts';
import { compareReplays } from './lab/compare-replays.ts';
import { InputError } from './lab/input-error.ts';
import {
  trialResult,
  type FromMotionTrial,
  type MotionTrialOrder,
  type TrialResult,
  type TrialSpan,
} from './settings/motion-trial-messages.ts';

/**
 * The program that looks at a camera's recordings with the settings in force and with others, as `preroll tune` does. It takes
 * one order over its channel, tells how far it is and what it found, and ends; also when that channel closes.
 */
if (process.send === undefined) {
  process.stderr.write('motion trial: this program is started by preroll, not by hand.\n');
  process.exit(2);
}

const TELL_EVERY_MS = 250;
const tell = (message: FromMotionTrial, then = () => undefined) => void process.send?.(message, then);

async function compare(order: MotionTrialOrder): Promise<TrialResult> {
  const { configPath: path, configFlags: flags, triedText, fromMs, toMs } = order;
  const sources = { path, flags, environment: process.env };
  const present = await loadConfig(sources);
  const tried = await loadConfig({ ...sources, text: triedText });
  const span = { from: wallMs(fromMs), to: wallMs(toMs) };
  const files = await recordedFootage(present.archive.volumes, order.camera, span);
  const detectors = new Detectors(silentLog);
  using presentLane = makeLane(settled(cameraOf(present, order.camera)), detectors, { isExplaining: false });
  using triedLane = makeLane(settled(cameraOf(tried, order.camera)), detectors, { isExplaining: false });
  let toldAtMs = -Infinity;
  const onProgress = (share: number): void => {
    const nowMs = performance.now();
    if (nowMs - toldAtMs < TELL_EVERY_MS) return;
    toldAtMs = nowMs;
    tell({ type: 'progress', share });
  };
  const { signal } = new AbortController();
  const { rows, failures, mediaSeconds } = await compareReplays(
    files,
    [presentLane, triedLane],
    onProgress,
    signal,
  );
  const compared = rows.map(({ events }) => ({
    verdict: events.verdict,
    present: events.present.map(spanOf),
    tried: events.tried.map(spanOf),
  }));
  return trialResult(compared, {
    files: files.length,
    mediaMs: 1_000 * mediaSeconds,
    failures: failures.map(redactCredentials),
  });
}

function cameraOf(config: Config, name: string): CameraConfig {
  const found = findCamera(config, name);
  if (found === undefined) throw new InputError('missing', `${name}: expected a camera, found none`);
  return found;
}

function spanOf({ triggerWallMs, untilWallMs }: Event): TrialSpan {
  return { startMs: triggerWallMs, endMs: untilWallMs };
}

// Recording and analysis come first.
setPriority(constants.priority.PRIORITY_LOW);
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.once('message', (order) => {
  const leave = () => process.exit(0);
  // The order is that of our own web server.
  compare(order as MotionTrialOrder).then(
    (result) => tell({ type: 'result', result }, leave),
    (error: unknown) => tell({ type: 'failed', reason: redactCredentials(describeError(error)) }, leave),
  );
});
