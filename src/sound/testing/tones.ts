/** Sound for tests: tones as samples, and what is heard of them. */

/** A sample of a sine, -1..1. */
export function sineAt(seconds: number, hz: number): number {
  return Math.sin(2 * Math.PI * hz * seconds);
}

/** A tenth of a second of 1 kHz at the beginning of each second but the first, and silence. */
export function beepAt(seconds: number): number {
  return seconds >= 0.5 && seconds % 1 < 0.1 ? 0.5 * sineAt(seconds, 1_000) : 0;
}

/** ITU-T G.711 A-law of a sample -1..1. */
export function aLaw(sample: number): number {
  const value = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
  const magnitude = Math.abs(value) >> 3;
  const segment = Math.max(0, 27 - Math.clz32(magnitude));
  const mantissa = (magnitude >> Math.max(1, segment)) & 0xf;
  return ((value >= 0 ? 0x80 : 0) | (segment << 4) | mantissa) ^ 0x55;
}

/** Packets of A-law of 8 kHz. @param sound its samples at a time in seconds. */
export function* aLawPackets(
  sound: (seconds: number) => number,
  { seconds, samples = 160 }: { readonly seconds: number; readonly samples?: number },
): Generator<{ readonly at: number; readonly data: Uint8Array }> {
  for (let first = 0; first < seconds * 8_000; first += samples) {
    const data = Uint8Array.from({ length: samples }, (_, i) => aLaw(sound((first + i) / 8_000)));
    yield { at: first / 8_000, data };
  }
}

/** Shorter than the beeps of `beepAt`, by what a gap may cut off. */
const WHOLE_BEEP_SECONDS = 0.09;

/** When whole beeps begin, in seconds. */
export function onsets(heard: Float32Array, rateHz: number, threshold = 0.1): number[] {
  const found: number[] = [];
  let start = 0;
  let end = Number.NEGATIVE_INFINITY;
  const note = () => {
    if (end - start >= WHOLE_BEEP_SECONDS * rateHz) found.push(start / rateHz);
  };
  for (const [i, sample] of heard.entries()) {
    if (Math.abs(sample) < threshold) continue;
    if (i - end > rateHz / 10) {
      note();
      start = i;
    }
    end = i;
  }
  note();
  return found;
}

/** How often a second the sound goes through zero upwards. */
export function pitchHz(heard: Float32Array, rateHz: number): number {
  let crossings = 0;
  for (let i = 1; i < heard.length; i++) if ((heard[i - 1] ?? 0) < 0 && (heard[i] ?? 0) >= 0) crossings++;
  return (crossings * rateHz) / heard.length;
}
