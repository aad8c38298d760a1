import { describeError } from '../base/error.ts';
import { EncodeError } from '../decode/encode-error.ts';
import type { EncodedUnit, FailedLine, LineLevel, OpenedLine, SoundDone, SoundWork } from './messages.ts';
import { SoundEncoder } from './sound-encoder.ts';
import { SoundMeter } from './sound-meter.ts';

/** The inside of a sound process. Loads native code: not for the recorder's process. */
export class SoundWorker implements Disposable {
  readonly #users = new Map<number, SoundEncoder | SoundMeter>();
  /** Of the work that is being done. */
  #units: EncodedUnit[] = [];
  #levels: LineLevel[] = [];
  #failed: FailedLine[] = [];

  do({ number, opened, packets, closed }: SoundWork): SoundDone {
    this.#units = [];
    this.#levels = [];
    this.#failed = [];
    for (const one of opened) this.#attempt(one.line, () => this.#open(one));
    for (const { line, seconds, data } of packets) {
      this.#attempt(line, () => this.#users.get(line)?.push(data, seconds));
    }
    for (const line of closed) this.#close(line);
    return { number, units: this.#units, levels: this.#levels, failed: this.#failed };
  }

  [Symbol.dispose](): void {
    for (const line of this.#users.keys()) this.#close(line);
  }

  #open({ line, format, use }: OpenedLine): void {
    const user =
      use === 'encode'
        ? new SoundEncoder(format, (unit) => this.#units.push({ line, ...unit }))
        : new SoundMeter(format, (level) => this.#levels.push({ line, ...level }));
    this.#users.set(line, user);
  }

  #close(line: number): void {
    this.#users.get(line)?.[Symbol.dispose]();
    this.#users.delete(line);
  }

  /** What fails concerns one camera. */
  #attempt(line: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      this.#close(line);
      this.#failed.push({ line, reason: describeError(error) });
    }
  }
}
