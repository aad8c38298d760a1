import type { ToldGapDetail } from '../../../src/http/api/gap-detail.ts';

/*
 * The interface of the playback player: recordings of one camera or several on one clock of wall time. All moments are
 * milliseconds since the Unix epoch. The player knows no framework; a page gives it a box for each camera and draws the rest.
 */

/** Speeds that pages offer; any from 1/8 to 64 either way is taken. Negative ones play backward. */
export const RATES = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32, 64] as const;

/**
 * - `idle`: nothing was asked for yet;
 * - `seeking`: the picture that was asked for is on its way;
 * - `scrubbing`: pictures near the pointer are shown as they come;
 * - `paused`: the picture of the clock's moment is shown;
 * - `playing`; `waiting`: would play, and footage has not come yet;
 * - `end`: there is nothing more to play in this direction.
 */
export type Activity = 'idle' | 'seeking' | 'scrubbing' | 'paused' | 'playing' | 'waiting' | 'end';

/** Time without footage of a camera. */
export interface PlaybackGap extends ToldGapDetail {
  readonly fromMs: number;
  /** `Infinity` when nothing was recorded since. */
  readonly toMs: number;
  /** As the ledger names it (`GapCause`); where it does not, `present` of what is being recorded, else `unknown`. */
  readonly cause: string;
}

/** One camera, as the page should show it. */
export interface CameraView {
  readonly camera: string;
  /** When the picture on screen was recorded; undefined while there is none. */
  readonly pictureMs: number | undefined;
  /** Why there is no picture of the clock's moment. The last picture is hidden meanwhile. */
  readonly gap: PlaybackGap | undefined;
  /** Why footage that is there cannot be shown. */
  readonly problem: PlaybackProblem | undefined;
  /** Whether they are single pictures that the server decodes, for this browser does not. */
  readonly isServed: boolean;
  readonly hasSound: boolean;
  /** Size of its pictures, when known. */
  readonly size: { readonly widthPx: number; readonly heightPx: number } | undefined;
}

/** `missing`: the recording cannot be read; `forbidden`: this user may not see it; `network`: the server cannot be reached. */
export interface PlaybackProblem {
  readonly kind: 'missing' | 'forbidden' | 'network';
  readonly detail: string;
}

/** What changes now and then. A new object each time it changes, the same until then. The clock is read by `nowMs`. */
export interface PlaybackView {
  readonly activity: Activity;
  readonly rate: number;
  /** In the order in which they were given. */
  readonly cameras: readonly CameraView[];
}

/** Whether the pictures that are wanted have not come yet. */
export function isUnderWay(view: PlaybackView | undefined): boolean {
  return view === undefined || view.activity === 'seeking' || view.activity === 'waiting';
}

/** Where one camera is shown. */
export interface CameraPlace {
  readonly camera: string;
  /** Filled with a `<video>` and a `<canvas>` one over the other, which keep the picture's shape. Emptied by `dispose`. */
  readonly box: HTMLElement;
}

export interface PlayerOptions {
  /** One or several, in step. The first one with sound is heard. */
  readonly places: readonly CameraPlace[];
  /** Of the API, such as `api/`; relative addresses are those of the page. */
  readonly apiUrl: string;
}

/** Recordings on one clock. Each request replaces those that are under way. */
export interface Player {
  readonly view: PlaybackView;
  /** Calls `listener` after each change of `view`. @returns ends that. */
  subscribe(listener: () => void): () => void;
  /** Where the clock stands; while it plays, this goes on between two calls. Read it once per animation frame. */
  nowMs(): number;
  /**
   * Shows the pictures of that very moment. Goes on playing from there if it was playing.
   * @returns true when they are shown (or are known not to exist); false when something else was asked for meanwhile.
   */
  seek(wallMs: number): Promise<boolean>;
  /** For each movement of a pointer: shows the nearest key pictures at once, the newest request wins. End it with `seek`. */
  scrub(wallMs: number): void;
  /** From where the clock stands, at `rate`. */
  play(): void;
  /** Stops the clock and shows exactly the pictures of that moment. */
  pause(): void;
  /** At any time. 1 is as it was recorded, sound is heard; negative is backward. */
  setRate(rate: number): void;
  /** To the next picture (1) or the one before (-1) of the first camera; pauses. @returns as `seek`. */
  step(direction: 1 | -1): Promise<boolean>;
  /** 0..1; 0 at the beginning, since browsers let nothing play aloud that nobody touched. */
  setVolume(volume: number): void;
  /** Whether playing leaps over time of which no camera has footage (the default), or shows it as such. */
  setSkipsGaps(skips: boolean): void;
  /** Ends everything and empties the boxes. */
  dispose(): void;
}
