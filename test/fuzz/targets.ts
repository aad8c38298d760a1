import { mp4Target } from './mp4-target.ts';
import { parameterSetTargets } from './parameter-set-targets.ts';
import { rtcpTarget, rtpTarget } from './packet-targets.ts';
import { interleavedTarget, messageTarget } from './stream-targets.ts';
import { serverTarget } from './server-target.ts';
import type { FuzzTarget } from './target.ts';
import { challengeTarget, headersTarget, sdpTarget, urlTarget } from './text-targets.ts';
import { trackTargets } from './track-targets.ts';

/** Everything that reads what a camera (or, for the server, a client) sends. */
export const TARGETS: readonly FuzzTarget[] = [
  messageTarget,
  headersTarget,
  challengeTarget,
  urlTarget,
  sdpTarget,
  interleavedTarget,
  serverTarget,
  rtpTarget,
  rtcpTarget,
  ...trackTargets,
  ...parameterSetTargets,
  mp4Target,
];

/** How many of `total` inputs a target gets; all together they are exactly `total`. */
export function inputsOf(target: FuzzTarget, total: number): number {
  const shares = TARGETS.reduce((sum, { share }) => sum + share, 0);
  const of = ({ share }: FuzzTarget) => Math.floor((total * share) / shares);
  const left = total - TARGETS.reduce((sum, each) => sum + of(each), 0);
  return of(target) + (TARGETS.indexOf(target) === 0 ? left : 0);
}
