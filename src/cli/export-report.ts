import { describeError } from '../base/error.ts';
import { redactCredentials } from '../base/redact.ts';
import type { WallMs } from '../base/time.ts';
import type { Span } from '../playback/cut.ts';
import type { CameraExport, ExportedFile } from '../playback/export-camera.ts';

/** A camera of which nothing could be exported. */
export interface FailedExport {
  readonly camera: string;
  readonly error: string;
}

export interface ExportResult {
  readonly done: readonly CameraExport[];
  readonly failed: readonly FailedExport[];
  readonly tookSeconds: number;
}

/** Whether all that was recorded was exported, as it was recorded. */
export function isWhole({ done, failed }: ExportResult): boolean {
  return failed.length === 0 && done.every(({ problems }) => problems.length === 0);
}

/** For people. */
export function exportText({ done, failed, tookSeconds }: ExportResult): string {
  const lines = done.flatMap(({ camera, files, missing, problems }) => [
    ...files.map((file) => `${camera}: ${fileText(file)}`),
    ...missing.map((gap) => `${camera}: not recorded: ${spanText(gap)}`),
    ...problems.map((problem) => `${camera}: ${redactCredentials(describeError(problem))}`),
  ]);
  const sizeBytes = done.flatMap(({ files }) => files).reduce((sum, file) => sum + file.sizeBytes, 0);
  const total = `${megabytes(sizeBytes)} in ${tookSeconds.toFixed(1)} s`;
  return `${[...lines, ...failed.map(({ camera, error }) => `${camera}: ${error}`), total].join('\n')}\n`;
}

/** For scripts. */
export function exportJson(result: ExportResult): object {
  const { done, failed, tookSeconds } = result;
  return {
    ok: isWhole(result),
    tookSeconds,
    cameras: [
      ...done.map(({ camera, files, missing, problems }) => ({
        camera,
        files: files.map(fileJson),
        missing: missing.map(spanJson),
        problems: problems.map((problem) => ({
          kind: problem.kind,
          message: redactCredentials(describeError(problem)),
        })),
      })),
      ...failed.map(({ camera, error }) => ({ camera, files: [], error })),
    ],
  };
}

function fileText({ path, lengthMs, pictures, sizeBytes, fromWallMs }: ExportedFile): string {
  const length = `${(lengthMs / 1000).toFixed(2)} s from ${iso(fromWallMs)}`;
  return `${path}: ${length}, ${pictures} pictures, ${megabytes(sizeBytes)}`;
}

function fileJson(file: ExportedFile): object {
  const { path, sha256, sizeBytes, fromWallMs, toWallMs, lengthMs, pictures, codecs } = file;
  return {
    path,
    sha256,
    sizeBytes,
    ...spanJson({ fromWallMs, toWallMs }),
    seconds: lengthMs / 1000,
    pictures,
    codecs,
  };
}

function spanJson({ fromWallMs, toWallMs }: Span): object {
  return { from: iso(fromWallMs), to: iso(toWallMs) };
}

function spanText({ fromWallMs, toWallMs }: Span): string {
  return `${iso(fromWallMs)} to ${iso(toWallMs)}`;
}

function iso(wall: WallMs): string {
  return new Date(wall).toISOString();
}

function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}
