import type { Log } from '../base/log.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { LoudConfig } from '../config/config.ts';
import { Loudness } from '../event/loudness.ts';
import { isMp4Sound, type Packet, type Track } from '../media/packet.ts';
import type { Run } from '../media/run.ts';
import { LEVEL_SECONDS, type SoundLevel } from '../sound/sound-level.ts';
import type { SoundIntake, SoundProcess } from '../sound/sound-process.ts';

const LEVEL_MS = LEVEL_SECONDS * 1_000;

export interface CameraLoudnessOptions {
  readonly config: LoudConfig;
  readonly process: SoundProcess;
  /** Whether sound of this time counts: where it does not, what is loud later did not begin before. */
  readonly isWanted: (at: WallMs) => boolean;
  /** Told while it is loud: since when, and until when so far. */
  readonly onLoud: (since: WallMs, until: WallMs) => void;
  readonly log: Log;
}

/** Listens to the sound of a camera's recorded stream. */
export class CameraLoudness implements Disposable {
  readonly #options: CameraLoudnessOptions;
  readonly #loudness: Loudness;
  #heard: { readonly track: Track; readonly intake: SoundIntake } | undefined;

  constructor(options: CameraLoudnessOptions) {
    this.#options = options;
    this.#loudness = new Loudness(options.config);
  }

  /** @param packet of sound. */
  packet(packet: Packet, run: Run): void {
    const { track } = packet;
    if (!isMp4Sound(track)) return;
    if (this.#heard?.track !== track) {
      this[Symbol.dispose]();
      const { process, log } = this.#options;
      this.#heard = { track, intake: process.measure(track, (level) => this.#take(level, run), log) };
    }
    this.#heard?.intake.push(packet);
  }

  /** To be called at the end of each run; it goes on with the next one. */
  [Symbol.dispose](): void {
    this.#heard?.intake[Symbol.dispose]();
    this.#heard = undefined;
    this.#loudness.reset();
  }

  #take({ seconds, rmsDbfs }: SoundLevel, run: Run): void {
    const at = run.clock.wallOf(seconds * 1_000);
    if (!this.#options.isWanted(at)) {
      this.#loudness.reset();
      return;
    }
    const since = this.#loudness.next(at, { dbfs: rmsDbfs, lastsMs: LEVEL_MS });
    if (since !== undefined) this.#options.onLoud(since, wallMs(at + LEVEL_MS));
  }
}
