import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type {
  ExportFile,
  ExportOrder,
  ExportProblem,
  ExportRecord,
  ExportTable,
} from '../account/export-table.ts';
import { findMounted } from '../archive/mounted-volume.ts';
import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import { JoinedSignal } from '../base/joined-signal.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../config/config.ts';
import { exportCamera, type CameraExport } from '../playback/export-camera.ts';
import type { Span } from '../playback/cut.ts';
import { findInIndex, type FootageIndex } from '../playback/find-segments.ts';
import { PlaybackError } from '../playback/playback-error.ts';
import { clipName } from './clip-name.ts';
import { removeStrays } from './remove-strays.ts';

export interface ExportJobsOptions {
  readonly table: ExportTable;
  readonly index: FootageIndex;
  readonly config: () => Config;
  readonly clock: Clock;
  readonly log: Log;
}

export type NewExport = Pick<ExportOrder, 'userId' | 'user' | 'cameras' | 'fromWallMs' | 'toWallMs' | 'gaps'>;

/** An export as it stands. */
export interface ExportJob extends ExportRecord {
  /** 0..1 while it is made; undefined while it waits, and afterwards. */
  readonly progress: number | undefined;
}

/** Files that are kept until somebody deletes them may take so much together. */
export const MOST_BYTES = 100e9;
/** Of an export's id, which its folder is named by, in base64url. */
const ID_BYTES = 9;
const ID = /^[\w-]{12}$/;
const MOST_WAITING = 50;

/**
 * Makes exports, one after the other, in the order in which they were asked for. They and their files outlast a restart: what
 * was not finished is made from the beginning.
 */
export class ExportJobs implements AsyncDisposable {
  readonly #options: ExportJobsOptions;
  readonly #stopping = new AbortController();
  #work: Promise<void> = Promise.resolve();
  #current: { readonly id: string; readonly cancel: AbortController; progress: number } | undefined;

  constructor(options: ExportJobsOptions) {
    this.#options = options;
  }

  /** Goes on with those that were not finished; files of none are removed. */
  start(): void {
    this.#then(() => this.#removeStrays());
    for (const job of this.#options.table.all().toReversed()) {
      if (job.outcome === undefined) this.#then(() => this.#make(job.id));
    }
  }

