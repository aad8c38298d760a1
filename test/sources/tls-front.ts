import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { systemClock } from '../../src/base/clock.ts';
import { selfMadeCertificate } from '../../src/http/certificate.ts';

/** TLS in front of a server of this machine that has none, with a certificate made by itself as cameras have. */
export class TlsFront implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(server: Server, sockets: ReadonlySet<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
  }

  /** @param folder for the certificate. */
  static async start(folder: string, port: number): Promise<TlsFront> {
    const sockets = new Set<Socket>();
    const certificate = await selfMadeCertificate(folder, systemClock);
    const server = createServer(certificate, (outer) => {
      const inner = connect(port, '127.0.0.1');
      for (const socket of [outer, inner]) {
        sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      }
      outer.pipe(inner).pipe(outer);
    });
    // Whoever does not like the certificate leaves.
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TlsFront(server, sockets);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
