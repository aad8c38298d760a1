import type { IndexWrite } from './index-write.ts';

/**
 * Changes that wait to be written, in order. What is told again replaces what waits, so that a recorder that goes on
 * telling of 64 files while the index is locked fills no memory; only what is new does. Beyond the bound the oldest
 * changes are dropped and counted: the files hold the same, and the newest rows are those that nothing else will tell.
 */
export class WriteQueue {
  readonly #maxBytes: number;
  /** In order of insertion: those that may be replaced by their key, the others by their number. */
  #waiting = new Map<string, IndexWrite>();
  #sizeBytes = 0;
  /** Counts what keys are not to be replaced across. */
  #stretch = 0;
  #dropped = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** About how much memory they hold. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  add(write: IndexWrite): void {
    const key = this.#keyOf(write);
    const before = this.#waiting.get(key);
    const kept = before === undefined ? write : replaced(before, write);
    this.#sizeBytes += sizeOf(kept) - (before === undefined ? 0 : sizeOf(before));
    this.#waiting.set(key, kept);
    this.#dropOldest();
  }

  /** Everything that waits; the queue is empty then. */
  take(): readonly IndexWrite[] {
    const taken = [...this.#waiting.values()];
    this.#waiting = new Map();
    this.#sizeBytes = 0;
    return taken;
  }

  /** Puts what was taken back in front. */
  giveBack(taken: readonly IndexWrite[]): void {
    const since = this.take();
    for (const write of [...taken, ...since]) this.add(write);
  }

  /** How many changes were dropped since this was asked last. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  #dropOldest(): void {
    for (const [key, write] of this.#waiting) {
      if (this.#sizeBytes <= this.#maxBytes) return;
      this.#waiting.delete(key);
      this.#sizeBytes -= sizeOf(write);
      this.#dropped += 1;
    }
  }

  /**
   * Records whose order does not matter among each other have a key. Changes to what is there already have to stay
   * behind what was told before them, and before what is told after.
   */
  #keyOf(write: IndexWrite): string {
    switch (write.type) {
      case 'volume':
        return this.#key(write.type, write.volume.id);
      case 'run':
        return this.#key(write.type, write.run.camera, write.run.startWallMs);
      case 'segment':
        return this.#key(write.type, write.segment.volume, write.segment.path);
      case 'event':
        return this.#key(write.type, write.event.camera, write.event.triggerWallMs);
      case 'gap':
        return this.#key('gap', write.gap.camera, write.gap.startWallMs);
      case 'gap-withdrawn':
        return this.#key('gap', write.camera, write.startWallMs);
      case 'motion':
        return this.#key(write.type, write.motion.camera, write.motion.startWallMs);
      case 'fallback':
        return this.#key('fallback', write.fallback.camera, write.fallback.stream);
      case 'fallback-forgotten':
        return this.#key('fallback', write.camera, write.stream);
      case 'alive':
      case 'aged':
        return this.#key(write.type);
      case 'keep':
      case 'event-deleted':
      case 'discard':
      case 'discarded':
      case 'moved':
      default:
        this.#stretch += 2;
        return this.#key(write.type, this.#stretch - 1);
    }
  }

  #key(...parts: readonly (string | number)[]): string {
    return JSON.stringify([this.#stretch, ...parts]);
  }
}

/** What to tell instead of both. An event without a thumbnail, or not kept, does not take away what one before had. */
function replaced(before: IndexWrite, after: IndexWrite): IndexWrite {
  if (before.type !== 'event' || after.type !== 'event') return after;
  const { isKept, thumbnail } = before.event;
  const event = {
    ...after.event,
    isKept: isKept || after.event.isKept,
    thumbnail: after.event.thumbnail ?? thumbnail,
  };
  return { type: 'event', event };
}

/** Bytes of an object with a few fields, as V8 keeps it. */
const RECORD_BYTES = 512;
const FRAGMENT_BYTES = 96;
const FILE_BYTES = 256;

/** About what it holds in memory. */
function sizeOf(write: IndexWrite): number {
  switch (write.type) {
    case 'segment':
      return RECORD_BYTES + FRAGMENT_BYTES * write.segment.fragments.length;
    case 'event':
      return (
        RECORD_BYTES +
        2 * JSON.stringify(write.event.detail).length +
        (write.event.thumbnail?.byteLength ?? 0)
      );
    case 'gap':
      return RECORD_BYTES + 2 * write.gap.detail.length;
    case 'discard':
    case 'discarded':
      return RECORD_BYTES + FILE_BYTES * write.files.length;
    case 'motion':
      return RECORD_BYTES + write.motion.intensity.byteLength;
    case 'fallback':
      return RECORD_BYTES + 2 * write.fallback.reason.length;
    case 'volume':
    case 'run':
    case 'keep':
    case 'event-deleted':
    case 'gap-withdrawn':
    case 'fallback-forgotten':
    case 'alive':
    case 'aged':
    case 'moved':
    default:
      return RECORD_BYTES;
  }
}
