import type { IndexWrite } from '../db/index-write.ts';
import type { SegmentRecord } from '../db/records.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { Event } from '../event/event.ts';
import { eventRecord } from '../event/event-record.ts';
import type { Run, RunEnd } from '../media/run.ts';

/** Tells the index what happens to one camera. */
export class CameraHistory {
  readonly #camera: string;
  readonly #tell: (write: IndexWrite) => void;
  #lastTold: Event | undefined;

  /** @param tell takes changes of the index; never throws and never waits. */
  constructor(camera: string, tell: (write: IndexWrite) => void) {
    this.#camera = camera;
    this.#tell = tell;
  }

  runStarted({ startWallMs }: Run): void {
    const run = { camera: this.#camera, startWallMs };
    this.#tell({
      type: 'run',
      run: { ...run, endWallMs: undefined, endKind: undefined, endMessage: undefined },
    });
  }

  /** @param lastWallMs of its last picture: the host's clock may have jumped since. */
  runEnded({ startWallMs }: Run, lastWallMs: WallMs, { kind, message }: RunEnd): void {
    const endWallMs = wallMs(Math.floor(Math.max(startWallMs, lastWallMs)));
    const run = { camera: this.#camera, startWallMs, endWallMs, endKind: kind, endMessage: message };
    this.#tell({ type: 'run', run });
  }

  segment(segment: SegmentRecord): void {
    this.#tell({ type: 'segment', segment });
  }

  /** The event going on, if any, is as it is now. To be called often: only what is new is told. */
  event(open: Event | undefined): void {
    if (open === undefined || open === this.#lastTold) return;
    this.#lastTold = open;
    this.#tell({ type: 'event', event: eventRecord(open, 'open') });
  }

  eventClosed(event: Event): void {
    this.#lastTold = undefined;
    this.#tell({ type: 'event', event: eventRecord(event, 'closed') });
  }
}
