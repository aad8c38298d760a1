/** How loud a tenth of a second was, in dBFS: 0 is full scale, which a square wave has, and a sine's mean 3 less. */
export interface SoundLevel {
  /** When it began, in seconds of the run's media time. */
  readonly seconds: number;
  /** Root of the mean square; `QUIETEST_DBFS` for silence. */
  readonly rmsDbfs: number;
  /** Of the highest sample. */
  readonly peakDbfs: number;
}

/** Less is not told apart: the noise of 16 bits. */
export const QUIETEST_DBFS = -96;
/** What a level is of. */
export const LEVEL_SECONDS = 0.1;

/** @param amplitude 0..1 */
export function dbfs(amplitude: number): number {
  return Math.max(QUIETEST_DBFS, Math.round(200 * Math.log10(amplitude)) / 10);
}
