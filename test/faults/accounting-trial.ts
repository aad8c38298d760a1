import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { IDENTITY_FILE } from '../../src/archive/volume-identity.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Clip } from '../../src/demo/clip.ts';
import type { GapCause } from '../../src/db/records.ts';
import { makeFolder, PrerollProcess, writeConfig, type TestFolder } from '../e2e/preroll-process.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { AilingCamera, type RecorderView } from './ailing-camera.ts';
import { FakeClock } from './fake-clock.ts';
import { accountOf, type ToldCamera } from './told-account.ts';
import { TOLERANCE_MS, type Fate } from './truth.ts';

/** How a trial ended. */
export interface Verdict {
  /** In the order in which they were injected. */
  readonly faults: readonly string[];
  readonly seconds: Readonly<Partial<Record<Fate, number>>>;
  /** Told otherwise than it was, as text. */
  readonly errors: readonly string[];
  /** Of `preroll archive gaps`. */
  readonly exitCode: number | null;
}

/** What is tried is recording. */
const HARDLY_ANALYSED = { motion: { rateFps: 0.5, widthPx: 64 } };
/** How old the last sign of life of a killed recorder may be: one is given every 3 s, and committed within another second. */
const LAST_SIGN_MS = 4_000;

/**
 * A recorder and its cameras, to which things happen; afterwards its ledger is compared with what happened. Five
 * cameras are recorded without a break (the last one over UDP), `quiet` by motion, of which there is none, and `off` is
 * disabled.
 */
export class AccountingTrial implements RecorderView, AsyncDisposable {
  readonly #folder: TestFolder;
  readonly #clock: FakeClock | undefined;
  readonly #always: AilingCamera[] = [];
  readonly #all: AilingCamera[] = [];
  readonly #faults: string[] = [];
  #preroll: PrerollProcess | undefined;
  /** Of the recorder's clock from ours. */
  #offsetMs = 0;

  private constructor(folder: TestFolder, clock: FakeClock | undefined) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** @param hasClock whether the recorder's clock is to be set. */
  static async make(hasClock: boolean): Promise<AccountingTrial> {
    const folder = await makeFolder();
    const clock = hasClock ? new FakeClock(folder.path) : undefined;
    await clock?.set(0);
    const trial = new AccountingTrial(folder, clock);
    const clip = await testClip({ ...TINY, loopSeconds: 4 });
    for (const name of ['one', 'two', 'three', 'four', 'udp', 'quiet', 'off']) {
      trial.#all.push(await AilingCamera.start(name, clip, trial));
    }
    trial.#always.push(...trial.#all.slice(0, 5));
    await trial.#writeConfig();
    return trial;
  }

  /** Of another size than the cameras' pictures. */
  static otherPictures(): Promise<Clip> {
    return testClip({ ...TINY, loopSeconds: 4, widthPx: 256, heightPx: 144 });
  }

  /** One that is recorded without a break. */
  camera(name: string): AilingCamera {
    return this.#named(name);
  }

  now(): number {
    return systemClock.wallMs() + this.#offsetMs;
  }

  note(fault: string): void {
    this.#faults.push(fault);
  }

