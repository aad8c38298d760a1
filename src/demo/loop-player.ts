import type { Clock, Timer } from '../base/clock.ts';
import { wallMs, type MonotonicMs, type WallMs } from '../base/time.ts';
import type { MediaUnit, ServedStream } from '../rtsp/server/served-stream.ts';
import type { ServedMedia } from '../rtsp/server/served-media.ts';
import { AAC_UNIT_SAMPLES, parameterSetsOf, type Clip, type ClipUnit } from './clip.ts';
import { stampUnit } from './frame-stamp.ts';

/** Behind by more than this (the host slept), the player leaves out the time. For less it hurries, as a camera does that was held up. */
const MAX_DELAY_MS = 5_000;
const VIDEO_CLOCK_RATE_HZ = 90_000;

export interface LoopPlayerOptions {
  readonly clip: Clip;
  readonly stream: ServedStream;
  readonly clock: Clock;
  /** Camera and stream as written on the stamps, `camera/path`. */
  readonly stampName: string;
  /** Whether key pictures carry the parameter sets; default true. */
  readonly hasBandParameterSets?: boolean | undefined;
  /** Pictures sent by a player before this one, so that the numbering goes on; default 0. */
  readonly sentBefore?: number | undefined;
  /** Changes or withholds what is sent; a withheld picture is not numbered. For tests. */
  readonly alter?: ((unit: MediaUnit) => MediaUnit | undefined) | undefined;
}

/** The tracks by which a clip is served. */
export function mediaOfClip(clip: Clip): ServedMedia[] {
  const video: ServedMedia = {
    kind: 'video',
    codec: clip.parameterSets.codec,
    parameterSets: clip.parameterSets,
  };
  return clip.sound === undefined ? [video] : [video, { kind: 'sound', ...clip.sound }];
}

/**
 * Plays a clip over and over into a stream, at its pace, from `start` until disposed of. Time is counted in slots of
 * one frame each. Each picture carries a stamp; see `stampUnit`.
 */
export class LoopPlayer implements Disposable {
  readonly #options: LoopPlayerOptions;
  #clip: Clip;
  #timer: Timer | undefined;
  #startMs: MonotonicMs;
  #startWallMs: WallMs;
  /** The slot whose picture is sent next, since `start`. */
  #slot = 0;
  /** Position in the clip of the picture sent next. */
  #position = 0;
  /** Sound units sent since `start`. */
  #soundUnits = 0;
  #framesSent: number;

  constructor(options: LoopPlayerOptions) {
    this.#options = options;
    this.#clip = options.clip;
    this.#framesSent = options.sentBefore ?? 0;
    this.#startMs = options.clock.monotonicMs();
    this.#startWallMs = options.clock.wallMs();
  }

  /** The number on the last picture's stamp: pictures sent so far, by earlier players too. */
  get framesSent(): number {
    return this.#framesSent;
  }

  /** Sends the first picture at once. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#startMs = this.#options.clock.monotonicMs();
    this.#startWallMs = this.#options.clock.wallMs();
    this.#tick();
  }

  /** Goes on with another clip of the same codec and rate, from its first key picture. */
  switchTo(clip: Clip): void {
    this.#clip = clip;
    this.#position = 0;
    this.#options.stream.redescribe(mediaOfClip(clip));
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #tick(): void {
    const { clock } = this.#options;
    const slotMs = 1000 / this.#clip.rateFps;
    const lateMs = clock.monotonicMs() - this.#startMs - this.#slot * slotMs;
    if (lateMs > MAX_DELAY_MS) this.#slot += Math.floor(lateMs / slotMs);
    this.#sendPicture();
    this.#sendSound();
    this.#slot++;
    const waitMs = this.#startMs + this.#slot * slotMs - clock.monotonicMs();
    this.#timer = clock.setTimer(Math.max(0, waitMs), () => this.#tick());
  }

  #sendPicture(): void {
    const { stream, clock, stampName, alter } = this.#options;
    const picture = this.#clip.units[this.#position];
    if (picture === undefined) return;
    // Where there are B frames, a picture is shown some slots after or before that in which it is sent.
    const shownSlot = this.#slot + picture.frame - this.#position;
    const stamp = {
      stream: stampName,
      number: this.#framesSent + 1,
      wallMs: clock.wallMs(),
      frame: picture.frame,
    };
    const unit: MediaUnit = {
      track: 0,
      parts: this.#partsOf(picture, stampUnit(this.#clip.parameterSets.codec, stamp)),
      timestamp: Math.round((shownSlot * VIDEO_CLOCK_RATE_HZ) / this.#clip.rateFps),
      wallMs: wallMs(this.#startWallMs + (shownSlot * 1000) / this.#clip.rateFps),
      isKey: picture.isKey,
    };
    const altered = alter === undefined ? unit : alter(unit);
    if (altered === undefined) return;
    this.#framesSent++;
    this.#position = (this.#position + 1) % this.#clip.units.length;
    stream.send(altered);
  }

  #partsOf(picture: ClipUnit, stamp: Buffer): readonly Uint8Array[] {
    const carriesSets = picture.isKey && this.#options.hasBandParameterSets !== false;
    const sets = carriesSets ? parameterSetsOf(this.#clip.parameterSets) : [];
    return [...sets, stamp, ...picture.nals];
  }

  /** Sends all sound up to the slot's end. */
  #sendSound(): void {
    const sound = this.#clip.sound;
    if (sound === undefined) return;
    const { stream, alter } = this.#options;
    const dueUnits = Math.floor(
      ((this.#slot + 1) * sound.sampleRateHz) / (this.#clip.rateFps * AAC_UNIT_SAMPLES),
    );
    // After a leap of time the sound that was missed stays missed.
    this.#soundUnits = Math.max(
      this.#soundUnits,
      dueUnits - Math.ceil(sound.sampleRateHz / AAC_UNIT_SAMPLES),
    );
    for (; this.#soundUnits < dueUnits; this.#soundUnits++) {
      const part = sound.units[this.#soundUnits % sound.units.length];
      if (part === undefined) return;
      const timestamp = this.#soundUnits * AAC_UNIT_SAMPLES;
      const unit: MediaUnit = {
        track: 1,
        parts: [part],
        timestamp,
        wallMs: wallMs(this.#startWallMs + (timestamp * 1000) / sound.sampleRateHz),
        isKey: true,
      };
      const altered = alter === undefined ? unit : alter(unit);
      if (altered !== undefined) stream.send(altered);
    }
  }
}