  /** The newest first. */
  all(): readonly ExportJob[] {
    return this.#options.table.all().map((record) => ({
      ...record,
      progress: this.#current?.id === record.id ? this.#current.progress : undefined,
    }));
  }

  find(id: string): ExportJob | undefined {
    return this.all().find((job) => job.id === id);
  }

  /** @returns its id, also of the same one that is not finished yet; `full` where too much is kept, `busy` where too many wait. */
  add(wanted: NewExport): { readonly id: string } | 'full' | 'busy' {
    const { table, clock } = this.#options;
    const jobs = table.all();
    const same = jobs.find((job) => job.outcome === undefined && isSame(job, wanted));
    if (same !== undefined) return { id: same.id };
    const files = jobs.flatMap(({ outcome }) => outcome?.files ?? []);
    if (files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) >= MOST_BYTES) return 'full';
    if (jobs.filter(({ outcome }) => outcome === undefined).length >= MOST_WAITING) return 'busy';
    const id = randomBytes(ID_BYTES).toString('base64url');
    table.add({ ...wanted, id, createdWallMs: clock.wallMs() });
    this.#then(() => this.#make(id));
    return { id };
  }

  /** Ends it if it is being made, and removes its files. */
  async remove(id: string): Promise<void> {
    this.#options.table.remove(id);
    if (this.#current?.id === id) this.#current.cancel.abort();
    else await rm(this.#folderOf(id), { recursive: true, force: true });
  }

  /** Undefined where there is no such file. */
  pathOf({ id, outcome }: ExportJob, name: string): string | undefined {
    const file = outcome?.files.find((one) => one.name === name);
    return file === undefined ? undefined : join(this.#folderOf(id), file.name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  get #folder(): string {
    return join(this.#options.config().web.folder, 'exports');
  }

  #folderOf(id: string): string {
    return join(this.#folder, id);
  }

  #then(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#options.log.error(`exports: ${describeError(error)}`);
    });
  }

  async #removeStrays(): Promise<void> {
    const known = new Set(this.#options.table.all().map(({ id }) => id));
    await removeStrays(this.#folder, (name) => ID.test(name) && !known.has(name));
  }

  async #make(id: string): Promise<void> {
    const { table, log } = this.#options;
    const job = this.find(id);
    if (job === undefined || this.#stopping.signal.aborted) return;
    const folder = this.#folderOf(id);
    const cancel = new AbortController();
    this.#current = { id, cancel, progress: 0 };
    using either = new JoinedSignal(cancel.signal, this.#stopping.signal);
    const { signal } = either;
    try {
      // What one that was broken off has left.
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { files, problems } = await this.#export(job, folder, signal);
      table.setOutcome(id, { state: files.length === 0 ? 'failed' : 'done', files, problems });
    } catch (error) {
      // It is made again after the next start, or nobody wants it any more.
      if (signal.aborted) return;
      log.error(`an export failed: ${describeError(error)}`);
      table.setOutcome(id, { state: 'failed', files: [], problems: [problemOf(error)] });
    } finally {
      this.#current = undefined;
      if (cancel.signal.aborted) await rm(folder, { recursive: true, force: true });
    }
  }

  /** @throws an error of the system; the signal's reason. */
  async #export(job: ExportRecord, folder: string, signal: AbortSignal) {
    const files: ExportFile[] = [];
    const problems: ExportProblem[] = [];
    for (const [i, camera] of job.cameras.entries()) {
      try {
        const made = await this.#exportCamera(job, camera, folder, i, signal);
        files.push(...filesOf(made));
        problems.push(...made.problems.map((problem) => problemOf(problem, camera)));
        problems.push(...made.missing.map((gap) => missingOf(gap, camera)));
      } catch (error) {
        if (signal.aborted) throw error;
        problems.push(problemOf(error, camera));
      }
    }
    return { files, problems };
  }

  async #exportCamera(
    job: ExportRecord,
    camera: string,
    folder: string,
    place: number,
    signal: AbortSignal,
  ): Promise<CameraExport> {
    const { index, config } = this.#options;
    const span = { fromWallMs: job.fromWallMs, toWallMs: job.toWallMs };
    const mounted = await findMounted(config().archive.volumes);
    const found = await findInIndex(index, mounted, { camera, span, onProblem: () => undefined });
    return await exportCamera({
      camera,
      files: found,
      span,
      gaps: job.gaps,
      path: join(folder, clipName(camera, job.fromWallMs)),
      isReplaced: false,
      onProgress: (at) => {
        const share = (at - span.fromWallMs) / (span.toWallMs - span.fromWallMs);
        const progress = (place + Math.min(1, Math.max(0, share))) / job.cameras.length;
        if (this.#current?.id === job.id) this.#current.progress = progress;
      },
      signal,
    });
  }
}

/** Somebody has pressed twice. */
function isSame(job: ExportRecord, { userId, cameras, fromWallMs, toWallMs, gaps }: NewExport): boolean {
  if (job.userId !== userId || job.gaps !== gaps || cameras.join('\n') !== job.cameras.join('\n'))
    return false;
  return job.fromWallMs === fromWallMs && job.toWallMs === toWallMs;
}

function filesOf({ camera, files }: CameraExport): ExportFile[] {
  return files.map(({ path, sizeBytes, sha256, fromWallMs, toWallMs, lengthMs }) => ({
    name: basename(path),
    camera,
    sizeBytes,
    sha256,
    fromMs: fromWallMs,
    toMs: toWallMs,
    lengthMs,
  }));
}

function problemOf(error: unknown, camera?: string): ExportProblem {
  return {
    kind: error instanceof PlaybackError ? error.kind : 'failed',
    ...(camera === undefined ? {} : { camera }),
    message: describeError(error),
  };
}

function missingOf({ fromWallMs, toWallMs }: Span, camera: string): ExportProblem {
  const seconds = Math.round((toWallMs - fromWallMs) / 1_000);
  const message = `nothing for ${seconds} s from ${new Date(fromWallMs).toISOString()} on`;
  return { kind: 'not-recorded', camera, fromMs: fromWallMs, toMs: toWallMs, message };
}
