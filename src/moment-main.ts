import { fileURLToPath } from 'node:url';
import { detectionSettings } from './app/detection-settings.ts';
import { Detectors } from './app/detectors.ts';
import { silentLog } from './base/log.ts';
import { takeOrder } from './base/take-order.ts';
import { makeLane } from './cli/make-lane.ts';
import { settled } from './cli/recorded-footage.ts';
import { explainMoment } from './lab/explain-moment.ts';
import type { FromMomentExplainer, MomentOrder } from './lab/moment-messages.ts';

const KERNEL_FILE = fileURLToPath(new URL('kernel.wasm', import.meta.url));

/** The program that shows how a camera's detector sees what was recorded around a moment, picture after picture. */
takeOrder<FromMomentExplainer>('moment explainer', async (given, tell) => {
  // It is that of our own web server.
  const order = given as MomentOrder;
  using lane = makeLane(settled(order), new Detectors(silentLog, KERNEL_FILE), { isExplaining: true });
  const { signal } = new AbortController();
  const { detector } = detectionSettings(order.motion);
  await explainMoment(order, lane, detector, tell, signal);
  return { type: 'done' };
});
