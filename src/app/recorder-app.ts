import { availableParallelism } from 'node:os';
import { SoundProcess } from '../sound/sound-process.ts';
import { superviseSound } from '../sound/supervise-sound.ts';
import { AnalyzerPool } from '../analysis/analyzer-pool.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Config, DemoSource, StreamsSource } from '../config/config.ts';
import { ArchiveInUseError, lockPath, RECORDER, volumeLockPath } from '../archive/archive-in-use.ts';
import { loadFolderModule } from '../archive/folder-module.ts';
import { Retention } from '../archive/retention.ts';
import { retentionRules } from '../archive/retention-rules.ts';
import { Volumes } from '../archive/volumes.ts';
import { IndexClient } from '../db/index-client.ts';
import { indexWorkers } from '../db/index-worker-process.ts';
import type { IndexWrite } from '../db/index-write.ts';
import { GapLedgers } from '../recording/gap-ledgers.ts';
import { accountForDowntime, type AccountedCamera, type DowntimeOptions } from './account-for-downtime.ts';
import { ArchiveRecovery } from './archive-recovery.ts';
import { Heartbeat } from './heartbeat.ts';
import type { ControlServer } from '../control/control-server.ts';
import { eventJson } from '../event/event-json.ts';
import { detectionSettings } from './detection-settings.ts';
import { cameraStatusJson, type CameraStatus } from './camera-status.ts';
import type { WebOrder } from '../control/web-messages.ts';
import { offerControl } from './offer-control.ts';
import { saysTheSame } from '../config/told-config.ts';
import { afterRestart, concernsAllCameras, describeCameras } from './config-change.ts';
import { EngineMemory } from './engine-memory.ts';
import { EventCare } from './event-care.ts';
import { ConfigWatch, type ConfigSource } from './config-watch.ts';
import { RecordedCamera } from './recorded-camera.ts';
import { RecordedCameras } from './recorded-cameras.ts';
import { RecorderChanges } from './recorder-changes.ts';
import { StartQuestions } from './start-questions.ts';
import { WebChild } from './web-child.ts';

/** A running demo camera, to be recorded like any other. */
export interface DemoCamera extends AsyncDisposable {
  readonly url: string;
  readonly subUrl: string;
}

/** What runs beside it, as paths to built JavaScript. */
export interface ChildPrograms {
  readonly analyzer: string;
  readonly sound: string;
  readonly transcoder: string;
  readonly source: string;
  readonly index: string;
  readonly configReader: string;
  readonly picture: string;
  readonly motionTrial: string;
  readonly moment: string;
  readonly web: string;
}

export interface RecorderAppOptions {
  readonly config: Config;
  /** Where it comes from: what is changed there is followed. */
  readonly configSource: ConfigSource;
  /** What the web server is told beside the configuration. */
  readonly web: Omit<WebOrder, 'config' | 'programs'>;
  /** Shows whoever started the recorder something that is in no log. */
  readonly announce: (text: string) => void;
  /** An index that was slow to start has found somebody else at work in the archive: the recorder is to leave it. */
  readonly onArchiveInUse: (error: ArchiveInUseError) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly programs: ChildPrograms;
  /** Called at most once, if a camera of the configuration is the demo camera; rejects when the signal aborts. */
  readonly startDemoCamera: (signal: AbortSignal) => Promise<DemoCamera>;
  /** Masks credentials in text that goes into the archive or to other programs. */
  readonly redact: (text: string) => string;
}

