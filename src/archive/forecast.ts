import { wallMs, type WallMs } from '../base/time.ts';
import type { RecordedHour, Usage } from '../db/archive-index.ts';
import { fillArchive, ModelFootage, type ModelGroup, type ModelVolume } from './archive-model.ts';
import { reachMs } from './archive-reach.ts';
import { RecordingRate } from './recording-rate.ts';
import type { VolumeSpace } from './retention-account.ts';
import type { Footage } from './retention-limits.ts';
import type { RetentionRules } from './retention-rules.ts';

const YEAR_MS = 366 * 86_400_000;

export interface ForecastSituation {
  readonly now: WallMs;
  /** All that the archive has on these volumes, in order of time. */
  readonly hours: readonly RecordedHour[];
  readonly usage: readonly Usage[];
  /** In the order in which they are used. */
  readonly volumes: readonly ForecastVolume[];
  readonly rules: RetentionRules;
}

export interface ForecastVolume extends VolumeSpace {
  readonly moveAfterMs: number | undefined;
}

/** When disks are full, and how far back recordings reach, if all goes on as it did. */
export interface Forecast {
  readonly footage: readonly FootageForecast[];
  readonly volumes: readonly VolumeForecast[];
  /** When no volume has room any more, and the oldest recordings go for new ones; undefined: not within a year. */
  readonly fullAt: WallMs | undefined;
}

/** What one camera records of one kind. */
export interface FootageForecast {
  readonly camera: string;
  readonly footage: Footage;
  readonly sizeBytes: number;
  readonly oldestWallMs: WallMs;
  /** At the present rate; undefined where not even a full hour is known. */
  readonly bytesPerDay: number | undefined;
  /** How old recordings get before rules or full disks delete them; undefined where nothing will. */
  readonly reachMs: number | undefined;
}

export interface VolumeForecast {
  readonly id: string;
  readonly sizeBytes: number;
  /** What recordings may still take; negative where they take too much. */
  readonly roomBytes: number;
  readonly fullAt: WallMs | undefined;
}

/** One camera's recordings of one kind: what is known of them, and how the model has them grow. */
interface Kind {
  readonly camera: string;
  readonly footage: Footage;
  readonly model: ModelFootage;
}

/** Kept recordings count like others: they are few, and nobody knows how many are still to come. */
export function forecast(situation: ForecastSituation): Forecast {
  const { now, hours, volumes, rules } = situation;
  const models = volumes.map((volume) => modelVolume(volume, hours));
  const kinds = splitByKind(hours).flatMap((kind) => modelKind(kind, situation, models));
  const footage = kinds.map(({ model }) => model);
  const groups = groupsOf(kinds, rules);
  const capacityBytes = sum(footage, (one) => one.sizeBytes) + sum(models, (one) => one.roomBytes);
  const all = [...groups, { footage, maxSizeBytes: capacityBytes }];
  const kindsNow = kinds.map(({ camera, footage: kind, model }) => ({
    camera,
    footage: kind,
    sizeBytes: model.sizeBytes,
    oldestWallMs: oldestOf(situation, camera, kind),
    bytesPerDay: model.rate?.bytesPerDay,
    reachMs: reachMs(model, all),
  }));
  const volumesNow = volumes.map(({ id }, i) => ({
    id,
    sizeBytes: sum(hours, (hour) => (hour.volume === id ? hour.sizeBytes : 0)),
    roomBytes: models[i]?.roomBytes ?? 0,
  }));
  const fullMs = fillArchive({ footage, volumes: models, groups }, now, now + YEAR_MS);
  return {
    footage: kindsNow,
    volumes: volumesNow.map((volume, i) => ({ ...volume, fullAt: moment(models[i]?.fullMs) })),
    fullAt: moment(fullMs),
  };
}

/** To the second, while the hours tell the hour only. */
function oldestOf({ usage, volumes }: ForecastSituation, camera: string, footage: Footage): WallMs {
  const own = usage.filter(
    (one) =>
      one.camera === camera &&
      one.holdsEvent === (footage === 'event') &&
      volumes.some(({ id }) => id === one.volume),
  );
  return wallMs(Math.min(...own.map(({ oldestWallMs }) => oldestWallMs)));
}

/** By camera, then kind. */
function splitByKind(hours: readonly RecordedHour[]): readonly (readonly RecordedHour[])[] {
  const kinds = new Map<string, RecordedHour[]>();
  for (const hour of hours) {
    const key = `${hour.camera}/${Number(hour.holdsEvent)}`;
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, [hour]);
    else kind.push(hour);
  }
  return [...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
}

/** With what the archive has of it on the volumes. */
function modelKind(
  hours: readonly RecordedHour[],
  { now, volumes, rules }: ForecastSituation,
  models: readonly ModelVolume[],
): readonly Kind[] {
  const [first] = hours;
  if (first === undefined) return [];
  const { camera } = first;
  const footage = first.holdsEvent ? 'event' : 'continuous';
  const model = new ModelFootage(RecordingRate.measure(hours, now), rules.ofCamera(camera)[footage]);
  for (const { startWallMs, sizeBytes, volume } of hours) {
    const on = models[volumes.findIndex(({ id }) => id === volume)];
    if (on !== undefined) model.add(startWallMs, sizeBytes, on);
  }
  return [{ camera, footage, model }];
}

/** With the room that it would have without recordings. */
function modelVolume(volume: ForecastVolume, hours: readonly RecordedHour[]): ModelVolume {
  const { id, freeBytes, floorBytes, maxSizeBytes = Number.POSITIVE_INFINITY, moveAfterMs } = volume;
  const takenBytes = sum(hours, (hour) => (hour.volume === id ? hour.sizeBytes : 0));
  const roomBytes = Math.min(freeBytes - floorBytes + takenBytes, maxSizeBytes);
  return { roomBytes, moveAfterMs, fullMs: undefined };
}

/** What shares a bound on its size. */
function groupsOf(kinds: readonly Kind[], { ofCamera, archiveMaxSizeBytes }: RetentionRules): ModelGroup[] {
  const groups: ModelGroup[] = [];
  for (const camera of new Set(kinds.map((kind) => kind.camera))) {
    const { maxSizeBytes } = ofCamera(camera);
    if (maxSizeBytes === undefined) continue;
    const own = kinds.filter((kind) => kind.camera === camera);
    groups.push({ footage: own.map(({ model }) => model), maxSizeBytes });
  }
  if (archiveMaxSizeBytes !== undefined) {
    groups.push({ footage: kinds.map(({ model }) => model), maxSizeBytes: archiveMaxSizeBytes });
  }
  return groups;
}

function moment(ms: number | undefined): WallMs | undefined {
  return ms === undefined ? undefined : wallMs(ms);
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
