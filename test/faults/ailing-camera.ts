import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock.ts';
import type { Clip } from '../../src/demo/clip.ts';
import { FakeCamera, type FakeCameraOptions } from '../fake-camera/fake-camera.ts';
import type { Faults } from '../fake-camera/faults.ts';
import { startHostileServer, type HostileKind } from '../fake-camera/hostile-server.ts';
import { Truth, type Fate } from './truth.ts';

/** The recorder as a camera's faults need it. */
export interface RecorderView {
  /** By the recorder's clock. */
  now(): number;
  /** Waits until it says this of the camera once more than it has so far. */
  saysAgain(text: string, camera: string): Promise<void>;
  /** Takes down what was done. */
  note(fault: string): void;
}

type NamedCamera = FakeCameraOptions & { readonly name: string };

/** Whom the recorder does not know the password of. */
const PASSWORD = { scheme: 'digest', username: 'admin', password: 'another' } as const;
/** A stream is tried again at once. */
const FIRST_RETRY_MS = 1_000;
/** A hole is over when a file that holds it is on disk. */
const AFTER_HOLE_MS = 3_000;

/**
 * A fake camera that is recorded without a break, and what is the matter with it. Each fault lasts so many seconds, and
 * is over when the camera is recorded again.
 */
export class AilingCamera implements AsyncDisposable {
  readonly truth = new Truth();
  readonly #options: NamedCamera;
  readonly #fake: FakeCamera;
  readonly #recorder: RecorderView;

  private constructor(options: NamedCamera, fake: FakeCamera, recorder: RecorderView) {
    this.#options = options;
    this.#fake = fake;
    this.#recorder = recorder;
  }

  static async start(name: string, main: Clip, recorder: RecorderView): Promise<AilingCamera> {
    const options = { clock: systemClock, main, name };
    return new AilingCamera(options, await FakeCamera.start(options), recorder);
  }

  get name(): string {
    return this.#options.name;
  }

  get url(): string {
    return this.#fake.url;
  }

  /** From now on, any of these is right. */
  expect(...fates: readonly Fate[]): void {
    this.truth.from(this.#recorder.now(), ...fates);
  }

  async unplug(seconds: number): Promise<void> {
    await this.powerOff('the plug is pulled', seconds);
    await this.powerOn();
  }

  async powerOff(name: string, seconds: number): Promise<void> {
    await this.#ail(name, 'unreachable', seconds, () => this.#fake.powerOff());
  }

  async powerOn(): Promise<void> {
    await this.#heal('unreachable', () => this.#fake.powerOn());
  }

  async stall(seconds: number): Promise<void> {
    await this.#ail('it says and sends nothing', 'stalled', seconds, () =>
      this.#fake.set({ isStalled: true }),
    );
    await this.#heal('stalled', () => this.#backToHealth());
  }

  async freeze(seconds: number): Promise<void> {
    const name = 'the session goes on without pictures';
    await this.#ail(name, 'stalled', seconds, () => this.#fake.set({ isFrozen: true }));
    await this.#heal('stalled', () => this.#backToHealth());
  }

  /** Too short to end the run. */
  async pause(seconds: number): Promise<void> {
    await this.#hole('no picture for some seconds', 'stalled', { isFrozen: true }, seconds);
  }

  /** Of a camera over UDP. */
  async lose(seconds: number): Promise<void> {
    await this.#hole('all datagrams are lost for some seconds', 'camera', { lossShare: 1 }, seconds);
  }

  async drop(): Promise<void> {
    this.#recorder.note('its connections are ended');
    await this.#heal('camera', () => this.#fake.dropClients());
  }

  /** Something else listens on its port. */
  async replace(kind: HostileKind, cause: Fate, seconds: number): Promise<void> {
    let other: AsyncDisposable | undefined;
    await this.#ail(`a server of kind ${kind} in its place`, cause, seconds, async () => {
      await this.#fake.powerOff();
      other = await startHostileServer(kind, systemClock, this.#port);
    });
    await this.#heal(cause, async () => {
      await other?.[Symbol.asyncDispose]();
      await this.#fake.powerOn();
    });
  }

  async changePassword(seconds: number): Promise<void> {
    let locked: FakeCamera | undefined;
    await this.#ail('it wants another password', 'camera', seconds, async () => {
      await this.#fake.powerOff();
      locked = await FakeCamera.start({ ...this.#options, port: this.#port, authentication: PASSWORD });
    });
    await this.#heal('camera', async () => {
      await locked?.[Symbol.asyncDispose]();
      await this.#fake.powerOn();
    });
  }

  async jumpClock(seconds: number): Promise<void> {
    this.#recorder.note('its clock jumps');
    await this.#heal('clock', () => this.#fake.set({ timestampOffsetSeconds: seconds }));
  }

  /** Costs nothing. @param other of another size. */
  async changePicture(other: Clip, seconds: number): Promise<void> {
    this.#recorder.note('its pictures change their size');
    this.#fake.switchTo(other);
    await delay(seconds * 1000);
    this.#fake.switchTo(this.#options.main);
  }

  /** What is damaged within is recorded. */
  async corrupt(seconds: number): Promise<void> {
    this.#recorder.note('bits of all its pictures are flipped');
    this.#fake.set({ corruptShare: 1 });
    await delay(seconds * 1000);
    this.#fake.set({ corruptShare: 0 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#fake[Symbol.asyncDispose]();
  }

  get #port(): number {
    return Number(new URL(this.url).port);
  }

  /** A connection that waits for an answer would wait on. */
  #backToHealth(): void {
    this.#fake.heal();
    this.#fake.dropClients();
  }

  async #ail(name: string, cause: Fate, seconds: number, begin: () => Promise<void> | void): Promise<void> {
    this.#recorder.note(name);
    // First of all the camera may end the session, and nobody answer for a moment.
    this.expect(cause, 'camera', 'unreachable');
    await begin();
    await delay(FIRST_RETRY_MS);
    this.expect(cause);
    await delay(seconds * 1000 - FIRST_RETRY_MS);
  }

  async #heal(cause: Fate, heal: () => Promise<void> | void): Promise<void> {
    this.expect(cause, 'camera', 'recorded');
    const recorded = this.#recorder.saysAgain('connected', this.name);
    await heal();
    await recorded;
    this.expect('recorded');
  }

  async #hole(name: string, cause: Fate, faults: Partial<Faults>, seconds: number): Promise<void> {
    this.#recorder.note(name);
    this.expect(cause);
    this.#fake.set(faults);
    await delay(seconds * 1000);
    this.expect('recorded');
    this.#fake.heal();
    await delay(AFTER_HOLE_MS);
  }
}
