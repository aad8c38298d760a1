import { BitMask } from '../bit-mask.ts';
import type { LumaPicture } from '../detector.ts';
import { LumaIntake } from '../luma-intake.ts';
import { dilate, erode } from '../morphology.ts';
import type { ScaledSize } from '../scale-area.ts';
import type { Background, BackgroundOptions } from './background.ts';
import {
  BACKGROUND_WEIGHT,
  BLINKING_TOLERANCE,
  GAIN,
  GREATEST_TOLERANCE,
  GROWTH,
  LEAST_TOLERANCE,
  MODES,
  NEW_WEIGHT,
  NO_OFFSET,
  OFFSET_COLUMNS,
  OFFSET_ROWS,
  OFFSETS,
  RESTLESS,
  SLOW_GAIN,
  START_TOLERANCE,
  START_WEIGHT,
  TOLERANCE_FACTOR,
  UNREST_PER_FLIP,
} from './rules.ts';

/** `Background` in TypeScript: the plain reference for the kernel's. Planes are row-major without padding. */
export class PlainBackground implements Background {
  readonly #analysed: ScaledSize;
  readonly #intake: LumaIntake;
  readonly #picture: Uint8Array;
  /** Brightness and weight of the modes, `MODES` of each a pixel, the heaviest first. */
  readonly #modes: Uint8Array;
  readonly #weights: Uint8Array;
  readonly #tolerance: Uint8Array;
  readonly #unrest: Uint8Array;
  /** 1 where the last picture was foreground. */
  readonly #wasForeground: Uint8Array;
  /** 1 where pixels are looked at. */
  readonly #isWatched: Uint8Array;
  readonly #offsets = new Int32Array(OFFSETS);

  constructor({ source, analysed, watched }: BackgroundOptions) {
    const pixels = analysed.widthPx * analysed.heightPx;
    this.#analysed = analysed;
    this.#intake = new LumaIntake(source, analysed);
    this.#picture = new Uint8Array(pixels);
    this.#modes = new Uint8Array(MODES * pixels);
    this.#weights = new Uint8Array(MODES * pixels);
    this.#tolerance = new Uint8Array(pixels);
    this.#unrest = new Uint8Array(pixels);
    this.#wasForeground = new Uint8Array(pixels);
    this.#isWatched = watched?.toBytes().map((byte) => byte & 1) ?? new Uint8Array(pixels).fill(1);
  }

  take(picture: LumaPicture): void {
    this.#intake.take(picture, this.#picture);
  }

  begin(): void {
    this.#modes.fill(0);
    this.#weights.fill(0);
    for (const [i, luma] of this.#picture.entries()) {
      this.#modes[MODES * i] = luma;
      this.#weights[MODES * i] = START_WEIGHT;
    }
    this.#tolerance.fill(START_TOLERANCE);
    this.#unrest.fill(0);
    this.#wasForeground.fill(0);
  }

