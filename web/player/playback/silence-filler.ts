import { readSpan, withoutTrack, type InitSegment, type SoundTrack } from './mp4.ts';
import { silentFragment, silentUnitOf, type SilentUnit } from './silent-fragment.ts';

/** Sound that is encoded comes up to so much later than the pictures of its time (design/sound.md). */
const LATE_MS = 2_000;
/** Less is no gap: files are a rounding apart, and cameras do not time their sound evenly. */
const SHORTEST_GAP_UNITS = 0.5;

/**
 * Puts silence where sound is missing beside pictures. Browsers play only where both are buffered, and behind a gap in the
 * sound, or sound whose time goes back, they drop pictures up to the next key picture (Media Source Extensions 3.5.8).
 *
 * Silence comes in whole units. The last one may reach into the sound behind it, where Chromium cuts it; with a shorter duration
 * it is played whole all the same, and everything behind it later by that much.
 */
export class SilenceFiller {
  #track: SoundTrack | undefined;
  #unit: SilentUnit | undefined;
  /** When the last unit of sound or silence begins, and when it ends; undefined before the first fragment. */
  #sound: { readonly lastMs: number; readonly endMs: number } | undefined;
  #picturesEndMs = Number.NEGATIVE_INFINITY;

  /** Begins anew, with a fragment that need not follow the ones before. */
  clear(): void {
    this.#sound = undefined;
    this.#picturesEndMs = Number.NEGATIVE_INFINITY;
  }

  /** Until when sound or silence goes; for ever where none can be missing. */
  get soundEndMs(): number {
    return this.#sound?.endMs ?? Number.POSITIVE_INFINITY;
  }

  /**
   * What is to be appended for a fragment, piece by piece. Silence goes up to its sound, or in a fragment without sound as far
   * as none can come any more.
   */
  fill(fragment: Uint8Array, { video, sound: track }: InitSegment): readonly Uint8Array[] {
    this.#track = track;
    this.#unit = track && silentUnitOf(track);
    const pictures = this.#unit && readSpan(fragment, video);
    if (track === undefined || pictures === undefined) {
      this.clear();
      return [fragment];
    }
    this.#picturesEndMs = pictures.toMs;
    this.#sound ??= { lastMs: Number.NEGATIVE_INFINITY, endMs: pictures.fromMs };
    const sound = readSpan(fragment, track);
    if (sound !== undefined && sound.fromMs > this.#sound.lastMs) {
      const silence = this.#silence(this.#unitsUntil(sound.fromMs));
      this.#sound = { lastMs: sound.lastMs, endMs: sound.toMs };
      return [...silence, fragment];
    }
    const silence = this.#silence(this.#wholeUnitsUntil(pictures.fromMs - LATE_MS));
    // Sound of a time at which there is silence already has come too late.
    return [...silence, sound === undefined ? fragment : withoutTrack(fragment, track)];
  }

  /** Silence up to the end of the pictures, where no more sound is waited for. */
  rest(): readonly Uint8Array[] {
    return this.#silence(this.#unitsUntil(this.#picturesEndMs));
  }

  /** Whether pictures go on at a moment at which sound does not. */
  isBehind(wallMs: number): boolean {
    return this.soundEndMs < wallMs && this.#unitsUntil(this.#picturesEndMs) > 0;
  }

  /** Those that leave no gap before a moment. */
  #unitsUntil(wallMs: number): number {
    const missing = this.#missingUnits(wallMs);
    return missing > SHORTEST_GAP_UNITS ? Math.ceil(missing) : 0;
  }

  /** Those that end by a moment. */
  #wholeUnitsUntil(wallMs: number): number {
    return Math.max(0, Math.floor(this.#missingUnits(wallMs)));
  }

  /** Not whole; less than none where sound goes beyond that moment. */
  #missingUnits(wallMs: number): number {
    if (this.#sound === undefined || this.#track === undefined || this.#unit === undefined) return 0;
    const missingMs = wallMs - this.#sound.endMs;
    return Math.round((missingMs * this.#track.clockRateHz) / 1000) / this.#unit.ticks;
  }

  #silence(units: number): readonly Uint8Array[] {
    const [track, unit, sound] = [this.#track, this.#unit, this.#sound];
    if (units === 0 || track === undefined || unit === undefined || sound === undefined) return [];
    const toMs = (ticks: number) => (ticks * 1000) / track.clockRateHz;
    const startTicks = Math.round((sound.endMs * track.clockRateHz) / 1000);
    const endTicks = startTicks + units * unit.ticks;
    this.#sound = { lastMs: toMs(endTicks - unit.ticks), endMs: toMs(endTicks) };
    return [silentFragment({ track, unit, units, startTicks })];
  }
}
