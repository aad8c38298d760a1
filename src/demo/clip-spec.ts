import type { VideoCodecName } from '../media/packet.ts';
import { YARD_VERSION, type YardOptions } from './yard.ts';

/** Which yard to draw and how to encode it. */
export interface ClipSpec extends YardOptions {
  readonly codec: VideoCodecName;
  /** Bits a second on average. */
  readonly bitrateBps: number;
  /** From one key picture to the next. */
  readonly gopSeconds: number;
  /** B frames in a row between others, 0..3; H.264 and H.265 only. */
  readonly bFrames: number;
  /** Refreshed stripe by stripe, with a recovery point a GOP in the place of a key picture; H.264 only. */
  readonly isRefreshed?: boolean;
  /** With a short beep a second, as AAC. */
  readonly hasSound: boolean;
}

/** The name of the cache file: equal specifications have equal names, and another yard has another. */
export function clipFileName(spec: ClipSpec): string {
  const kilobits = Math.round(spec.bitrateBps / 1000);
  const parts = [
    `yard${YARD_VERSION}`,
    `v${spec.variant}`,
    `${spec.widthPx}x${spec.heightPx}`,
    `${spec.rateFps}fps`,
    spec.codec,
    `${kilobits}k`,
    `gop${spec.gopSeconds}`,
    `b${spec.bFrames}`,
    `${spec.loopSeconds}s`,
  ];
  const marks = [
    ...(spec.hasSound ? ['sound'] : []),
    ...(spec.isRefreshed === true ? ['refreshed'] : []),
    ...(spec.isDeserted === true ? ['deserted'] : []),
  ];
  return `${[...parts, ...marks].join('-')}.clip`;
}
