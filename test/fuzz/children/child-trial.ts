import type { Random } from '../random.ts';

/** A child of the recorder, fed by a camera of one codec that sends damaged packets. */
export interface ChildTrial {
  /** Of the child's program and the codec, such as `analyzer-h265`. */
  readonly name: string;
  /** Starts a child, feeds it with so many packets, and waits until it has dealt with them or has ended. */
  run(random: Random, packets: number): Promise<TrialEnd>;
}

export interface TrialEnd {
  /** Packets of which something came, be it a picture, a sample or an answer. */
  readonly answered: number;
  /** How the child ended, by itself; undefined for one that still lived when all was done. */
  readonly death: string | undefined;
}
