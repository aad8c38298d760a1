import { forecast } from '../archive/forecast.ts';
import { findMounted } from '../archive/mounted-volume.ts';
import { retentionRules } from '../archive/retention-rules.ts';
import { readSpaces } from '../archive/volume-space.ts';
import { systemClock } from '../base/clock.ts';
import { wallMs } from '../base/time.ts';
import { EXIT } from './exit-code.ts';
import { forecastJson, forecastText, type ForecastReport } from './forecast-report.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import type { ConfigOptions } from './options.ts';
import { tellMissing, useIndex } from './use-index.ts';

export interface ForecastOptions extends ConfigOptions {
  readonly json: boolean;
}

const EVER = { fromWallMs: wallMs(0), toWallMs: wallMs(Number.MAX_SAFE_INTEGER) };

/**
 * `preroll archive forecast`: when the disks are full, and how far back recordings will reach.
 * @returns the exit code.
 */
export async function archiveForecast(options: ForecastOptions): Promise<number> {
  return await interruptible(options.json, async (signal) => {
    const report = await useIndex(options, signal, async (index, config): Promise<ForecastReport> => {
      const now = systemClock.wallMs();
      const mounted = await findMounted(config.archive.volumes);
      tellMissing(config, mounted);
      const spaces = await readSpaces(mounted, config.retention.minFreeBytes);
      const volumes = spaces.map((space, i) => ({ ...space, moveAfterMs: mounted[i]?.moveAfterMs }));
      const all = await index.recordedHours(EVER);
      const hours = all.filter((hour) => volumes.some(({ id }) => id === hour.volume));
      const rules = retentionRules(config);
      const told = forecast({ now, hours, usage: await index.usage(), volumes, rules });
      return { now, mounted, forecast: told };
    });
    process.stdout.write(options.json ? json(forecastJson(report)) : forecastText(report));
    return EXIT.ok;
  });
}
