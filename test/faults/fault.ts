/** Something that goes wrong in the world, and the proof that the recorder bears it. */
export interface Fault {
  /** What has to hold, as a sentence: `a killed recorder loses at most one GOP`. */
  readonly title: string;
  /** Why it cannot be tried here (no root, no ext4, a program that is missing); undefined where it can. */
  requires(): Promise<string | undefined>;
  /** Tries it in real time. What it starts and writes is gone when it returns or throws. */
  run(report: FaultReport): Promise<FaultResult>;
}

/** Tells how far a fault is. `share` is 0..1, undefined where nobody knows; `text` such as `kill 17 of 100`. */
export type FaultReport = (share: number | undefined, text: string) => void;

export interface FaultResult {
  readonly ok: boolean;
  /** What was counted and measured, with units in the names: `{ kills: 100, 'unreadable files': 0 }`. */
  readonly figures: Readonly<Record<string, number | string>>;
}
