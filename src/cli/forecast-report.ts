import type { Forecast, FootageForecast, VolumeForecast } from '../archive/forecast.ts';
import type { MountedVolume } from '../archive/mounted-volume.ts';
import { describeSize } from '../archive/retention-text.ts';
import type { WallMs } from '../base/time.ts';
import { lengthText } from './gap-report.ts';
import { localTime } from './local-time.ts';
import { textTable } from './text-table.ts';

export interface ForecastReport {
  readonly now: WallMs;
  /** In the order of the forecast's volumes. */
  readonly mounted: readonly MountedVolume[];
  readonly forecast: Forecast;
}

const DAY_MS = 86_400_000;

/** For people: what each camera records, what each disk has room for, and when there is none. */
export function forecastText(report: ForecastReport): string {
  const { footage, volumes } = report.forecast;
  const cameras = textTable(
    ['camera', 'recordings', 'a day', 'in all', 'reach back', 'will reach back'],
    footage.map((one) => footageCells(one, report.now)),
    ['a day', 'in all', 'reach back', 'will reach back'],
  );
  const disks = textTable(
    ['disk', 'recordings', 'room left', 'full'],
    volumes.map((volume, i) => volumeCells(volume, report.mounted[i]?.path ?? '', report.now)),
    ['recordings', 'room left'],
  );
  return `${[...cameras, '', ...disks, '', verdict(report)].join('\n')}\n`;
}

/** For scripts. */
export function forecastJson({ now, mounted, forecast }: ForecastReport): object {
  const iso = (ms: WallMs | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  const days = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms / 864_000) / 100);
  return {
    now: iso(now),
    fullAt: iso(forecast.fullAt),
    daysUntilFull: forecast.fullAt === undefined ? undefined : days(forecast.fullAt - now),
    cameras: forecast.footage.map(({ camera, footage, sizeBytes, oldestWallMs, bytesPerDay, reachMs }) => ({
      camera,
      footage,
      bytes: sizeBytes,
      oldest: iso(oldestWallMs),
      bytesPerDay: bytesPerDay === undefined ? undefined : Math.round(bytesPerDay),
      willReachBackDays: days(reachMs),
    })),
    volumes: forecast.volumes.map(({ sizeBytes, roomBytes, fullAt }, i) => ({
      path: mounted[i]?.path,
      bytes: sizeBytes,
      roomBytes,
      fullAt: iso(fullAt),
      daysUntilFull: fullAt === undefined ? undefined : days(fullAt - now),
    })),
  };
}

function footageCells(
  { camera, footage, sizeBytes, oldestWallMs, bytesPerDay, reachMs }: FootageForecast,
  now: WallMs,
): readonly string[] {
  return [
    camera,
    footage === 'event' ? 'of events' : 'without events',
    bytesPerDay === undefined ? '?' : describeSize(bytesPerDay),
    describeSize(sizeBytes),
    lengthText(now - oldestWallMs),
    reachMs === undefined ? (bytesPerDay === undefined ? '?' : 'ever') : lengthText(reachMs),
  ];
}

function volumeCells({ sizeBytes, roomBytes, fullAt }: VolumeForecast, path: string, now: WallMs): string[] {
  return [path, describeSize(sizeBytes), describeSize(Math.max(0, roomBytes)), fullText(fullAt, now)];
}

function fullText(fullAt: WallMs | undefined, now: WallMs): string {
  if (fullAt === undefined) return 'not within a year';
  if (fullAt <= now) return 'now';
  return `on ${localTime(fullAt).slice(0, 10)}, in ${lengthText(fullAt - now)}`;
}

function verdict({ now, forecast: { footage, fullAt } }: ForecastReport): string {
  if (footage.every(({ bytesPerDay }) => bytesPerDay === undefined)) {
    return 'too early to tell: a full hour has to be recorded first';
  }
  const perDay = footage.reduce((sum, { bytesPerDay = 0 }) => sum + bytesPerDay, 0);
  const rate = `at the present rate of ${describeSize(perDay)} a day`;
  if (fullAt === undefined) return `not full within a year ${rate}`;
  if (fullAt <= now) return `full: the oldest recordings go for new ones, ${describeSize(perDay)} a day`;
  const days = ((fullAt - now) / DAY_MS).toFixed(1);
  return `full on ${localTime(fullAt)}, ${days} days ${rate}; from then on the oldest recordings go for new ones`;
}
