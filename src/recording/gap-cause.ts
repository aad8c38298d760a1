import type { GapCause } from '../db/records.ts';
import type { RunEnd } from '../media/run.ts';
import type { RtspErrorKind } from '../rtsp/error.ts';
import type { Reason } from './missing-time.ts';

const CAUSES: Readonly<Record<RtspErrorKind | 'clock-jump' | 'stopped', GapCause>> = {
  connect: 'unreachable',
  // Connected, and no answer or no media.
  timeout: 'stalled',
  stall: 'stalled',
  protocol: 'camera',
  auth: 'camera',
  refused: 'camera',
  closed: 'camera',
  unsupported: 'camera',
  // A jump of the camera's time.
  media: 'clock',
  'clock-jump': 'clock',
  stopped: 'shutdown',
};

/** Why there is no footage after a run, or an attempt at one, has ended so. */
export function reasonOfEnd({ kind, message }: RunEnd): Reason {
  return { cause: isKnown(kind) ? CAUSES[kind] : 'camera', detail: message };
}

function isKnown(kind: string): kind is keyof typeof CAUSES {
  return Object.hasOwn(CAUSES, kind);
}
