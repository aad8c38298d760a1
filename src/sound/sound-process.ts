import type { Clock, Timer } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { ChildEnd } from '../base/supervised-child.ts';
import { mediaTicks } from '../base/time.ts';
import { Watchdog } from '../base/watchdog.ts';
import { shownAtMs, type Mp4SoundTrack, type Packet, type SampledTrack } from '../media/packet.ts';
import { aacFormatFor, aacTrackOf } from './aac-format.ts';
import type {
  EncodedUnit,
  OpenedLine,
  SoundDone,
  SoundPacket,
  SoundWork,
  ToSoundProcess,
} from './messages.ts';
import { formatOfTrack } from './sound-format.ts';
import type { SoundLevel } from './sound-level.ts';

/** The child process that encodes. */
export interface SoundChild extends AsyncDisposable {
  start(): void;
  send(message: ToSoundProcess): void;
  /** Ends the present child at once; another follows. */
  kill(): void;
}

/** What is heard of it. */
export interface SoundChildListener {
  readonly onStarted: () => void;
  readonly onMessage: (message: SoundDone) => void;
  readonly onEnded: (end: ChildEnd) => void;
}

export interface SoundProcessOptions {
  readonly makeChild: (listener: SoundChildListener) => SoundChild;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where one camera's sound goes. Dispose of it when that ends: nothing comes of it any more. */
export interface SoundIntake extends Disposable {
  /** @param packet of the track that was told, valid during the call. */
  push(packet: Packet): void;
}

interface Line extends OpenedLine {
  readonly onUnit?: (unit: EncodedUnit) => void;
  readonly onLevel?: (level: SoundLevel) => void;
  readonly log: Log;
}

/** Packets wait so long for those of other cameras: one message for all of them costs a tenth of one for each. */
const GATHER_MS = 20;
/** A process that has not answered for so long hangs; it may take longer to start. */
const PATIENCE_MS = 5_000;
const FIRST_PATIENCE_MS = 30_000;
/** What may be under way to it. Sound beyond that is left out: a minute of eight cameras. */
const MAX_UNDER_WAY_BYTES = 4 * 2 ** 20;

/**
 * Encodes the sound of all cameras that no recording can hold as it comes, in one child process: it is a few thousandths
 * of a core for each, and a process takes as much memory as ten cameras. When it dies or hangs, sound is missing until
 * another one works, about a second; pictures never wait for it.
 */
export class SoundProcess implements AsyncDisposable {
  readonly #options: SoundProcessOptions;
  readonly #child: SoundChild;
  readonly #lines = new Map<number, Line>();
  #lineCount = 0;
  #workCount = 0;
  /** Whether a child takes work. */
  #isReady = false;
  #hasAnswered = false;
  #opened: Line[] = [];
  #packets: SoundPacket[] = [];
  #closed: number[] = [];
  #gathering: Timer | undefined;
  /** Work that has not been answered, the oldest first. */
  #watchdog: Watchdog | undefined;
  #underWay: { readonly number: number; readonly bytes: number }[] = [];
  #underWayBytes = 0;

