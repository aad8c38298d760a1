import type { SoundFormat } from './sound-format.ts';
import type { SoundLevel } from './sound-level.ts';

/** From the recorder to its sound process: what came in the last moments, all of it to be done before the answer. */
export interface SoundWork {
  readonly type: 'work';
  /** Counts up. */
  readonly number: number;
  /** Sound that begins, in this order before `packets`. */
  readonly opened: readonly OpenedLine[];
  readonly packets: readonly SoundPacket[];
  /** Lines of which nothing more comes. */
  readonly closed: readonly number[];
}

export interface OpenedLine {
  readonly line: number;
  readonly format: SoundFormat;
  /** Encoded to AAC, or only measured. */
  readonly use: 'encode' | 'measure';
}

export interface SoundPacket {
  /** Whose sound: a number of one camera's run. */
  readonly line: number;
  /** When it is heard, in seconds of the run's media time. */
  readonly seconds: number;
  readonly data: Uint8Array;
}

export type ToSoundProcess = SoundWork | { readonly type: 'stop' };

/** What became of the work of that number. */
export interface SoundDone {
  readonly number: number;
  readonly units: readonly EncodedUnit[];
  readonly levels: readonly LineLevel[];
  /** Lines that are given up. */
  readonly failed: readonly FailedLine[];
}

/** An access unit of AAC. */
export interface EncodedUnit {
  readonly line: number;
  /** When it is heard, in ticks of the encoded track. */
  readonly ticks: number;
  readonly data: Uint8Array;
}

export interface LineLevel extends SoundLevel {
  readonly line: number;
}

export interface FailedLine {
  readonly line: number;
  readonly reason: string;
}
