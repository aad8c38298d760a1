import { sleep, type Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { RecorderLink, WatchedStream } from '../control/recorder-link.ts';
import type { PacketRecord } from '../media/packet-records.ts';
import { ControlError } from '../control/control-error.ts';
import { isMp4Sound, isVideo, type Mp4SoundTrack, type Packet, type VideoPacket } from '../media/packet.ts';
import { Generation } from './generation.ts';
import type { MediaMessage } from './live-message.ts';

/** A player of a shared stream. Must not wait. */
export interface StreamFollower {
  /** A generation begins, or he has just come: these are its messages since the last key picture. */
  generation(generation: Generation, messages: readonly MediaMessage[]): void;
  message(message: MediaMessage): void;
  /** It does not play at present. */
  away(reason: string): void;
}

export interface SharedStreamOptions {
  readonly watched: WatchedStream;
  readonly link: RecorderLink;
  /** Media time 0, wherever that can be. */
  readonly epochWallMs: WallMs;
  readonly nextGen: () => number;
  readonly nextSeq: () => number;
  readonly clock: Clock;
  /** Carries camera and stream in its fields. */
  readonly log: Log;
}

interface Timed {
  readonly packet: Packet;
  readonly wallMs: WallMs;
}

/** Sound that has not come for so long has ceased: a generation that waited for it would stand still. */
const LONGEST_SILENCE_MS = 1_000;
/** A time line begins so long before its first packet, for there may be older sound beside it. */
const LEAD_MS = 60_000;
const RETRY_MS = { first: 200, longest: 2_000 };
/** Of the current GOP; of a longer one players that come get nothing up to the next key picture. */
const MAX_HELD_BYTES = 16 * 2 ** 20;
/** Pictures whose distances tell the usual one. */
const MEASURED_PICTURES = 50;

/** A camera's stream while anybody plays it: read once over the recorder link, made into messages once. */
export class SharedStream implements AsyncDisposable {
  readonly #options: SharedStreamOptions;
  readonly #followers = new Set<StreamFollower>();
  #watching: AbortController | undefined;
  #generation: Generation | undefined;
  /** Of the generation, since its last key picture. */
  #held: MediaMessage[] = [];
  #heldBytes = 0;
  /** What the recorder held for us, until all of that has come. */
  #burst: Timed[] | undefined;
  #audio: { readonly track: Mp4SoundTrack; readonly wallMs: WallMs } | undefined;
  #intervalTicks: number | undefined;
  #awayReason: string | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: SharedStreamOptions) {
    this.#options = options;
  }

  /** The stream's messages until disposed of. */
  follow(follower: StreamFollower): Disposable {
    this.#followers.add(follower);
    if (this.#watching === undefined) this.#start();
    else if (this.#awayReason !== undefined) follower.away(this.#awayReason);
    else if (this.#generation !== undefined) follower.generation(this.#generation, this.#held);
    return {
      [Symbol.dispose]: () => {
        this.#followers.delete(follower);
        if (this.#followers.size === 0) this.#stop();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#followers.clear();
    this.#stop();
    await this.#work;
  }

  #start(): void {
    const watching = new AbortController();
    this.#watching = watching;
    const before = this.#work;
    this.#work = Promise.all([before, this.#keepWatching(watching.signal)]).then(() => undefined);
  }

  #stop(): void {
    this.#watching?.abort();
    this.#watching = undefined;
    this.#forget();
    this.#awayReason = undefined;
  }

  async #keepWatching(signal: AbortSignal): Promise<void> {
    const { link, watched, clock, log } = this.#options;
    let delayMs = RETRY_MS.first;
    while (!signal.aborted) {
      this.#burst = [];
      try {
        await link.watch(
          watched,
          (record) => {
            delayMs = RETRY_MS.first;
            if (!signal.aborted) this.#take(record);
          },
          signal,
        );
      } catch (error) {
        if (signal.aborted) return;
        log.debug(`the stream of the recorder ended: ${describeError(error)}`);
        this.#away(reasonOf(error));
      }
      await sleep(clock, delayMs, signal).catch(() => undefined);
      delayMs = Math.min(RETRY_MS.longest, delayMs * 2);
    }
  }

  #take(record: PacketRecord): void {
    switch (record.kind) {
      case 'run':
        this.#forget();
        this.#awayReason = undefined;
        return;
      case 'packet':
        if (this.#burst === undefined) this.#takePacket(record);
        else this.#burst.push(record);
        return;
      case 'caught-up':
        this.#takeBurst();
        return;
      case 'away':
        this.#away(record.reason);
        return;
      case 'dropped':
        // The next picture is a key picture, and the muxer sees the gap.
        this.#options.log.warn(
          `reading from the recorder was too slow; ${record.pictures} pictures are missing`,
        );
    }
  }

  /** What the recorder held becomes messages all at once: only then is known whether there is sound. */
  #takeBurst(): void {
    const burst = this.#burst ?? [];
    this.#burst = undefined;
    for (const timed of burst) this.#noteSound(timed);
    this.#intervalTicks = usualIntervalTicks(burst.map(({ packet }) => packet).filter(isVideo));
    for (const { packet, wallMs: at } of burst) {
      if (this.#generation === undefined && isVideo(packet) && packet.isKey) this.#begin(packet, at);
      this.#addMessage(packet, at);
    }
    this.#announce();
  }

  #takePacket(timed: Timed): void {
    const { packet, wallMs: at } = timed;
    this.#noteSound(timed);
    if (isVideo(packet) && packet.isKey) {
      if (this.#generation?.holds(packet, this.#audioAt(at)) === true) this.#releaseHeld();
      else {
        this.#begin(packet, at);
        this.#announce();
      }
    }
    const message = this.#addMessage(packet, at);
    if (message === undefined) return;
    for (const follower of this.#followers) follower.message(message);
  }

  #noteSound({ packet: { track }, wallMs: at }: Timed): void {
    if (isMp4Sound(track)) this.#audio = { track, wallMs: at };
  }

  #audioAt(at: WallMs): Mp4SoundTrack | undefined {
    if (this.#audio === undefined || at - this.#audio.wallMs > LONGEST_SILENCE_MS) return undefined;
    return this.#audio.track;
  }

  #begin(first: VideoPacket, at: WallMs): void {
    const { epochWallMs: usual, nextGen, nextSeq } = this.#options;
    this.#releaseHeld();
    this.#generation = new Generation({
      gen: nextGen(),
      nextSeq,
      first,
      firstWallMs: at,
      // The host's clock may have been set back to before the usual one.
      epochWallMs: wallMs(Math.min(usual, at - LEAD_MS)),
      audio: this.#audioAt(at),
      intervalTicks: this.#intervalTicks,
    });
  }

  #announce(): void {
    const generation = this.#generation;
    if (generation === undefined) return;
    for (const follower of this.#followers) follower.generation(generation, this.#held);
  }

  #addMessage(packet: Packet, at: WallMs): MediaMessage | undefined {
    try {
      const message = this.#generation?.message(packet, at);
      if (message !== undefined) this.#hold(message);
      return message;
    } catch (error) {
      this.#options.log.debug(`a packet cannot be shown: ${describeError(error)}`);
      return undefined;
    }
  }

  /** Nothing is held up to the next key picture of a GOP that is too large. */
  #hold(message: MediaMessage): void {
    if (this.#held.length === 0 && !message.isKey) return;
    this.#held.push(message);
    this.#heldBytes += message.sizeBytes;
    if (this.#heldBytes > MAX_HELD_BYTES) this.#releaseHeld();
  }

  #releaseHeld(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #forget(): void {
    this.#generation = undefined;
    this.#audio = undefined;
    this.#releaseHeld();
  }

  #away(reason: string): void {
    this.#forget();
    this.#awayReason = reason;
    for (const follower of this.#followers) follower.away(reason);
  }
}

function reasonOf(error: unknown): string {
  const isUnknown = error instanceof ControlError && error.kind === 'unknown';
  return isUnknown ? 'the camera is not being recorded' : 'the recorder does not answer';
}

/** Between the last pictures, the one in the middle. */
function usualIntervalTicks(pictures: readonly VideoPacket[]): number | undefined {
  const last = pictures.slice(-MEASURED_PICTURES);
  const intervals = last.slice(1).map(({ dts }, i) => dts - (last[i]?.dts ?? dts));
  return intervals.toSorted((a, b) => a - b)[Math.floor(intervals.length / 2)];
}
