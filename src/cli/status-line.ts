import type { CameraStatus } from '../app/camera-status.ts';
import type { ConsoleStream } from '../base/rotating-log.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { looksForMotion } from '../config/recording-mode.ts';

/** A terminal; `columns` changes with its window. */
export interface Terminal extends ConsoleStream {
  readonly columns?: number;
}

export interface StatusLineOptions {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly status: () => readonly CameraStatus[];
}

const REFRESH_MS = 1_000;
const CLEAR_LINE = '\r\u001B[2K';

/** The last line of a terminal, kept up to date below the log lines that scroll by above it. */
export class StatusLine implements Disposable {
  readonly #options: StatusLineOptions;
  #timer: Timer | undefined;
  #text = '';

  constructor(options: StatusLineOptions) {
    this.#options = options;
  }

  /** What log lines must go through so that they do not run into the status line. */
  get console(): ConsoleStream {
    const { terminal } = this.#options;
    return {
      isTTY: true,
      get writableLength() {
        return terminal.writableLength;
      },
      write: (text) => terminal.write(`${CLEAR_LINE}${text}${this.#text}`),
      on: (event, listener) => terminal.on(event, listener),
      off: (event, listener) => terminal.off(event, listener),
    };
  }

  start(): void {
    this.#refresh();
  }

  [Symbol.dispose](): void {
    if (this.#timer === undefined) return;
    this.#timer[Symbol.dispose]();
    this.#text = '';
    this.#options.terminal.write(CLEAR_LINE);
  }

  #refresh(): void {
    const { terminal, clock, status } = this.#options;
    this.#text = statusText(status(), clock.wallMs()).slice(0, Math.max(20, (terminal.columns ?? 80) - 1));
    // While nobody reads (Ctrl-S) only log lines are to wait.
    if (terminal.writableLength === 0) terminal.write(CLEAR_LINE + this.#text);
    this.#timer = clock.setTimer(REFRESH_MS, () => this.#refresh());
  }
}

/** One line about all cameras; those in trouble and those recording first, for the line may be cut. */
export function statusText(cameras: readonly CameraStatus[], nowWallMs: number): string {
  const words = cameras.map((camera) => ({ rank: rankOf(camera), text: describe(camera, nowWallMs) }));
  return words
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ text }) => text)
    .join('  |  ');
}

function rankOf({ stream, isRecording, failure }: CameraStatus): number {
  if (stream.kind !== 'playing' || failure !== undefined) return 0;
  return isRecording ? 1 : 2;
}

function describe(
  { camera, stream, mode, isRecording, failure, event }: CameraStatus,
  nowWallMs: number,
): string {
  if (stream.kind === 'waiting') return `${camera}: away`;
  if (stream.kind === 'connecting') return `${camera}: connecting`;
  if (failure !== undefined) return `${camera}: cannot be written`;
  if (event !== undefined) {
    const seconds = Math.max(0, Math.round((nowWallMs - event.triggerWallMs) / 1000));
    return `${camera}: ● ${event.causes.join(' and ')}, ${seconds} s`;
  }
  if (isRecording) return `${camera}: ● recording`;
  return `${camera}: ${looksForMotion(mode) ? 'watching' : mode}`;
}
