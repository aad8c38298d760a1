import type { WallMs } from '../base/time.ts';

const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;
const HOURS_A_WEEK = 168;

/** How far back footage tells what is recorded nowadays. */
const MEASURED_HOURS = 4 * HOURS_A_WEEK;

/** A trend counts when it is so many times as large as its standard error, and is not believed to go beyond this. */
const SURE = 3;
const LEAST_LEVEL = 0.5;
const MOST_LEVEL = 2;

/** What was recorded in a full hour since the epoch, or some of it. */
export interface MeasuredHour {
  readonly startWallMs: WallMs;
  readonly sizeBytes: number;
}

/**
 * What a camera is expected to record: as in the same hour of the week, over the last four weeks; with less than a week,
 * as in the same hour of the day. Where it surely grows or shrinks from week to week, so does what is expected, to twice
 * or half of today's at most.
 */
export class RecordingRate {
  readonly #nowHour: number;
  /** Bytes an hour as of now: for each hour of the week, or of the day, or one for all; hours counted since the epoch. */
  readonly #profile: readonly number[];
  /** What comes to today's level in an hour, as a part of it. */
  readonly #growth: number;

  private constructor(nowHour: number, profile: readonly number[], growth: number) {
    this.#nowHour = nowHour;
    this.#profile = profile;
    this.#growth = growth;
  }

  /**
   * @param hours those with footage, in any order. The oldest and the present one are left out: they may be incomplete.
   * @returns undefined where not even one full hour is known.
   */
  static measure(hours: readonly MeasuredHour[], now: WallMs): RecordingRate | undefined {
    const nowHour = Math.floor(now / HOUR_MS);
    const bytes = new Map<number, number>();
    for (const { startWallMs, sizeBytes } of hours) {
      const hour = Math.floor(startWallMs / HOUR_MS);
      bytes.set(hour, (bytes.get(hour) ?? 0) + sizeBytes);
    }
    const firstHour = Math.max(Math.min(...bytes.keys()) + 1, nowHour - MEASURED_HOURS);
    if (firstHour >= nowHour) return undefined;
    const series = Array.from({ length: nowHour - firstHour }, (_, i) => bytes.get(firstHour + i) ?? 0);
    const growth = growthOf(series);
    const known = series.map((sizeBytes, i) => ({
      hour: firstHour + i,
      sizeBytes: sizeBytes / levelAt(growth * (firstHour + i - nowHour)),
    }));
    return new RecordingRate(nowHour, profileOf(known), growth);
  }

  /** As of now, over all hours of the week. */
  get bytesPerDay(): number {
    const bytes = sum(this.#profile);
    return (bytes / this.#profile.length) * HOURS_A_DAY;
  }

  /** What is expected from one moment to a later one. */
  bytesBetween(from: WallMs, to: WallMs): number {
    let bytes = 0;
    for (let at: number = from; at < to;) {
      const hour = Math.floor(at / HOUR_MS);
      const end = Math.min(to, (hour + 1) * HOUR_MS);
      bytes += (this.#bytesIn(hour) * (end - at)) / HOUR_MS;
      at = end;
    }
    return bytes;
  }

  #bytesIn(hour: number): number {
    const level = levelAt(this.#growth * (hour - this.#nowHour));
    return (this.#profile[hour % this.#profile.length] ?? 0) * level;
  }
}

function levelAt(grown: number): number {
  return Math.min(MOST_LEVEL, Math.max(LEAST_LEVEL, 1 + grown));
}

/** The mean of each hour of the week or, where they do not all occur, of the day; failing that, of all. */
function profileOf(known: readonly { readonly hour: number; readonly sizeBytes: number }[]): number[] {
  const length = [HOURS_A_WEEK, HOURS_A_DAY].find((count) => known.length >= count) ?? 1;
  const slots = Array.from({ length }, () => ({ bytes: 0, hours: 0 }));
  for (const { hour, sizeBytes } of known) {
    const slot = slots[hour % length];
    if (slot === undefined) continue;
    slot.bytes += sizeBytes;
    slot.hours += 1;
  }
  return slots.map(({ bytes, hours }) => bytes / hours);
}

/**
 * From the mean difference between a day and the same weekday a week before, which the rhythm of the week does not
 * disturb. The standard error takes differences for independent; those a week apart go against each other, so that the
 * true one is smaller.
 * @param series bytes of each hour, the last one just over.
 * @returns what comes to the present level in an hour, as a part of it; 0 where nothing is sure.
 */
function growthOf(series: readonly number[]): number {
  const days: number[] = [];
  for (let end = series.length; end >= HOURS_A_DAY; end -= HOURS_A_DAY) {
    days.push(sum(series.slice(end - HOURS_A_DAY, end)));
  }
  const differences = days.slice(0, -7).map((bytes, i) => bytes - (days[i + 7] ?? 0));
  // Two weeks of differences, or one day out of the ordinary counts for too much.
  if (differences.length < 14) return 0;
  const mean = sum(differences) / differences.length;
  const variance = sum(differences.map((each) => (each - mean) ** 2)) / (differences.length - 1);
  if (Math.abs(mean) <= SURE * Math.sqrt(variance / differences.length)) return 0;
  const perDay = mean / 7;
  // The middle of the last week is three and a half days ago.
  const present = sum(days.slice(0, 7)) / 7 + 3.5 * perDay;
  return present <= 0 ? 0 : perDay / present / HOURS_A_DAY;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
