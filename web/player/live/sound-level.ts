/** Samples that are looked at: less than a tenth of a second. */
const WINDOW_SAMPLES = 4_096;
/** Less is not told apart. */
export const QUIETEST_DBFS = -90;

/**
 * How loud what a `<video>` plays is. The browser plays its sound through this from then on, so there is one for an element,
 * until the element goes.
 */
export class SoundLevel {
  readonly #context = new AudioContext();
  readonly #analyser: AnalyserNode;
  readonly #samples = new Float32Array(WINDOW_SAMPLES);

  constructor(video: HTMLMediaElement) {
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = WINDOW_SAMPLES;
    this.#context.createMediaElementSource(video).connect(this.#analyser).connect(this.#context.destination);
  }

  /** Browsers begin without sound where nobody has touched the page. */
  resume(): void {
    this.#context.resume().catch(() => undefined);
  }

  /** The mean (RMS) of the last moments, in dBFS as recordings are measured; `QUIETEST_DBFS` for silence. */
  read(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return dbfsOf(this.#samples);
  }

  close(): void {
    this.#context.close().catch(() => undefined);
  }
}

export function dbfsOf(samples: Float32Array): number {
  const squares = samples.reduce((sum, sample) => sum + sample * sample, 0);
  return Math.max(QUIETEST_DBFS, 10 * Math.log10(squares / samples.length));
}