  offsets(): Int32Array {
    const { widthPx, heightPx } = this.#analysed;
    this.#offsets.fill(0);
    for (let y = 0; y < heightPx; y += OFFSET_ROWS) {
      for (let x = 0; x < widthPx; x += OFFSET_COLUMNS) {
        const i = y * widthPx + x;
        if (this.#isWatched[i] === 0) continue;
        const offset = NO_OFFSET + (this.#picture[i] ?? 0) - (this.#modes[MODES * i] ?? 0);
        this.#offsets[offset] = (this.#offsets[offset] ?? 0) + 1;
      }
    }
    return this.#offsets;
  }

  brighten(offset: number): void {
    for (const [i, mode] of this.#modes.entries()) {
      this.#modes[i] = Math.min(255, Math.max(0, mode + offset));
    }
  }

  learn(isHasty: boolean, isForgetting: boolean): number {
    let foreground = 0;
    for (let i = 0; i < this.#picture.length; i++) {
      const matched = this.#matchOf(i);
      const isForeground = matched === MODES || (this.#weights[MODES * i + matched] ?? 0) < BACKGROUND_WEIGHT;
      const isBlinking = this.#settle(i, isForeground);
      this.#follow(i, matched, isForeground && isBlinking);
      if (matched === MODES) this.#replaceLightest(i);
      else this.#strengthen(i, matched, isHasty || isBlinking, isForgetting);
      this.#order(i);
      this.#wasForeground[i] = isForeground ? 1 : 0;
      if (isForeground) foreground += this.#isWatched[i] ?? 0;
    }
    return foreground;
  }

  foreground(): BitMask {
    const { widthPx, heightPx } = this.#analysed;
    const foreground = this.#wasForeground.map((was, i) => was & (this.#isWatched[i] ?? 0));
    return BitMask.fromBytes(widthPx, heightPx, foreground);
  }

  joinedForeground(): BitMask {
    const mask = this.foreground();
    erode(mask, 1);
    dilate(mask, 1 + GROWTH);
    return mask;
  }

  [Symbol.dispose](): void {}

  /** The first mode that the pixel shows, `MODES` if none. */
  #matchOf(i: number): number {
    const [luma, tolerance] = [this.#picture[i] ?? 0, this.#tolerance[i] ?? 0];
    for (let mode = 0; mode < MODES; mode++) {
      const difference = Math.abs(luma - (this.#modes[MODES * i + mode] ?? 0));
      if (this.#weights[MODES * i + mode] !== 0 && difference <= tolerance) return mode;
    }
    return MODES;
  }

  /** @returns whether the pixel blinks. */
  #settle(i: number, isForeground: boolean): boolean {
    const rest = Math.max(0, (this.#unrest[i] ?? 0) - 1);
    const isFlip = isForeground !== (this.#wasForeground[i] === 1);
    const unrest = Math.min(255, rest + (isFlip ? UNREST_PER_FLIP : 0));
    this.#unrest[i] = unrest;
    return unrest >= RESTLESS;
  }

  /** The tolerance follows how far the pixel is from the mode it shows. */
  #follow(i: number, matched: number, isBlinkingForeground: boolean): void {
    let tolerance = this.#tolerance[i] ?? 0;
    if (matched < MODES) {
      const difference = Math.abs((this.#picture[i] ?? 0) - (this.#modes[MODES * i + matched] ?? 0));
      const wanted = clamp(TOLERANCE_FACTOR * difference, LEAST_TOLERANCE, GREATEST_TOLERANCE);
      tolerance += Math.sign(wanted - tolerance);
    }
    if (isBlinkingForeground) tolerance = Math.min(GREATEST_TOLERANCE, tolerance + BLINKING_TOLERANCE);
    this.#tolerance[i] = tolerance;
  }

  #replaceLightest(i: number): void {
    this.#modes[MODES * i + MODES - 1] = this.#picture[i] ?? 0;
    this.#weights[MODES * i + MODES - 1] = NEW_WEIGHT;
  }

  #strengthen(i: number, matched: number, isFast: boolean, isForgetting: boolean): void {
    for (let mode = 0; mode < MODES; mode++) {
      const at = MODES * i + mode;
      const weight = this.#weights[at] ?? 0;
      if (mode !== matched) {
        if (isForgetting) this.#weights[at] = Math.max(0, weight - 1);
        continue;
      }
      const gain = isFast || weight >= BACKGROUND_WEIGHT ? GAIN : SLOW_GAIN;
      this.#weights[at] = Math.min(255, weight + gain);
      const brightness = this.#modes[at] ?? 0;
      this.#modes[at] = brightness + Math.sign((this.#picture[i] ?? 0) - brightness);
    }
  }

  /** One pass from the lightest mode on, which is enough: only one has become heavier. */
  #order(i: number): void {
    for (let at = MODES * i + MODES - 1; at > MODES * i; at--) {
      if ((this.#weights[at] ?? 0) <= (this.#weights[at - 1] ?? 0)) continue;
      swap(this.#weights, at);
      swap(this.#modes, at);
    }
  }
}

/** With the value before it. */
function swap(values: Uint8Array, at: number): void {
  const value = values[at] ?? 0;
  values[at] = values[at - 1] ?? 0;
  values[at - 1] = value;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
