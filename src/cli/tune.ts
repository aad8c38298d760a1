import { basename } from 'node:path';
import { Detectors } from '../app/detectors.ts';
import { systemClock } from '../base/clock.ts';
import { compareReplays } from '../lab/compare-replays.ts';
import { CommandError } from './command-error.ts';
import { consoleLog } from './console-log.ts';
import { EXIT } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import { makeLane } from './make-lane.ts';
import { Progress } from './progress.ts';
import { findTuneFootage, type TuneFootageOptions } from './tune-footage.ts';
import { tuneJson, tuneTable, type TuneResult } from './tune-report.ts';

export interface TuneOptions extends TuneFootageOptions {
  readonly json: boolean;
}

/**
 * `preroll tune`: replays recorded footage with the present settings and with others, and says which events would
 * appear, vanish or change.
 * @param kernelFile of the motion kernel.
 * @returns the exit code.
 * @throws CommandError where nothing is to be tried.
 */
export async function tune(
  inputs: readonly string[],
  options: TuneOptions,
  kernelFile: string,
): Promise<number> {
  if (options.set.length + options.with.length === 0 && options.detector === undefined) {
    throw new CommandError('usage', 'nothing to try: give --set, --detector or --with');
  }
  return await interruptible(async (signal) => {
    const { name, files, present, tried } = await findTuneFootage(inputs, options);
    const detectors = new Detectors(consoleLog, kernelFile);
    using presentLane = makeLane(present, detectors, { isExplaining: false });
    using triedLane = makeLane(tried, detectors, { isExplaining: false });
    using progress = new Progress({ stream: process.stderr, clock: systemClock, name });
    const { rows, failures, mediaSeconds } = await compareReplays(
      files,
      [presentLane, triedLane],
      (share, mediaMs) => progress.tell(share, mediaMs),
      signal,
    );
    const result: TuneResult = {
      name,
      present,
      tried,
      tookSeconds: progress.elapsedMs / 1000,
      files: files.length,
      rows: rows.map(({ file: { path, startWallMs }, events }) => ({
        file: basename(path),
        isDated: startWallMs !== undefined,
        events,
      })),
      failures,
      mediaSeconds,
    };
    process.stdout.write(options.json ? json(tuneJson(result)) : tuneTable(result));
    return result.failures.length === 0 ? EXIT.ok : EXIT.failed;
  });
}
