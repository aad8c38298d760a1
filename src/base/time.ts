/**
 * The three clocks of design/time.md as three types that do not mix. This file is the only place that converts.
 * All three are plain numbers: a double holds integers exactly up to 2^53, which is 3,170 years of 90 kHz ticks.
 * Never apply a 32-bit operator (`|`, `>>`, `&`) to them.
 */

/** Milliseconds since the Unix epoch on the host's clock, which may jump either way. */
export type WallMs = number & { readonly brand: 'wall' };

/** Milliseconds on a clock that never jumps and has no meaning outside this process. */
export type MonotonicMs = number & { readonly brand: 'monotonic' };

/**
 * A moment on a track's media clock: ticks of that track's `clockRateHz`, unwrapped (RTP's 32 bits wrap every
 * 13.25 h at 90 kHz). Zero is the start of the run for every track of the run, so `ticks / clockRateHz` compares
 * between tracks. May be slightly negative for a packet presented before the run's first one.
 */
export type MediaTicks = number & { readonly brand: 'media' };

/** A span of media time in ticks, in seconds. */
export function ticksToSeconds(ticks: number, clockRateHz: number): number {
  return ticks / clockRateHz;
}

export function wallMs(ms: number): WallMs {
  return ms as WallMs;
}

export function monotonicMs(ms: number): MonotonicMs {
  return ms as MonotonicMs;
}

export function mediaTicks(ticks: number): MediaTicks {
  return ticks as MediaTicks;
}
