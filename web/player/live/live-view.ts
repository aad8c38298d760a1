import type { FallbackReason, LiveErrorCode, LiveStreamName } from '../../../src/http/api/live.ts';

/**
 * - `connecting`: no picture has come yet, or not again;
 * - `live`; `behind`: as live as a slow link allows, pictures are left out;
 * - `camera-away`: the camera does not play, the last picture stays;
 * - `server-away`: the server is not reached, tried again;
 * - `resting`: nobody looks, so nothing is fetched;
 * - `refused`: there is nothing that could be played (`code` says why).
 */
export type LiveActivity =
  | { readonly kind: 'connecting' | 'live' | 'behind' | 'server-away' | 'resting' }
  | { readonly kind: 'camera-away'; readonly reason: string }
  | { readonly kind: 'refused'; readonly code: LiveErrorCode; readonly reason: string };

/** What is played. */
export interface PlayedTrack {
  readonly stream: LiveStreamName;
  /** Why it is not the stream that was asked for. */
  readonly because: FallbackReason | null;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A new object each time it changes, the same until then. */
export interface LiveView {
  readonly activity: LiveActivity;
  /** When the activity began, in ms since 1970. */
  readonly sinceMs: number;
  readonly track: PlayedTrack | undefined;
  /** Whether there is a picture on screen, be it an old one. */
  readonly hasPicture: boolean;
}

/** Holds a view and tells those who listen when it is another one. */
export class LiveViewStore {
  readonly #listeners = new Set<() => void>();
  #view: LiveView = {
    activity: { kind: 'connecting' },
    sinceMs: Date.now(),
    track: undefined,
    hasPicture: false,
  };

  readonly get = (): LiveView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  setActivity(activity: LiveActivity): void {
    if (isSame(activity, this.#view.activity)) return;
    this.#set({ ...this.#view, activity, sinceMs: Date.now() });
  }

  setTrack(track: PlayedTrack): void {
    this.#set({ ...this.#view, track });
  }

  setHasPicture(hasPicture: boolean): void {
    if (hasPicture !== this.#view.hasPicture) this.#set({ ...this.#view, hasPicture });
  }

  #set(view: LiveView): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }
}

function isSame(a: LiveActivity, b: LiveActivity): boolean {
  return a.kind === b.kind && reasonOf(a) === reasonOf(b);
}

function reasonOf(activity: LiveActivity): string {
  return 'reason' in activity ? activity.reason : '';
}
