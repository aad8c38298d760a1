import { fileURLToPath } from 'node:url';
import { Detectors } from './app/detectors.ts';
import { silentLog } from './base/log.ts';
import { redactCredentials } from './base/redact.ts';
import { takeOrder } from './base/take-order.ts';
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

const KERNEL_FILE = fileURLToPath(new URL('kernel.wasm', import.meta.url));
const TELL_EVERY_MS = 250;

async function compare(
  order: MotionTrialOrder,
  tell: (message: FromMotionTrial) => void,
): Promise<TrialResult> {
  const { configPath: path, configFlags: flags, triedText, fromMs, toMs } = order;
  const sources = { path, flags, environment: process.env };
  const present = await loadConfig(sources);
  const tried = await loadConfig({ ...sources, text: triedText });
  const span = { from: wallMs(fromMs), to: wallMs(toMs) };
  const files = await recordedFootage(present.archive.volumes, order.camera, span);
  const detectors = new Detectors(silentLog, KERNEL_FILE);
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

/**
 * The program that looks at a camera's recordings with the settings in force and with others, as `preroll tune` does, and tells how
 * far it is meanwhile.
 */
takeOrder<FromMotionTrial>('motion trial', async (order, tell) => ({
  type: 'result',
  // It is that of our own web server.
  result: await compare(order as MotionTrialOrder, tell),
}));
