import type { LogFields } from '../base/log.ts';
import { RunClock } from '../base/run-clock.ts';
import { wallMs, type MonotonicMs, type WallMs } from '../base/time.ts';
import { shownAtMs, type Packet } from './packet.ts';

/** One unbroken stretch of a stream, with the mapping of its media time to wall time. */
export interface Run {
  /** Counts the stream's runs since the process started, from 1. */
  readonly ordinal: number;
  /** Whole: files and index know the run by it. */
  readonly startWallMs: WallMs;
  readonly clock: RunClock;
}

/** Why a run ended: `stopped` by us, `clock-jump`, or the kind of the error that ended it. */
export interface RunEnd {
  readonly kind: string;
  readonly message: string;
  /** What a log line about it should carry: camera, connection, positions. */
  readonly fields: LogFields;
}

/** What a stream delivers to. Calls come in order: `runStarted`, `packet` …, `runEnded`, and again. */
export interface StreamSink {
  runStarted(run: Run): void;
  /** The first packet of a run is a key picture. */
  packet(packet: Packet, run: Run): void;
  runEnded(run: Run, end: RunEnd): void;
}

/** @param mediaMs media time of the run's first packet. */
export function startRun(
  ordinal: number,
  mediaMs: number,
  arrived: { readonly wall: WallMs; readonly monotonic: MonotonicMs },
): Run {
  return { ordinal, startWallMs: wallMs(Math.floor(arrived.wall)), clock: new RunClock(mediaMs, arrived) };
}

/** When a packet is shown, in wall time. */
export function wallOfPacket(packet: Packet, run: Run): WallMs {
  return run.clock.wallOf(shownAtMs(packet));
}
