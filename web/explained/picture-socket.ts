export interface PictureSocketListener<Notice> {
  /** @param notice of the type that it has because the server is ours. */
  onNotice(notice: Notice): void;
  /** @param jpeg what the last notice was about. */
  onPicture(jpeg: Blob): void;
  /** It has ended by itself. */
  onLost(): void;
}

/** A WebSocket on which the server tells notices, and after each one of a picture its JPEG. */
export class PictureSocket<Notice> {
  readonly #socket: WebSocket;
  readonly #closing = new AbortController();

  constructor(url: string, listener: PictureSocketListener<Notice>) {
    this.#socket = new WebSocket(url);
    const { signal } = this.#closing;
    const hear = ({ data }: MessageEvent<unknown>): void => {
      if (typeof data === 'string') listener.onNotice(JSON.parse(data) as Notice);
      else if (data instanceof Blob) listener.onPicture(new Blob([data], { type: 'image/jpeg' }));
    };
    this.#socket.addEventListener('message', hear, { signal });
    // An error is followed by a close.
    this.#socket.addEventListener('close', () => listener.onLost(), { signal });
  }

  /** Nothing is told any more. */
  close(): void {
    this.#closing.abort();
    this.#socket.close();
  }
}
