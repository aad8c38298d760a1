/** Between attempts, doubling; a proxy that restarts takes a second, a recorder some, and who watches waits no longer than that. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 4_000;

export interface SocketListener {
  onMessage(message: unknown): void;
  /** Connected: what was missed meanwhile has to be asked for. */
  onOpen(): void;
  onLost(): void;
}

/** A WebSocket of JSON messages to us that connects again until it is closed. */
export class ReconnectingSocket {
  readonly #url: string;
  readonly #listener: SocketListener;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitMs = FIRST_WAIT_MS;

  constructor(url: string, listener: SocketListener) {
    this.#url = url;
    this.#listener = listener;
  }

  open(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#waitMs = FIRST_WAIT_MS;
      this.#listener.onOpen();
    });
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') this.#listener.onMessage(JSON.parse(data));
    });
    // An error is followed by a close.
    socket.addEventListener('close', () => {
      if (this.#socket !== socket) return;
      this.#listener.onLost();
      this.#timer = setTimeout(() => this.open(), this.#waitMs);
      this.#waitMs = Math.min(LONGEST_WAIT_MS, 2 * this.#waitMs);
    });
  }

  /** Sends where there is a connection; what is still wanted is to be sent again in `onOpen`. */
  send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  close(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }
}