  async saysAgain(text: string, camera: string): Promise<void> {
    const pattern = new RegExp(`\\[${camera}\\].* ?${text}`, 'g');
    const before = Array.from(this.#running.stderr.matchAll(pattern)).length;
    await this.#running.says(pattern, before + 1);
  }

  /** Starts the recorder, and waits until all is recorded that should be. */
  async start(): Promise<void> {
    await this.#start([]);
  }

  /** @param away a camera that cannot be reached at the time. */
  async kill(seconds: number, away?: AilingCamera): Promise<void> {
    this.note('the recorder is killed');
    const preroll = this.#running;
    // Of a camera that is not recorded, what was last is known up to the last sign of life.
    const sinceMs = this.now() - LAST_SIGN_MS + TOLERANCE_MS;
    this.#named('quiet').truth.from(sinceMs, 'crash', 'policy', 'recorded');
    away?.truth.from(sinceMs, 'crash', 'unreachable');
    // A gap that ended only just may not have been told up to its end either.
    for (const { truth } of this.#always) truth.orFrom(sinceMs, 'crash');
    this.#expect(this.#enabled, 'crash');
    preroll.signal('SIGKILL', 'group');
    await preroll.ended;
    await delay(seconds * 1000);
    await this.#start(['crash'], away);
  }

  /** A camera cannot be reached when the recorder dies, nor when it starts again. */
  async killWithout(camera: AilingCamera, seconds: number): Promise<void> {
    await camera.powerOff('it is away while the recorder dies', seconds);
    await this.kill(seconds, camera);
    await delay(seconds * 1000);
    await camera.powerOn();
  }

  async restart(seconds: number): Promise<void> {
    this.note('the recorder is stopped');
    this.#expect(this.#enabled, 'shutdown');
    await this.#running.interrupt();
    await delay(seconds * 1000);
    await this.#start(['shutdown']);
  }

  /** What cameras send meanwhile may come later, as far as the network keeps it. */
  async holdUp(seconds: number): Promise<void> {
    this.note('the recorder is held up');
    const recorded = this.#recordedAgain();
    this.#expect(this.#always, 'overload', 'recorded');
    this.#expect([this.#named('quiet')], 'overload', 'policy', 'recorded');
    this.#running.signal('SIGSTOP');
    await delay(seconds * 1000);
    this.#running.signal('SIGCONT');
    this.#expect(this.#always, 'overload', 'camera', 'clock', 'stalled', 'recorded');
    await recorded;
    await delay(5_000);
    this.#expect(this.#always, 'recorded');
    this.#expect([this.#named('quiet')], 'policy', 'recorded');
  }

  /** The archive is not there, as if its disk were unmounted. */
  async removeDisk(seconds: number): Promise<void> {
    this.note('the disk is missing');
    const path = join(this.#folder.path, 'archive', IDENTITY_FILE);
    const refused = this.#always.map(async (camera) => {
      await this.saysAgain('footage is being lost', camera.name);
      camera.expect('disk');
    });
    // The files that are open go on.
    this.#expect(this.#always, 'disk', 'recorded');
    await rename(path, `${path}.away`);
    await Promise.all(refused);
    await delay(seconds * 1000);
    this.#expect(this.#always, 'disk', 'recorded');
    const recorded = this.#recordedAgain();
    await rename(`${path}.away`, path);
    await recorded;
    this.#expect(this.#always, 'recorded');
  }

  async killAnalyzers(): Promise<void> {
    this.note('the analyzers are killed');
    for (const pid of await this.#running.children('analyzer-main')) process.kill(pid, 'SIGKILL');
    await delay(5_000);
  }

  /** @param hours from ours. */
  async setClock(hours: number): Promise<void> {
    if (this.#clock === undefined) throw new Error('the recorder has the host’s own clock');
    this.note(`the host’s clock is set to ${hours} h from what it is`);
    const fromMs = this.now();
    await this.#clock.set(hours * 3_600);
    this.#offsetMs = hours * 3_600_000;
    for (const { truth } of this.#all) truth.jump(fromMs, this.now());
    await delay(10_000);
  }

  /** Stops the recorder and compares. */
  async judge(): Promise<Verdict> {
    this.#expect(this.#enabled, 'shutdown');
    await this.#running.interrupt();
    for (const { truth } of this.#all) truth.until(this.now());
    const words = ['archive', 'gaps', '--json'];
    const { stdout, code } = await PrerollProcess.run(words, { folder: this.#folder.path });
    // Written by the program under test; what is missing of it shows as an error.
    const { cameras } = JSON.parse(stdout) as { readonly cameras: readonly ToldCamera[] };
    const seconds: Partial<Record<Fate, number>> = {};
    const errors: string[] = [];
    for (const { name, truth } of this.#all) {
      const told = cameras.find(({ camera }) => camera === name);
      if (told === undefined) errors.push(`nothing is told of ${name}`);
      const account = told === undefined ? [] : accountOf(told);
      for (const { fate, startWallMs, endWallMs } of account) {
        seconds[fate] = (seconds[fate] ?? 0) + (endWallMs - startWallMs) / 1000;
      }
      const wrong = truth.errorsIn(account, TOLERANCE_MS).map(({ fate, startWallMs, endWallMs }) => {
        const text = `${((endWallMs - startWallMs) / 1000).toFixed(3)} s too much of ${fate}`;
        return `${name}: ${text} at ${new Date(startWallMs).toISOString()}`;
      });
      // So that the error can be understood when it does not come again.
      if (wrong.length > 0) errors.push(...wrong, `${name}: told was ${JSON.stringify(told?.gaps)}`);
    }
    if (errors.length > 0) errors.push(`the faults were ${JSON.stringify(this.#faults)}`);
    return { faults: this.#faults, seconds, errors, exitCode: code };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#preroll?.[Symbol.asyncDispose]();
    for (const camera of this.#all) await camera[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }

  get #running(): PrerollProcess {
    if (this.#preroll === undefined) throw new Error('the recorder was not started');
    return this.#preroll;
  }

  get #enabled(): readonly AilingCamera[] {
    return this.#all.filter(({ name }) => name !== 'off');
  }

  #named(name: string): AilingCamera {
    const camera = this.#all.find((one) => one.name === name);
    if (camera === undefined) throw new Error(`there is no camera ${name}`);
    return camera;
  }

  #expect(cameras: readonly AilingCamera[], ...fates: readonly Fate[]): void {
    for (const camera of cameras) camera.expect(...fates);
  }

  /** @param before what may still be told of the time before. */
  async #start(before: readonly GapCause[], away?: AilingCamera): Promise<void> {
    const there = this.#always.filter((camera) => camera !== away);
    this.#expect(there, ...before, 'starting', 'recorded');
    away?.expect(...before, 'starting', 'unreachable');
    this.#named('quiet').expect(...before, 'starting', 'policy', 'recorded');
    this.#named('off').expect('disabled');
    const environment = this.#clock?.environment ?? {};
    this.#preroll = PrerollProcess.start(['run'], { folder: this.#folder.path, environment });
    await this.#recordedAgain(there);
    this.#expect(there, 'recorded');
    away?.expect('unreachable');
    // Should its analyzer be late, everything is kept.
    this.#named('quiet').expect('policy', 'recorded');
  }

  async #recordedAgain(cameras: readonly AilingCamera[] = this.#always): Promise<void> {
    await Promise.all(cameras.map(({ name }) => this.saysAgain('recording to', name)));
  }

  async #writeConfig(): Promise<void> {
    const section = ({ name, url }: AilingCamera) => ({
      url,
      mode: name === 'quiet' ? 'motion' : 'always',
      enabled: name !== 'off',
      transport: name === 'udp' ? 'udp' : 'tcp',
      ...HARDLY_ANALYSED,
    });
    await writeConfig(this.#folder.path, {
      archive: { segmentLength: '5s' },
      event: { initialWait: '1s', minimalDuration: '2s', preRoll: '2s', postRoll: '0s' },
      cameras: Object.fromEntries(this.#all.map((camera) => [camera.name, section(camera)])),
    });
  }
}
