/** A WebSocket that a test opens, speaks through and closes. */
export class PretendedSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: PretendedSocket[] = [];
  readyState = 0;
  readonly sent: string[] = [];

  constructor() {
    super();
    PretendedSocket.made.push(this);
  }

  /** The one that was made last. */
  static get last(): PretendedSocket {
    const socket = PretendedSocket.made.at(-1);
    if (socket === undefined) throw new Error('no socket was made');
    return socket;
  }

  opens(): void {
    this.readyState = PretendedSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  /** @param message text or bytes as they come, everything else as JSON. */
  tells(message: unknown): void {
    const isRaw = typeof message === 'string' || message instanceof Blob;
    this.dispatchEvent(new MessageEvent('message', { data: isRaw ? message : JSON.stringify(message) }));
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}
