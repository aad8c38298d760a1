import { wallMs, type WallMs } from '../../base/time.ts';
import { bytesEqual } from '../nal.ts';
import { box, bytes, i64, u32, u64, type Part } from './box.ts';
import { readFullBoxHead, type ChildBox } from './box-reader.ts';
import type { FileTimeline } from './file-timeline.ts';

/** What a file of ours says about its place in time, so that it can be put in order without any index. */
export interface RunPosition {
  /** The wall time of the file's 0:00. */
  readonly createdAt: WallMs;
  /** When its run began, on the host's clock: the same in all files of a run, so that they are known to belong together. */
  readonly runStartWallMs: WallMs;
  readonly timeline: FileTimeline;
}

/** Marks our box among the `uuid` boxes of ISO 14496-12 11.1: 16 random bytes. Players skip it. */
export const RUN_POSITION_UUID = Uint8Array.of(
  0x5a,
  0x1c,
  0xe2,
  0x07,
  0x9b,
  0x44,
  0x4d,
  0xd1,
  0xa6,
  0x3f,
  0x70,
  0x8e,
  0x12,
  0xc5,
  0xbb,
  0x39,
);

/**
 * Version (1) and flags (zero), then the wall time in ms since the Unix epoch (u64), the time line's clock rate (u32)
 * and start (i64). Version 0 ends here; then come the wall time of the run's start (u64), and at the end of the file's
 * header its checksum (u32), which `sealHead` fills in.
 */
export function runPositionBox({ createdAt, timeline, runStartWallMs }: RunPosition): Part {
  return box(
    'uuid',
    bytes(RUN_POSITION_UUID),
    u32(0x01000000),
    u64(Math.max(0, Math.floor(createdAt))),
    u32(timeline.clockRateHz),
    i64(timeline.startTicks),
    u64(Math.max(0, Math.floor(runStartWallMs))),
    u32(0),
  );
}

/** From the start of that UUID to the end of its box, since version 1. */
export const RUN_POSITION_BYTES = 16 + 4 + 8 + 4 + 8 + 8 + 4;

/** What `runPositionBox` wrote. */
export interface ReadRunPosition extends RunPosition {
  /** Whether the header ends with its checksum. */
  readonly isSealed: boolean;
}

/** What `runPositionBox` wrote among these boxes; undefined in a file that is not ours. */
export function readRunPosition(boxes: readonly ChildBox[]): ReadRunPosition | undefined {
  for (const { type, content } of boxes) {
    if (type !== 'uuid' || !bytesEqual(content.take(RUN_POSITION_UUID.byteLength), RUN_POSITION_UUID))
      continue;
    const { version } = readFullBoxHead(content);
    if (version > 1) continue;
    const createdAt = wallMs(content.u64());
    const clockRateHz = content.u32();
    if (clockRateHz === 0) throw content.malformed('a time line without a clock');
    const timeline = { clockRateHz, startTicks: content.i64() };
    const runStartWallMs = version === 1 ? wallMs(content.u64()) : runStartFrom(createdAt, timeline);
    // Where a tool has put more behind it, the header ends with something else.
    const isSealed = version === 1 && content === boxes.at(-1)?.content;
    return { createdAt, timeline, runStartWallMs, isSealed };
  }
  return undefined;
}

/** As exact as a clock that is never steered would make it. */
function runStartFrom(createdAt: WallMs, { startTicks, clockRateHz }: FileTimeline): WallMs {
  return wallMs(Math.round(createdAt - (startTicks / clockRateHz) * 1000));
}