  constructor(options: SoundProcessOptions) {
    this.#options = options;
    this.#child = options.makeChild({
      onStarted: () => this.#started(),
      onMessage: (message) => this.#done(message),
      onEnded: (end) => this.#ended(end),
    });
  }

  /**
   * @param onPacket takes what comes of it, AAC on a track of the same index, some tenths of a second later.
   * @param log carries the camera in its fields.
   */
  encode(track: SampledTrack, onPacket: (packet: Packet) => void, log: Log): SoundIntake {
    const format = formatOfTrack(track);
    const encoded = aacTrackOf(track.index, aacFormatFor(format));
    const onUnit = ({ ticks, data }: EncodedUnit) => {
      const at = mediaTicks(ticks);
      onPacket({ track: encoded, isKey: true, pts: at, dts: at, data });
    };
    return this.#open({ format, use: 'encode', onUnit, log });
  }

  /** @param onLevel told ten times a second, some tenths of a second later. */
  measure(track: Mp4SoundTrack, onLevel: (level: SoundLevel) => void, log: Log): SoundIntake {
    return this.#open({ format: formatOfTrack(track), use: 'measure', onLevel, log });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gathering?.[Symbol.dispose]();
    this.#watchdog?.[Symbol.dispose]();
    this.#lines.clear();
    await this.#child[Symbol.asyncDispose]();
  }

  #open(opened: Omit<Line, 'line'>): SoundIntake {
    const line = { line: ++this.#lineCount, ...opened };
    this.#lines.set(line.line, line);
    this.#opened.push(line);
    // The first one that is needed starts it; who has none pays for none.
    this.#child.start();
    return {
      push: (packet) => this.#push(line.line, packet),
      [Symbol.dispose]: () => this.#close(line.line),
    };
  }

  #push(line: number, packet: Packet): void {
    if (!this.#isReady || !this.#lines.has(line)) return;
    if (this.#underWayBytes <= MAX_UNDER_WAY_BYTES) {
      this.#packets.push({ line, seconds: shownAtMs(packet) / 1000, data: Uint8Array.from(packet.data) });
    }
    this.#gather();
  }

  #close(line: number): void {
    if (!this.#lines.delete(line)) return;
    this.#opened = this.#opened.filter((one) => one.line !== line);
    this.#closed.push(line);
    this.#gather();
  }

  #gather(): void {
    this.#gathering ??= this.#options.clock.setTimer(GATHER_MS, () => this.#send());
  }

  #send(): void {
    this.#gathering = undefined;
    const packets = this.#packets;
    const opened = this.#opened.map(({ line, format, use }) => ({ line, format, use }));
    const closed = this.#closed;
    this.#packets = [];
    this.#closed = [];
    if (!this.#isReady) return;
    this.#opened = [];
    if (packets.length + opened.length + closed.length > 0) this.#order({ opened, packets, closed });
  }

  #order(work: Pick<SoundWork, 'opened' | 'packets' | 'closed'>): void {
    const number = ++this.#workCount;
    const bytes = work.packets.reduce((sum, { data }) => sum + data.byteLength, 0);
    this.#underWay.push({ number, bytes });
    this.#underWayBytes += bytes;
    if (this.#watchdog === undefined) this.#watch();
    this.#child.send({ type: 'work', number, ...work });
  }

  /** While anything is under way. */
  #watch(): void {
    const { clock, log } = this.#options;
    this.#watchdog?.[Symbol.dispose]();
    this.#watchdog = undefined;
    if (this.#underWay.length === 0) return;
    this.#watchdog = new Watchdog(clock, this.#hasAnswered ? PATIENCE_MS : FIRST_PATIENCE_MS, () => {
      log.error('the sound process did not answer in time; it is started again');
      this.#isReady = false;
      this.#child.kill();
    });
  }

  #started(): void {
    this.#isReady = true;
    this.#hasAnswered = false;
    this.#forget();
    this.#opened = [...this.#lines.values()];
  }

  #ended({ how, restartInMs }: ChildEnd): void {
    this.#isReady = false;
    this.#forget();
    const text = `the sound process ${how}; sound is missing until another one works, in ${restartInMs / 1000} s`;
    this.#options.log.error(text, { cameras: this.#lines.size });
  }

  #forget(): void {
    this.#underWay = [];
    this.#underWayBytes = 0;
    this.#watch();
    this.#packets = [];
    this.#closed = [];
  }

  #done({ number, units, levels, failed }: SoundDone): void {
    this.#hasAnswered = true;
    while (this.#underWay[0] !== undefined && this.#underWay[0].number <= number) {
      this.#underWayBytes -= this.#underWay.shift()?.bytes ?? 0;
    }
    this.#watch();
    for (const unit of units) this.#lines.get(unit.line)?.onUnit?.(unit);
    for (const level of levels) this.#lines.get(level.line)?.onLevel?.(level);
    for (const { line, reason } of failed) {
      this.#lines.get(line)?.log.error(`the sound cannot be used: ${reason}`);
      this.#lines.delete(line);
    }
  }
}
