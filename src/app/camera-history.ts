import { wallMs, type WallMs } from '../base/time.ts';
import type { IndexWrite } from '../db/index-write.ts';
import type { SegmentRecord } from '../db/records.ts';
import type { Event } from '../event/event.ts';
import { eventRecord } from '../event/event-record.ts';
import { MotionMeter } from '../event/motion-meter.ts';
import type { Run, RunEnd } from '../media/run.ts';
import type { MotionSample } from '../motion/motion-sample.ts';

/**
 * Tells the index what happens to one camera: what begins or ends at once, what grows when it is asked to. Commits cost the
 * recorder milliseconds, and what the index does not know of a file it learns from that, if it comes to that.
 */
export class CameraHistory {
  readonly #camera: string;
  readonly #tell: (write: IndexWrite) => void;
  /** What the index does not know yet of the files that grow, by path. */
  readonly #grown = new Map<string, SegmentRecord>();
  readonly #meter: MotionMeter;
  #lastEvent: Event | undefined;

  /** @param tell takes changes of the index; never throws and never waits. */
  constructor(camera: string, tell: (write: IndexWrite) => void) {
    this.#camera = camera;
    this.#meter = new MotionMeter(camera);
    this.#tell = tell;
  }

  runStarted({ startWallMs }: Run): void {
    const open = { endWallMs: undefined, endKind: undefined, endMessage: undefined };
    this.#tell({ type: 'run', run: { camera: this.#camera, startWallMs, ...open } });
  }

  /** @param lastWallMs of its last picture: the host's clock may have jumped since. */
  runEnded({ startWallMs }: Run, lastWallMs: WallMs, { kind, message }: RunEnd): void {
    const endWallMs = wallMs(Math.floor(Math.max(startWallMs, lastWallMs)));
    const end = { endWallMs, endKind: kind, endMessage: message };
    this.#tell({ type: 'run', run: { camera: this.#camera, startWallMs, ...end } });
  }

  /** So much of a file is on disk. */
  segment(segment: SegmentRecord): void {
    if (segment.isOpen) {
      this.#grown.set(segment.path, segment);
      return;
    }
    this.#grown.delete(segment.path);
    this.#tell({ type: 'segment', segment });
  }

  /** A detector said this about a picture. */
  sample(sample: MotionSample): void {
    const motion = this.#meter.sample(sample);
    if (motion !== undefined) this.#tell({ type: 'motion', motion });
  }

  eventOpened(event: Event): void {
    this.#lastEvent = event;
    this.#tell({ type: 'event', event: eventRecord(event, 'open') });
  }

  eventClosed(event: Event): void {
    this.#lastEvent = undefined;
    this.#tell({ type: 'event', event: eventRecord(event, 'closed') });
  }

  /**
   * Tells what has grown since the last time.
   * @param open the event going on, if any, as it is now.
   * @returns whether that has grown.
   */
  tellGrowth(open: Event | undefined): boolean {
    for (const segment of this.#grown.values()) this.#tell({ type: 'segment', segment });
    this.#grown.clear();
    if (open === undefined || open === this.#lastEvent) return false;
    this.eventOpened(open);
    return true;
  }
}
