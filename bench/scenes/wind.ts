import { seededRandom, smoothGrain } from '../../src/demo/grain.ts';

/** How strong the wind is at a time, 0..1. */
export type Wind = (seconds: number) => number;

/**
 * Wind in gusts of 6 to 14 s with lulls of 10 to 40 s between them, in which it does not quite rest. Within a gust it
 * goes up and down.
 */
export function gustyWind(untilSeconds: number, seed: number): Wind {
  const random = seededRandom(seed);
  const gusts: { from: number; to: number; strength: number }[] = [];
  for (let from = 5 + 20 * random(); from < untilSeconds;) {
    const to = from + 6 + 8 * random();
    gusts.push({ from, to, strength: 0.6 + 0.4 * random() });
    from = to + 10 + 30 * random();
  }
  return (seconds) => {
    const breeze = 0.1 + 0.05 * smoothGrain(seconds, 0, 4, seed);
    const gust = gusts.find(({ from, to }) => seconds >= from && seconds < to);
    if (gust === undefined) return breeze;
    // Rises and falls within a second and a half.
    const ramp = Math.min(1, (seconds - gust.from) / 1.5, (gust.to - seconds) / 1.5);
    return breeze + ramp * (gust.strength * (0.85 + 0.15 * smoothGrain(seconds, 1, 1.5, seed)) - breeze);
  };
}
