import type { Clock } from '../base/clock.ts';
import { PrerollError } from '../base/error.ts';
import { patience } from '../base/watchdog.ts';
import type { PacketRecord } from '../media/packet-records.ts';
import type { RecorderLink, WatchedStream } from '../control/recorder-link.ts';
import { isVideo, type VideoPacket } from '../media/packet.ts';
import { isGradual } from '../media/recovery-point.ts';
import type { PictureMaker } from '../picture/picture-maker.ts';

/** There is no picture of now: the camera does not play. */
export class NoPictureError extends PrerollError {
  readonly kind = 'no-picture';
}

export interface SnapshotOptions {
  readonly watched: WatchedStream;
  /** The greatest width. */
  readonly maxWidthPx: number;
  readonly link: RecorderLink;
  readonly pictures: Pick<PictureMaker, 'make'>;
  readonly clock: Clock;
}

export interface Snapshot {
  readonly jpeg: Uint8Array;
  /** When it was taken. */
  readonly wallMs: number;
}

/** A camera that is just connecting may need so long to its first picture. */
const PATIENCE_MS = 6_000;

/**
 * The camera's picture of now as JPEG.
 * @throws NoPictureError; PictureError; ControlError when there is no recorder or camera; the signal's reason.
 */
export async function takeSnapshot(options: SnapshotOptions, signal: AbortSignal): Promise<Snapshot> {
  const { maxWidthPx, pictures, watched } = options;
  const gop = await currentGop(options, signal);
  const [first] = gop;
  const last = gop.at(-1);
  if (first === undefined || last === undefined) {
    throw new NoPictureError(`taking a picture of ${watched.camera}: it sends none at present`);
  }
  const packets = gop.map(({ packet: { isKey, pts, dts, data } }) => ({ isKey, pts, dts, data }));
  const jpeg = await pictures.make({ track: first.packet.track, packets, maxWidthPx });
  return { jpeg, wallMs: last.wallMs };
}

interface Timed {
  readonly packet: VideoPacket;
  readonly wallMs: number;
}

/** From the last key picture on; waits for one where there is none. Empty when none comes. */
async function currentGop(
  { watched, link, clock }: SnapshotOptions,
  signal: AbortSignal,
): Promise<readonly Timed[]> {
  const enough = new AbortController();
  const stop = AbortSignal.any([enough.signal, signal]);
  void patience(clock, PATIENCE_MS, stop).then(
    () => enough.abort(),
    () => undefined,
  );
  let gop: Timed[] = [];
  let isCaughtUp = false;
  const take = (record: PacketRecord) => {
    if (record.kind === 'run') gop = [];
    if (record.kind === 'caught-up') isCaughtUp = true;
    if (record.kind === 'packet' && isVideo(record.packet)) {
      // Refreshed stripe by stripe, it is whole only behind the one before.
      if (record.packet.isKey && !isGradual(record.packet)) gop = [];
      if (gop.length > 0 || record.packet.isKey) gop.push({ packet: record.packet, wallMs: record.wallMs });
    }
    if (isCaughtUp && gop.length > 0) enough.abort();
  };
  await link.watch(watched, take, stop);
  signal.throwIfAborted();
  return gop;
}
