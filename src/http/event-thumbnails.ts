import type { EventRecord } from '../db/records.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { PictureMaker } from '../picture/picture-maker.ts';
import type { Footage } from '../playback/footage.ts';

export interface EventThumbnailsOptions {
  readonly footage: Pick<Footage, 'keyAt'>;
  readonly pictures: Pick<PictureMaker, 'make'>;
}

/** About 10 MB. */
const MOST_KEPT = 600;

/** Small pictures of events, made of their footage when they are asked for first. */
export class EventThumbnails {
  readonly #options: EventThumbnailsOptions;
  /** The one that was asked for last comes last. */
  readonly #kept = new Map<string, Promise<Uint8Array | undefined>>();

  constructor(options: EventThumbnailsOptions) {
    this.#options = options;
  }

  /**
   * JPEG; undefined where there is no footage.
   * @param at a moment of the event; without it the one that shows most.
   * @throws PictureError, IndexError.
   */
  async picture(event: EventRecord, maxWidthPx: number, at?: WallMs): Promise<Uint8Array | undefined> {
    // What is shown of an event that goes on may turn out to be another moment when it has ended.
    const key = JSON.stringify([event.camera, event.triggerWallMs, event.isOpen, maxWidthPx, at]);
    const making = this.#kept.get(key) ?? this.#make(event, maxWidthPx, at ?? bestMomentOf(event));
    this.#kept.delete(key);
    this.#kept.set(key, making);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    try {
      const picture = await making;
      if (picture === undefined) this.#kept.delete(key);
      return picture;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }

  async #make(event: EventRecord, maxWidthPx: number, at: WallMs): Promise<Uint8Array | undefined> {
    const { footage, pictures } = this.#options;
    const key =
      (await footage.keyAt(event.camera, at)) ?? (await footage.keyAt(event.camera, event.triggerWallMs));
    if (key === undefined) return undefined;
    return await pictures.make({ ...key, maxWidthPx });
  }
}

/**
 * Key pictures are often two seconds apart, and the one before a moment is shown: of a moment so much later that is the one
 * closest to it. The one before may lie before the trigger, with nobody in sight yet.
 */
const HALF_A_GOP_MS = 1_000;

/** Where most moved, if the event tells; else a little after it began: at its trigger somebody has only just come in. */
function bestMomentOf({ detail, triggerWallMs, untilWallMs }: EventRecord): WallMs {
  const { peak } = detail;
  const time =
    typeof peak === 'object' && peak !== null && 'time' in peak ? Date.parse(String(peak.time)) : NaN;
  const best = Number.isNaN(time) ? triggerWallMs + 1_000 : time;
  return wallMs(Math.min(best + HALF_A_GOP_MS, untilWallMs));
}
