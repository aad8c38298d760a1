import type { MediaMessage } from './media-message.ts';

/** `ACK_EVERY` of `src/live/protocol.ts`: the server counts on it. */
const EVERY = { pictures: 10, bytes: 147_456 };

/** Says when the server is to be told what has come. */
export class Acknowledger {
  #pictures = 0;
  #bytes = 0;

  /** @returns whether everything up to this message is to be acknowledged now. */
  count({ isSound, payload }: MediaMessage): boolean {
    this.#bytes += payload.byteLength;
    if (!isSound) this.#pictures += 1;
    if (this.#pictures < EVERY.pictures && this.#bytes < EVERY.bytes) return false;
    this.#pictures = 0;
    this.#bytes = 0;
    return true;
  }
}
