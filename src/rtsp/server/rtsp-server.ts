import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { Authenticator, type Authentication } from './authenticator.ts';
import { ServerClient, type ServerHooks } from './client.ts';
import { ServedStream, type ServedStreamOptions } from './served-stream.ts';
import { UdpPorts } from './udp-ports.ts';

const LOOPBACK = '127.0.0.1';
const MAX_CLIENTS = 256;
const DEFAULT_SESSION_TIMEOUT_MS = 60_000;

export interface RtspServerOptions {
  readonly clock: Clock;
  /** TCP port on the loopback address; 0 (the default) takes any free one. */
  readonly port?: number | undefined;
  readonly authentication?: Authentication | undefined;
  /** A client that sends no request for so long is dropped; default 60 s. Told to clients in whole seconds. */
  readonly sessionTimeoutMs?: number | undefined;
  readonly hooks?: ServerHooks | undefined;
}

/**
 * A small RTSP 1.0 server (RFC 2326) for live streams over TCP and UDP on the loopback address: the camera side of the
 * demo and of the tests.
 */
export class RtspServer implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #udp: UdpPorts;
  readonly #authenticator: Authenticator | undefined;
  readonly #streams: ServedStream[] = [];
  readonly #clients = new Map<Socket, ServerClient>();
  #connections = 0;

  private constructor(server: Server, udp: UdpPorts, options: RtspServerOptions) {
    this.#server = server;
    this.#udp = udp;
    // Listening on TCP, so the address is not the path of a pipe.
    this.port = (server.address() as AddressInfo).port;
    this.#authenticator =
      options.authentication === undefined ? undefined : new Authenticator(options.authentication);
    const context = {
      clock: options.clock,
      authenticator: this.#authenticator,
      sessionTimeoutMs: options.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS,
      udp,
      hooks: options.hooks ?? {},
      find: (uri: string) => this.#find(uri),
    };
    server.on('connection', (socket: Socket) => {
      this.#connections++;
      if (this.#clients.size >= MAX_CLIENTS) {
        socket.destroy();
        return;
      }
      this.#clients.set(socket, new ServerClient(socket, context));
      socket.once('close', () => this.#clients.delete(socket));
    });
  }

  /** @throws Error of the system if the port is taken. */
  static async listen(options: RtspServerOptions): Promise<RtspServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, LOOPBACK, () => {
        server.off('error', reject);
        resolve();
      });
    });
    try {
      return new RtspServer(server, await UdpPorts.bind(LOOPBACK), options);
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** Adds a stream; feed it by its `send`. */
  serve(options: ServedStreamOptions): ServedStream {
    const stream = new ServedStream(options);
    this.#streams.push(stream);
    return stream;
  }

  urlOf(stream: ServedStream): string {
    return `rtsp://${LOOPBACK}:${this.port}${stream.path}`;
  }

  /** Connections accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Ends every connection, as a rebooting camera does; new ones are welcome. */
  dropClients(): void {
    for (const client of this.#clients.values()) client.drop();
  }

  /** Makes the nonce given to clients stale. */
  renewNonce(): void {
    this.#authenticator?.renewNonce();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.dropClients();
    await closed;
    await this.#udp[Symbol.asyncDispose]();
  }

  /** The stream with the longest path that the URL's begins with, whatever host the client wrote. */
  #find(uri: string): { readonly stream: ServedStream; readonly track: number | undefined } | undefined {
    const path = uri.replace(/^rtsps?:\/\/[^/]*/i, '');
    const [stream] = this.#streams
      .filter(({ path: own }) => path === own || path.startsWith(`${own}/`) || path.startsWith(`${own}?`))
      .toSorted((a, b) => b.path.length - a.path.length);
    if (stream === undefined) return undefined;
    const track = /trackID=(\d)/.exec(path.slice(stream.path.length))?.[1];
    return { stream, track: track === undefined ? undefined : Number(track) };
  }
}