/** The whole recorder: every camera of the configuration, recorded and analysed until it is disposed. */
export class RecorderApp implements AsyncDisposable {
  readonly #options: RecorderAppOptions;
  readonly #index: IndexClient;
  readonly #recovery: ArchiveRecovery;
  readonly #retention: Retention;
  readonly #heartbeat: Heartbeat;
  readonly #sound: SoundProcess;
  readonly #changes: RecorderChanges;
  readonly #stopping = new AbortController();
  readonly #ledgers: GapLedgers;
  readonly #configWatch: ConfigWatch;
  readonly #eventCare: EventCare;
  readonly #engines: EngineMemory;
  readonly #web: WebChild;
  /** In force. */
  #config: Config;
  #cameras: RecordedCameras | undefined;
  #accounting: Promise<void> = Promise.resolve();
  #analyzers: AnalyzerPool | undefined;
  #demo: DemoCamera | undefined;
  #control: ControlServer | undefined;

  constructor(options: RecorderAppOptions) {
    const { config, clock, log, programs } = options;
    this.#options = options;
    this.#config = config;
    this.#index = new IndexClient({
      startWorker: indexWorkers(programs.index, config.archive.indexPath, clock),
      clock,
      log,
      beforeAsking: () => this.#heartbeat.beforeAsking(),
      onRebuildNeeded: (reason) => {
        this.#recovery.rebuild(reason);
        this.#engines.retell();
        this.#accountAnew();
      },
    });
    this.#sound = new SoundProcess({ makeChild: superviseSound(programs.sound, clock), clock, log });
    this.#recovery = new ArchiveRecovery({ index: this.#index, clock, log });
    this.#retention = new Retention({
      index: this.#index,
      volumes: config.archive.volumes,
      rules: () => retentionRules(this.#config),
      minFreeBytes: () => this.#config.retention.minFreeBytes,
      mayMove: () => !this.#recovery.isBusy,
      clock,
      log,
    });
    this.#changes = new RecorderChanges({
      status: () => this.status.map((status) => cameraStatusJson(status, options.redact)),
      clock,
    });
    this.#heartbeat = new Heartbeat({
      clock,
      tell: (write) => this.#index.write(write),
      tellGrowth: () => {
        for (const camera of this.#running) camera.events.tellGrowth();
        // What nobody tells of, such as a mode that a schedule changes.
        this.#changes.mayHaveChanged();
      },
      log,
    });
    const tellIndex = (write: IndexWrite) => this.#index.write(write);
    this.#ledgers = new GapLedgers({ tellIndex, clock, log });
    this.#engines = new EngineMemory({
      tellIndex,
      onChanged: () => this.#changes.mayHaveChanged(),
      redact: options.redact,
      log,
    });
    this.#eventCare = new EventCare({
      index: this.#index,
      volumes: config.archive.volumes,
      running: (camera) => this.#cameras?.named(camera)?.events,
    });
    this.#web = new WebChild({
      program: programs.web,
      config,
      order: { ...options.web, programs },
      announce: options.announce,
      clock,
      log,
    });
    this.#configWatch = new ConfigWatch({
      source: options.configSource,
      apply: (changed, signal) => this.#reconfigure(changed, signal),
      onRead: (problem) => this.#changes.configuration(problem ?? null),
      clock,
      log,
    });
  }

  /** Of every enabled camera, in the order of the configuration. */
  get status(): readonly CameraStatus[] {
    return this.#running.map((camera) => camera.status);
  }

  get #running(): readonly RecordedCamera[] {
    return this.#cameras?.running ?? [];
  }

  /**
   * Starts all cameras. One that cannot be reached is tried again and again and does not fail the start.
   * @throws ArchiveInUseError when somebody else is known to work in the archive; when its folder module cannot be loaded or the
   *   demo camera cannot be made; the signal's reason when it aborts before all are started.
   */
  async start(signal: AbortSignal): Promise<void> {
    const { config, clock, log, programs, redact } = this.#options;
    const startedWallMs = clock.wallMs();
    const startedMs = clock.monotonicMs();
    this.#index.start();
    using questions = new StartQuestions(clock, log, signal);
    await this.#lock(lockPath(config.archive), questions);
    // Before the first sign of our own life is told: an index that cannot be asked now cannot tell later either.
    const lastAlive = this.#index.lastAlive().catch(() => undefined);
    const volumes = await this.#openVolumes(questions);
    // Nothing is written to the folder of a disk that is not mounted.
    const isThere = volumes.present.some(({ path }) => path === config.archive.path);
    if (isThere) await this.#lock(volumeLockPath(config.archive), questions);
    this.#engines.recall(await questions.ask('which cameras FFmpeg reads', this.#index.fallbacks(), []));
    this.#recovery.start();
    this.#account(
      config.cameras.map((camera) => ({ ...camera, untilWallMs: startedWallMs })),
      lastAlive,
    );
    await this.#startDemoIfWanted(config, signal);
    signal.throwIfAborted();
    const analyzers = new AnalyzerPool({
      processCount: availableParallelism(),
      program: programs.analyzer,
      clock,
      log,
    });
    this.#analyzers = analyzers;
    this.#cameras = new RecordedCameras({
      ledgers: this.#ledgers,
      make: (camera, ledger) => {
        const source = camera.source.kind === 'demo' ? demoSource(camera.source, this.#demo) : camera.source;
        return new RecordedCamera({
          config: camera,
          source,
          engines: this.#engines.of(camera.name, source),
          volumes,
          fileLengthMs: this.#config.archive.segmentLengthMs,
          timeZone: this.#config.archive.timeZone,
          ringMaxBytes: this.#config.ring.maxBytes,
          isServed: () => this.#config.web.listen !== 'off',
          analyzers,
          transcoderProgram: programs.transcoder,
          sourceProgram: programs.source,
          sound: this.#sound,
          tellIndex: (write) => {
            this.#index.write(write);
            this.#recovery.told(write);
          },
          ledger,
          onEvent: (change, event) =>
            this.#changes.event({ camera: camera.name, change, event: eventJson(event) }),
          onSample: (sample) =>
            this.#changes.sample(camera.name, sample, detectionSettings(camera.motion).detector),
          onChanged: () => this.#changes.mayHaveChanged(),
          redact,
          clock,
          log,
        });
      },
    });
    await this.#cameras.configure(config.cameras, startedWallMs);
    this.#retention.start();
    this.#heartbeat.start();
    this.#control = await offerControl({
      path: config.control.path,
      cameras: () => this.#running,
      upMs: () => clock.monotonicMs() - startedMs,
      changes: this.#changes,
      eventCare: this.#eventCare,
      redact,
      log,
    });
    this.#web.start();
    this.#configWatch.start();
  }

  /** Goes on with another configuration: cameras that it does not change are not disturbed. */
  async #reconfigure(config: Config, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    if (this.#cameras === undefined || saysTheSame(this.#config, config)) return;
    await this.#startDemoIfWanted(config, signal);
    const before = this.#config;
    this.#config = config;
    const fromWallMs = clock.wallMs();
    const all = concernsAllCameras(before, config);
    const change = await this.#cameras.configure(config.cameras, fromWallMs, all);
    const isNew = config.cameras.filter(({ name }) => change.added.includes(name));
    // For those that were in the configuration before: they were not recorded since, and nothing went wrong.
    this.#account(
      isNew.map((camera) => ({ ...camera, untilWallMs: fromWallMs })),
      Promise.resolve({ atWallMs: fromWallMs, isLeaving: true }),
    );
    log.info(`the configuration was changed: ${describeCameras(change)}`);
    await this.#web.reconfigure(config);
    this.#retention.rulesChanged();
    const later = afterRestart(before, config);
    if (later.length > 0) {
      log.warn(`what was changed in ${later.join(', ')} applies when the recorder is started the next time`);
    }
  }

  async #startDemoIfWanted({ cameras }: Config, signal: AbortSignal): Promise<void> {
    const isWanted = cameras.some(({ isEnabled, source }) => isEnabled && source.kind === 'demo');
    if (isWanted) this.#demo ??= await this.#options.startDemoCamera(signal);
  }

  /** The index has begun anew: the ledgers tell it again what they hold, and nobody knows what was before. */
  #accountAnew(): void {
    const ledgers = this.#ledgers.retell();
    const cameras = this.#config.cameras.flatMap((camera) => {
      const untilWallMs = ledgers.get(camera.name);
      return untilWallMs === undefined ? [] : [{ ...camera, untilWallMs }];
    });
    this.#account(cameras, Promise.resolve(undefined));
  }

  /** Accounts for the time before the ledgers, in the background. */
  #account(cameras: readonly AccountedCamera[], lastAlive: DowntimeOptions['lastAlive']): void {
    const { clock, log } = this.#options;
    const recovered = this.#recovery.settled();
    const { signal } = this.#stopping;
    const options = { cameras, lastAlive, recovered, index: this.#index, clock, log, signal };
    this.#accounting = this.#accounting.then(() => accountForDowntime(options));
  }

  async #openVolumes(questions: StartQuestions): Promise<Volumes> {
    const { config, clock, log } = this.#options;
    const { folder: template, folderModule, timeZone } = config.archive;
    const named = folderModule === undefined ? {} : { folderFunction: await loadFolderModule(folderModule) };
    const volumes = new Volumes({
      paths: config.archive.volumes.map(({ path }) => path),
      known: await questions.ask('which volumes there should be', this.#index.volumes(), []),
      naming: { template, timeZone, log, ...named },
      clock,
      log,
      onFound: (volume) => {
        this.#index.write({ type: 'volume', volume });
        this.#recovery.found(volume);
      },
      onCreated: (file) => this.#recovery.created(file),
      onAbandoned: (file) => this.#recovery.abandoned(file),
      makeRoom: ({ path }) => this.#retention.makeRoom(path),
      isFull: ({ id }) => this.#retention.isFull(id),
    });
    await volumes.find();
    return volumes;
  }

  async #lock(path: string, questions: StartQuestions): Promise<void> {
    const { archive } = this.#options.config;
    const lock = { path, holder: RECORDER, pid: process.pid };
    const what = 'whether somebody else works in the archive';
    const heldBy = await questions.ask(what, this.#index.lock(lock), undefined, (late) => {
      if (late !== undefined) this.#options.onArchiveInUse(new ArchiveInUseError(archive, late));
    });
    if (heldBy !== undefined) throw new ArchiveInUseError(archive, heldBy);
  }

  /** Closes all files and ends all children. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#index.leaving();
    await this.#web[Symbol.asyncDispose]();
    await this.#control?.[Symbol.asyncDispose]();
    this.#changes[Symbol.dispose]();
    await this.#configWatch[Symbol.asyncDispose]();
    await this.#eventCare[Symbol.asyncDispose]();
    this.#ledgers.stopping();
    await this.#cameras?.[Symbol.asyncDispose]();
    // The ledgers reach as far as the last sign of life, or further.
    this.#heartbeat[Symbol.dispose]();
    this.#ledgers[Symbol.dispose]();
    await this.#retention[Symbol.asyncDispose]();
    await this.#recovery[Symbol.asyncDispose]();
    this.#stopping.abort();
    await this.#accounting;
    await this.#index[Symbol.asyncDispose]();
    await this.#analyzers?.[Symbol.asyncDispose]();
    await this.#sound[Symbol.asyncDispose]();
    await this.#demo?.[Symbol.asyncDispose]();
  }
}

function demoSource(
  { transport, audio, orientation }: DemoSource,
  demo: DemoCamera | undefined,
): StreamsSource {
  if (demo === undefined) throw new Error('the demo camera was not started');
  const input = { kind: 'rtsp' } as const;
  return {
    kind: 'streams',
    main: { url: demo.url, input },
    sub: { url: demo.subUrl, input },
    engine: 'native',
    transport,
    audio,
    orientation,
  };
}
