import { AV_SAMPLE_FMT_FLTP } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { SoundDecoder } from './sound-decoder.ts';
import type { SoundFormat } from './sound-format.ts';
import { dbfs, LEVEL_SECONDS, type SoundLevel } from './sound-level.ts';

/**
 * Measures how loud AAC or Opus is. Loads native code: not for the recorder's process. Dispose of it.
 */
export class SoundMeter implements Disposable {
  readonly #decoder: SoundDecoder;
  readonly #onLevel: (level: SoundLevel) => void;
  #startSeconds: number | undefined;
  #samples = 0;
  #squares = 0;
  #peak = 0;

  /** @throws EncodeError where there is no decoder for it. */
  constructor(format: SoundFormat, onLevel: (level: SoundLevel) => void) {
    this.#decoder = new SoundDecoder(format);
    this.#onLevel = onLevel;
  }

  /** @param seconds when it is heard. */
  push(data: Uint8Array, seconds: number): void {
    let at = seconds;
    this.#decoder.decode(data, (frame) => {
      if (frame.format !== AV_SAMPLE_FMT_FLTP || frame.sampleRate <= 0) return;
      this.#take(frame, at);
      at += frame.nbSamples / frame.sampleRate;
    });
  }

  [Symbol.dispose](): void {
    this.#decoder[Symbol.dispose]();
  }

  /** The loudest channel counts. */
  #take(frame: Frame, seconds: number): void {
    const planes = (frame.data ?? []).map((plane) => floatsOf(plane, frame.nbSamples));
    const windowSamples = Math.round(frame.sampleRate * LEVEL_SECONDS);
    for (let i = 0; i < frame.nbSamples; i++) {
      this.#startSeconds ??= seconds + i / frame.sampleRate;
      let highest = 0;
      for (const plane of planes) highest = Math.max(highest, Math.abs(plane[i] ?? 0));
      this.#squares += highest * highest;
      this.#peak = Math.max(this.#peak, highest);
      this.#samples += 1;
      if (this.#samples >= windowSamples) this.#tell(this.#startSeconds);
    }
  }

  #tell(seconds: number): void {
    const rms = Math.sqrt(this.#squares / this.#samples);
    this.#onLevel({ seconds, rmsDbfs: dbfs(rms), peakDbfs: dbfs(this.#peak) });
    this.#startSeconds = undefined;
    this.#samples = 0;
    this.#squares = 0;
    this.#peak = 0;
  }
}

function floatsOf(plane: Buffer, samples: number): Float32Array {
  return new Float32Array(plane.buffer, plane.byteOffset, Math.min(samples, plane.byteLength >> 2));
}
