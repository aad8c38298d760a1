import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { abortable } from '../base/abortable.ts';
import type { Clock } from '../base/clock.ts';
import { JoinedSignal } from '../base/joined-signal.ts';
import { MortalChild } from '../base/mortal-child.ts';
import { readLines } from '../base/read-lines.ts';
import { Watchdog } from '../base/watchdog.ts';
import { isVideo, type Packet } from '../media/packet.ts';
import { PacketRecordReader } from '../media/packet-records.ts';
import { SourceError } from './source-error.ts';
import type { OpenedStream, SourceOrder, SourceReport } from './source-messages.ts';
import type { PacketSource } from './stream.ts';

export interface ChildSourceOptions {
  /** The source program, a path to built JavaScript. */
  readonly program: string;
  readonly order: SourceOrder;
  readonly clock: Clock;
}

/** Starting a process and looking at what comes takes a few seconds; the child itself gives up sooner, unless what comes is no end of nonsense. */
const OPEN_PATIENCE_MS = 30_000;
const LAST_WORDS_CHARACTERS = 2_000;
/** Reports are a few hundred. */
const LONGEST_LINE_CHARACTERS = 16_384;
const NODE_OPTIONS = ['--single-threaded-gc', '--max-semi-space-size=1'];

/**
 * Starts a process that opens the input and waits until it has.
 * @throws SourceError; the signal's reason when it aborts before.
 */
export async function openChildSource(
  { program, order, clock }: ChildSourceOptions,
  signal: AbortSignal,
): Promise<ChildSource> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [...NODE_OPTIONS, program], { stdio: ['pipe', 'pipe', 'pipe'] });
  // Where the system has no file to spare, it has no pipes either.
  if (child.pid === undefined) {
    throw new SourceError('died', `the source process ${await new MortalChild(child, clock).ended}`);
  }
  const source = new ChildSource(child, clock);
  try {
    await source.opened(order, signal);
    return source;
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * A process that has opened one input for us and sends its packets. It lives for one run: whatever goes wrong ends it,
 * and the run with it. That costs a process start now and then, and leaves nothing behind of what went wrong.
 */
export class ChildSource implements PacketSource {
  readonly #child: MortalChild<ChildProcessByStdio<Writable, Readable, Readable>>;
  readonly #clock: Clock;
  #stream: OpenedStream | undefined;
  #failure: SourceError | undefined;
  #lastWords = '';
  #onOpened: () => void = () => undefined;

  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>, clock: Clock) {
    this.#child = new MortalChild(child, clock);
    this.#clock = clock;
    // A pipe that breaks is that of a process that ends: how it ended says more.
    for (const pipe of [child.stdin, child.stdout]) pipe.on('error', () => undefined);
    readLines(child.stderr, LONGEST_LINE_CHARACTERS, (line) => this.#hear(line));
  }

  /** What was found. */
  get stream(): OpenedStream | undefined {
    return this.#stream;
  }

  get pid(): number | undefined {
    return this.#child.process.pid;
  }

  /** @throws SourceError; the signal's reason. */
  async opened(order: SourceOrder, signal: AbortSignal): Promise<void> {
    this.#child.process.stdin.end(JSON.stringify(order));
    const opened = new Promise<void>((resolve) => (this.#onOpened = resolve));
    const late = `the source did not open within ${OPEN_PATIENCE_MS / 1000} s`;
    const barking = new AbortController();
    using _ = new Watchdog(this.#clock, OPEN_PATIENCE_MS, () =>
      barking.abort(new SourceError('timeout', `${late}${this.#said()}`)),
    );
    await this.#unless(opened, barking.signal, signal);
  }

  /** @throws SourceError; what `onPacket` throws, and Error for bytes that are no packets. */
  async play(onPacket: (packet: Packet, ageMs: number) => void, signal: AbortSignal): Promise<void> {
    const patienceMs = this.#stream?.patienceMs ?? OPEN_PATIENCE_MS;
    const stalled = `no picture came for ${patienceMs / 1000} s`;
    const barking = new AbortController();
    using watchdog = new Watchdog(this.#clock, patienceMs, () =>
      barking.abort(new SourceError('stall', stalled)),
    );
    const reader = new PacketRecordReader((record) => {
      if (record.kind !== 'packet') return;
      // Sound that goes on alone is no picture.
      if (isVideo(record.packet)) watchdog.calm();
      onPacket(record.packet, Math.max(0, this.#clock.wallMs() - record.wallMs));
    });
    const left = new AbortController();
    try {
      await this.#unless(this.#read(reader, left.signal), barking.signal, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      left.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill();
    this.#child.process.stdout.resume();
    await this.#child.ended;
  }

  /** Feeds the reader with what comes, until it throws: nothing can be read after that. */
  #read(reader: PacketRecordReader, until: AbortSignal): Promise<never> {
    const { stdout } = this.#child.process;
    return new Promise((_, reject) => {
      const feed = (bytes: Uint8Array) => {
        try {
          reader.feed(bytes);
        } catch (error) {
          stdout.off('data', feed);
          reject(error);
        }
      };
      stdout.on('data', feed);
      until.addEventListener('abort', () => stdout.off('data', feed), { once: true });
    });
  }

  /** @throws how the child ended, if it does; the reason of either signal. */
  async #unless(work: Promise<void>, barking: AbortSignal, signal: AbortSignal): Promise<void> {
    using over = new JoinedSignal(signal, barking);
    const ending = this.#child.ended.then((how) => {
      throw this.#failure ?? new SourceError('died', `the source process ${how}${this.#said()}`);
    });
    await abortable(Promise.race([work, ending]), over.signal);
  }

  #said(): string {
    return this.#lastWords === '' ? '' : `, its last words: ${this.#lastWords.trim()}`;
  }

  #hear(line: string): void {
    const report = reportIn(line);
    if (report === undefined) {
      this.#lastWords = `${this.#lastWords}${line}\n`.slice(-LAST_WORDS_CHARACTERS);
    } else if (report.type === 'failed') {
      this.#failure = new SourceError(report.kind, report.message);
    } else {
      this.#stream = report.stream;
      this.#onOpened();
    }
  }
}

/** Undefined for whatever else a process says, such as a report that it did not come to finish. */
function reportIn(line: string): SourceReport | undefined {
  if (!line.startsWith('{"type":')) return undefined;
  try {
    // Our own program writes it.
    return JSON.parse(line) as SourceReport;
  } catch {
    return undefined;
  }
}
