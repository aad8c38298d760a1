import type { ExplainedPicture } from '../lab/moment-messages.ts';
import type { MomentNotice } from './api/moment.ts';
import type { KeptSocket } from './kept-socket.ts';

/** The 60 pictures of the usual rate are 2 to 10 MB. What comes while so much waits is left out. */
const MAX_WAITING_BYTES = 32 * 2 ** 20;

/**
 * The pictures of a moment on their way to a page, each sent when the one before has left: they are made faster than they go
 * over a slow line, and a socket with so much unread would be given up.
 */
export class MomentPictures {
  readonly #socket: KeptSocket;
  #waitingBytes = 0;
  #sent: Promise<void> = Promise.resolve();

  constructor(socket: KeptSocket) {
    this.#socket = socket;
  }

  /** Settled once those that have been shown are sent, or there is nobody any more to send them to. Never rejects. */
  get sent(): Promise<void> {
    return this.#sent;
  }

  show(picture: ExplainedPicture): void {
    const { byteLength } = picture.jpeg;
    if (this.#waitingBytes + byteLength > MAX_WAITING_BYTES) return;
    this.#waitingBytes += byteLength;
    this.#sent = this.#sent.then(() => this.#send(picture));
  }

  async #send({ jpeg, ...picture }: ExplainedPicture): Promise<void> {
    this.#socket.sendText(JSON.stringify({ t: 'picture', picture } satisfies MomentNotice));
    await this.#socket.deliver(jpeg);
    this.#waitingBytes -= jpeg.byteLength;
  }
}
