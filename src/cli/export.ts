import { resolve } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { describeError, PrerollError, systemCode } from '../base/error.ts';
import { redactCredentials } from '../base/redact.ts';
import type { WallMs } from '../base/time.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import type { GapPolicy } from '../playback/clip.ts';
import type { Span } from '../playback/cut.ts';
import { exportCamera, type CameraExport } from '../playback/export-camera.ts';
import type { PlaybackError } from '../playback/playback-error.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { findExported } from './export-footage.ts';
import { exportPaths, type ExportPath } from './export-paths.ts';
import { exportJson, exportText, isWhole, type ExportResult, type FailedExport } from './export-report.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import { Progress } from './progress.ts';
import { cameraNames, findCamera } from './trial-config.ts';

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
 * @throws CommandError where the span is empty.
 */
export async function exportFootage(
  inputs: readonly string[],
  options: ExportCommandOptions,
): Promise<number> {
  if (options.to <= options.from) {
    throw new CommandError('usage', 'nothing to export: --to has to be later than --from');
  }
  return await interruptible(async (signal) => {
    const config = await loadConfig({
      path: resolve(options.config ?? 'preroll.yaml'),
      isOptional: options.config === undefined,
      environment: process.env,
      flags: options.set,
    });
    const cameras = [...new Set(inputs.map((input) => findCamera(config, input)?.name ?? input))];
    const paths = await exportPaths(cameras, {
      out: options.out ?? '.',
      fromWallMs: options.from,
      timeZone: config.archive.timeZone,
      archiveFolders: config.archive.volumes.map(({ path }) => path),
    });
    const result = await new ExportWork(config, options, signal).export(paths);
    process.stdout.write(options.json ? json(exportJson(result)) : exportText(result));
    return isWhole(result) ? EXIT.ok : EXIT.failed;
  });
}

/** Exports one camera after the other and tells how far it is. */
class ExportWork {
  readonly #config: Config;
  readonly #options: ExportCommandOptions;
  readonly #signal: AbortSignal;
  readonly #span: Span;

  constructor(config: Config, options: ExportCommandOptions, signal: AbortSignal) {
    this.#config = config;
    this.#options = options;
    this.#signal = signal;
    this.#span = { fromWallMs: options.from, toWallMs: options.to };
  }

  /** A camera that cannot be exported does not keep the others from it. */
  async export(paths: readonly ExportPath[]): Promise<ExportResult> {
    const { fromWallMs, toWallMs } = this.#span;
    const done: CameraExport[] = [];
    const failed: FailedExport[] = [];
    using progress = new Progress({ stream: process.stderr, clock: systemClock, name: 'export' });
    for (const [index, path] of paths.entries()) {
      const onProgress = (at: WallMs) => {
        const doneMs = index * (toWallMs - fromWallMs) + at - fromWallMs;
        progress.tell(doneMs / (paths.length * (toWallMs - fromWallMs)), doneMs);
      };
      try {
        done.push(await this.#exportOne(path, onProgress));
      } catch (error) {
        if (this.#signal.aborted || !isExpected(error)) throw error;
        failed.push({ camera: path.camera, error: this.#explain(path.camera, error) });
      }
    }
    return { done, failed, tookSeconds: progress.elapsedMs / 1000 };
  }

  async #exportOne({ camera, path }: ExportPath, onProgress: (at: WallMs) => void): Promise<CameraExport> {
    const { gaps, force } = this.#options;
    const [span, signal] = [this.#span, this.#signal];
    const problems: PlaybackError[] = [];
    const onProblem = (problem: PlaybackError) => problems.push(problem);
    const files = await findExported(this.#config.archive, { camera, span, onProblem }, signal);
    const result = await exportCamera({
      camera,
      files,
      span,
      gaps,
      path,
      isReplaced: force,
      onProgress,
      signal,
    });
    return { ...result, problems: [...problems, ...result.problems] };
  }

  /** A camera that is not configured may have been once; else its name is mistyped. */
  #explain(camera: string, error: unknown): string {
    const told = redactCredentials(describeError(error));
    const names = cameraNames(this.#config);
    const isKnown = names.length === 0 || names.includes(camera);
    return isKnown ? told : `${told}; the cameras are ${names.join(', ')}`;
  }
}

/** What a recording, a folder or a disk may do; all else is a mistake of ours. */
function isExpected(error: unknown): boolean {
  return error instanceof PrerollError || systemCode(error) !== undefined;
}
