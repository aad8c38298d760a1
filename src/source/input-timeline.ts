import { AV_NOPTS_VALUE } from 'node-av/constants';
import type { Packet, Stream } from 'node-av/lib';
import { SourceError } from '../camera/source-error.ts';

/** A stream whose own time leaps by more than this against the time that has passed has begun anew. */
const JUMP_SECONDS = 10;
/** It may be behind by so much, as after a standstill of the machine, and leap to where it should be. */
const MOST_BEHIND_SECONDS = 120;

export type Timing =
  /** The container tells when a picture is shown. */
  | 'container'
  /** It does not, or what it tells is made up: what counts is when a picture came. */
  | 'arrival';

/** When the packets of an input are shown, in seconds since its first one. */
export class InputTimeline {
  readonly #timing: Timing;
  readonly #now: () => number;
  /** Subtracted from the container's times. */
  #originSeconds: number | undefined;
  #startedSeconds: number | undefined;
  #lastSeconds = 0;
  #lastReadSeconds: number | undefined;
  /** How much more time has passed than its own. */
  #behindSeconds = 0;
  /** Where what was read so far ends. */
  #endSeconds = 0;

  /** @param now seconds on a clock that never jumps. */
  constructor(timing: Timing, now: () => number) {
    this.#timing = timing;
    this.#now = now;
  }

  /** The input begins again: it goes on where it ended. */
  restart(): void {
    this.#originSeconds = undefined;
  }

  /** Moves to where it is opened first, or again. @throws SourceError `media` */
  at(packet: Packet, stream: Stream): number {
    if (this.#timing === 'arrival') return this.#arrived();
    const written = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (written === AV_NOPTS_VALUE) return this.#arrived();
    const { num, den } = stream.timeBase;
    const seconds = (Number(written) * num) / den;
    this.#originSeconds ??= seconds - this.#endSeconds;
    const shown = seconds - this.#originSeconds;
    const leapt = shown - this.#lastSeconds;
    const now = this.#now();
    const ahead = leapt - this.#behindSeconds - (now - (this.#lastReadSeconds ?? now));
    this.#lastReadSeconds = now;
    this.#behindSeconds = Math.min(MOST_BEHIND_SECONDS, Math.max(0, -ahead));
    if (leapt < -JUMP_SECONDS || ahead > JUMP_SECONDS) {
      throw new SourceError('media', `the stream's own time leapt by ${leapt.toFixed(1)} s`);
    }
    this.#lastSeconds = shown;
    this.#endSeconds = Math.max(this.#endSeconds, shown + (Number(packet.duration) * num) / den);
    return shown;
  }

  #arrived(): number {
    const now = this.#now();
    this.#startedSeconds ??= now;
    return now - this.#startedSeconds;
  }
}
