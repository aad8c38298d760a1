import { findMounted } from '../archive/mounted-volume.ts';
import { forecastArchive } from '../archive/outlook.ts';
import { systemClock } from '../base/clock.ts';
import { EXIT } from './exit-code.ts';
import { forecastJson, forecastText, type ForecastReport } from './forecast-report.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import type { ConfigOptions } from './options.ts';
import { tellMissing, useIndex } from './use-index.ts';

export interface ForecastOptions extends ConfigOptions {
  readonly json: boolean;
}

/**
 * `preroll archive forecast`: when the disks are full, and how far back recordings will reach.
 * @returns the exit code.
 */
export async function archiveForecast(options: ForecastOptions): Promise<number> {
  return await interruptible(async (signal) => {
    const report = await useIndex(options, signal, async (index, config): Promise<ForecastReport> => {
      const now = systemClock.wallMs();
      const mounted = await findMounted(config.archive.volumes);
      tellMissing(config, mounted);
      const told = await forecastArchive(index, config, mounted, now);
      return { now, mounted, forecast: told };
    });
    process.stdout.write(options.json ? json(forecastJson(report)) : forecastText(report));
    return EXIT.ok;
  });
}
