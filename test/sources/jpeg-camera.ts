import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface JpegCameraOptions {
  readonly pictures: readonly Uint8Array[];
  readonly rateFps: number;
  /** Basic credentials without which it answers 401. */
  readonly login?: { readonly username: string; readonly password: string };
}

/** An old camera that serves its pictures over HTTP: `/video` without end, `/snapshot` and `/snapshot.jpg` one at a time. */
export class JpegCamera implements AsyncDisposable {
  readonly #server: Server;
  readonly #options: JpegCameraOptions;
  readonly #streams = new Set<NodeJS.Timeout>();
  #sent = 0;
  #asked = 0;
  /** Of the streams that have ended. */
  #longest = { pictures: 0, seconds: 0 };

  private constructor(options: JpegCameraOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(options: JpegCameraOptions): Promise<JpegCamera> {
    const camera = new JpegCamera(options);
    await new Promise<void>((resolve) => camera.#server.listen(0, '127.0.0.1', resolve));
    return camera;
  }

  /** With credentials, if it wants any. */
  url(path: 'video' | 'snapshot' | 'snapshot.jpg'): string {
    const { login } = this.#options;
    const user = login === undefined ? '' : `${login.username}:${encodeURIComponent(login.password)}@`;
    return `http://${user}127.0.0.1:${(this.#server.address() as AddressInfo).port}/${path}`;
  }

  /** Pictures of all streams. */
  get sent(): number {
    return this.#sent;
  }

  /** Pictures a second of its longest stream that has ended: fewer than its rate where this process was held up. */
  get paceFps(): number {
    const { pictures, seconds } = this.#longest;
    return pictures / seconds;
  }

  /** How often a snapshot was asked for. */
  get asked(): number {
    return this.#asked;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#streams) clearInterval(timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { login } = this.#options;
    const expected =
      login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
    if (expected !== undefined && request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end();
    } else if (request.url === '/video') this.#stream(response);
    else if (request.url === '/snapshot' || request.url === '/snapshot.jpg') {
      this.#asked += 1;
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(this.#next());
    } else response.writeHead(404).end();
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=picture' });
    const startedMs = performance.now();
    let pictures = 0;
    const timer = setInterval(() => {
      pictures += 1;
      const picture = this.#next();
      response.write(
        `--picture\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.byteLength}\r\n\r\n`,
      );
      response.write(picture);
      response.write('\r\n');
    }, 1_000 / this.#options.rateFps);
    this.#streams.add(timer);
    response.on('close', () => {
      clearInterval(timer);
      this.#streams.delete(timer);
      const seconds = (performance.now() - startedMs) / 1_000;
      if (seconds > this.#longest.seconds) this.#longest = { pictures, seconds };
    });
  }

  #next(): Uint8Array {
    const { pictures } = this.#options;
    const picture = pictures[this.#sent % pictures.length];
    this.#sent += 1;
    return picture ?? new Uint8Array(0);
  }
}
