import type { Packet } from 'node-av/lib';

/** What becomes of an input's sound on its way out. Dispose of it. */
export interface SoundLine extends Disposable {
  /** @param seconds when it is heard, since the input's first picture. */
  push(packet: Packet, seconds: number): void;
}
