import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { describeError, PrerollError } from '../base/error.ts';
import { redactCredentials } from '../base/redact.ts';
import type { WallMs } from '../base/time.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import type { GapPolicy } from '../playback/clip.ts';
import type { Span } from '../playback/cut.ts';
import { exportCamera, type CameraExport } from '../playback/export-camera.ts';
import type { PlaybackError } from '../playback/playback-error.ts';
import { EXIT } from './exit-code.ts';
import { findExported } from './export-footage.ts';
import { exportPaths } from './export-paths.ts';
import { exportText, exportJson, type FailedExport } from './export-report.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import { Progress } from './progress.ts';
import { findCamera } from './trial-config.ts';

export interface ExportCommandOptions {
  /** Path of the configuration file; without it `preroll.yaml`, if there is one. */
  readonly config?: string;
  readonly set: readonly string[];
  readonly from: WallMs;
  readonly to: WallMs;
  readonly out?: string;
  readonly gaps: GapPolicy;
  readonly json: boolean;
  readonly force: boolean;
}

/**
 * `preroll export CAMERA...`: a span of recordings as one MP4 file a camera.
 * @returns the exit code.
 */
export async function exportFootage(
  inputs: readonly string[],
  options: ExportCommandOptions,
): Promise<number> {
  const span: Span = { fromWallMs: options.from, toWallMs: options.to };
  if (span.toWallMs <= span.fromWallMs) {
    process.stderr.write('nothing to export: --to has to be later than --from\n');
    return EXIT.usage;
  }
  return await interruptible(options.json, async (signal) => {
    const config = await loadConfig({
      path: resolve(options.config ?? 'preroll.yaml'),
      isOptional: options.config === undefined,
      environment: process.env,
      flags: options.set,
    });
    const cameras = [...new Set(inputs.map((input) => findCamera(config, input)?.name ?? input))];
    const paths = await exportPaths(cameras, {
      out: options.out ?? '.',
      fromWallMs: span.fromWallMs,
      timeZone: config.archive.timeZone,
      archiveFolders: config.archive.volumes.map(({ path: folder }) => folder),
    });
    using progress = new Progress({ stream: process.stderr, clock: systemClock, name: 'export' });
    const done: CameraExport[] = [];
    const failed: FailedExport[] = [];
    for (const [index, { camera, path }] of paths.entries()) {
      const onProgress = (at: WallMs) => {
        const doneMs = index * (span.toWallMs - span.fromWallMs) + at - span.fromWallMs;
        progress.tell(doneMs / (paths.length * (span.toWallMs - span.fromWallMs)), doneMs);
      };
      try {
        done.push(await exportOne({ camera, path, span, config, options, onProgress, signal }));
      } catch (error) {
        if (signal.aborted || !(error instanceof PrerollError)) throw error;
        failed.push({ camera, error: redactCredentials(describeError(error)) });
      }
    }
    const result = { done, failed, tookSeconds: progress.elapsedMs / 1000 };
    process.stdout.write(options.json ? json(exportJson(result)) : exportText(result));
    const isWhole = failed.length === 0 && done.every(({ problems }) => problems.length === 0);
    return isWhole ? EXIT.ok : EXIT.failed;
  });
}

async function exportOne(job: {
  readonly camera: string;
  readonly path: string;
  readonly span: Span;
  readonly config: Config;
  readonly options: ExportCommandOptions;
  readonly onProgress: (at: WallMs) => void;
  readonly signal: AbortSignal;
}): Promise<CameraExport> {
  const { camera, path, span, config, options, onProgress, signal } = job;
  const problems: PlaybackError[] = [];
  const files = await findExported(config.archive, {
    camera,
    span,
    onProblem: (problem) => problems.push(problem),
  });
  await mkdir(dirname(path), { recursive: true });
  const result = await exportCamera({
    camera,
    files,
    span,
    gaps: options.gaps,
    path,
    isReplaced: options.force,
    onProgress,
    signal,
  });
  return { ...result, problems: [...problems, ...result.problems] };
}
