import type { Clock, Timer } from '../base/clock.ts';
import { SupervisedChild } from '../base/supervised-child.ts';
import { Watchdog } from '../base/watchdog.ts';
import type { FromPictureMaker, PictureOrder, ToPictureMaker } from './messages.ts';
import { PictureError } from './picture-error.ts';

export interface PictureMakerOptions {
  /** Starts the child; by default a process of this program, a path to built JavaScript. */
  readonly makeChild: (listener: PictureChildListener) => PictureChild;
  readonly clock: Clock;
}

export interface PictureChildListener {
  readonly onStarted: () => void;
  readonly onMessage: (message: FromPictureMaker) => void;
  readonly onEnded: (end: { readonly how: string }) => void;
}

export interface PictureChild {
  start(): void;
  send(message: ToPictureMaker): void;
  kill(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Waiting {
  readonly order: PictureOrder;
  readonly resolve: (jpeg: Uint8Array) => void;
  readonly reject: (error: PictureError) => void;
}

/** Held with the packets that they are made of. */
const MOST_WAITING = 32;
/** For one picture. */
const PATIENCE_MS = 10_000;
/** For a child's first one, which includes its start: a slow machine would never come to a picture if it were killed for that. */
const FIRST_PATIENCE_MS = 30_000;
/** How long a child stays that has nothing to do. */
const LINGER_MS = 20_000;
const RESTART_DELAY_MS = { first: 100, longest: 10_000 };

/** @param program a path to built JavaScript. */
export function forkPictureMaker(program: string, clock: Clock): PictureMakerOptions['makeChild'] {
  return (listener) =>
    new SupervisedChild<ToPictureMaker, FromPictureMaker>({
      program,
      clock,
      restartDelayMs: RESTART_DELAY_MS,
      stopMessage: { type: 'stop' },
      ...listener,
    });
}

/**
 * Makes JPEG pictures of packets, one after the other, in a child process that is there while it has something to do and
 * a little longer: decoding hostile pictures can cost that child, and nothing else.
 */
export class PictureMaker implements AsyncDisposable {
  readonly #options: PictureMakerOptions;
  readonly #waiting: Waiting[] = [];
  #child: PictureChild | undefined;
  #isChildReady = false;
  /** Whether the present child has answered. */
  #hasAnswered = false;
  #current: { readonly id: number; readonly work: Waiting; readonly late: Watchdog } | undefined;
  #lingering: Timer | undefined;
  #lastId = 0;
  #isStopped = false;
  readonly #leaving = new Set<Promise<void>>();

  constructor(options: PictureMakerOptions) {
    this.#options = options;
  }

  /**
   * @returns a JPEG file.
   * @throws PictureError
   */
  make(order: PictureOrder): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#isStopped) throw new PictureError('stopped', 'no pictures are made any more');
      if (this.#waiting.length >= MOST_WAITING) {
        throw new PictureError(
          'busy',
          `making a picture: ${MOST_WAITING} others are waiting; try again later`,
        );
      }
      this.#waiting.push({ order, resolve, reject });
      this.#next();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    const stopped = new PictureError('stopped', 'no pictures are made any more');
    for (const { reject } of this.#waiting.splice(0)) reject(stopped);
    this.#finish()?.reject(stopped);
    this.#dismiss();
    await Promise.all(this.#leaving);
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const work = this.#waiting.shift();
    if (work === undefined) {
      this.#linger();
      return;
    }
    this.#lingering?.[Symbol.dispose]();
    const patienceMs = this.#hasAnswered ? PATIENCE_MS : FIRST_PATIENCE_MS;
    const late = new Watchdog(this.#options.clock, patienceMs, () => this.#giveUp(patienceMs));
    this.#current = { id: ++this.#lastId, work, late };
    if (this.#child === undefined) this.#start();
    else if (this.#isChildReady) this.#send();
  }

  #start(): void {
    const child = this.#options.makeChild({
      onStarted: () => {
        this.#isChildReady = true;
        this.#send();
      },
      onMessage: (message) => this.#receive(message),
      onEnded: ({ how }) => {
        this.#isChildReady = false;
        this.#hasAnswered = false;
        // What it was given may be what it died of.
        this.#finish()?.reject(
          new PictureError('failed', `making a picture: the process that did it ${how}`),
        );
        this.#next();
      },
    });
    this.#child = child;
    child.start();
  }

  #send(): void {
    if (this.#current === undefined) return;
    const { id, work } = this.#current;
    this.#child?.send({ type: 'make', id, order: work.order });
  }

  #receive(message: FromPictureMaker): void {
    this.#hasAnswered = true;
    if (message.id !== this.#current?.id) return;
    const work = this.#finish();
    if ('jpeg' in message) work?.resolve(message.jpeg);
    else work?.reject(new PictureError('failed', `making a picture: ${message.problem}`));
    this.#next();
  }

  #giveUp(patienceMs: number): void {
    this.#finish()?.reject(
      new PictureError('late', `making a picture: found none within ${patienceMs / 1000} s`),
    );
    // Another one starts by itself, and takes what is next.
    if (this.#isChildReady) this.#child?.kill();
    else this.#next();
  }

  #finish(): Waiting | undefined {
    this.#current?.late[Symbol.dispose]();
    const work = this.#current?.work;
    this.#current = undefined;
    return work;
  }

  #linger(): void {
    this.#lingering?.[Symbol.dispose]();
    this.#lingering = this.#options.clock.setTimer(LINGER_MS, () => this.#dismiss());
  }

  #dismiss(): void {
    this.#lingering?.[Symbol.dispose]();
    const child = this.#child;
    this.#child = undefined;
    this.#isChildReady = false;
    this.#hasAnswered = false;
    if (child === undefined) return;
    const leaving = child[Symbol.asyncDispose]().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}
