import type { Packet } from 'node-av/lib';

/** What becomes of an input's video on its way out. Dispose of it. */
export interface VideoLine extends Disposable {
  /** @param seconds when it is shown, since the input's first picture. @throws SourceError, EncodeError */
  push(packet: Packet, seconds: number): void;
  /** Lets out what is still to come. */
  finish(): void;
}
