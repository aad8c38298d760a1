import { request, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ChangeJson, ExplainedJson, MotionJson } from './changes.ts';
import { LIVE_PROTOCOL } from './control-api.ts';
import { connectionError } from './control-client.ts';
import { ControlError } from './control-error.ts';
import type { StreamName } from './controlled-recorder.ts';
import { PacketRecordReader, type PacketRecord } from '../media/packet-records.ts';
import type { SocketAddress } from './socket-address.ts';

/** A stream of a camera, as others watch it. */
export interface WatchedStream {
  readonly camera: string;
  readonly stream: StreamName;
}

/**
 * What another process follows of a recorder. Every call goes on until the recorder or the stream ends, which throws, or
 * the signal aborts, which resolves.
 */
export interface RecorderLink {
  /**
   * Tells the recorder's changes, all its cameras first.
   * @throws ControlError.
   */
  followChanges(onChange: (change: ChangeJson) => void, signal: AbortSignal): Promise<void>;
  /**
   * Tells what moves on a camera.
   * @throws ControlError, `unknown` when it is not recorded.
   */
  followMotion(camera: string, onMotion: (motion: MotionJson) => void, signal: AbortSignal): Promise<void>;
  /**
   * Tells how a camera's detector sees its pictures.
   * @throws ControlError, `unknown` when it is not recorded.
   */
  followExplained(
    camera: string,
    onExplained: (explained: ExplainedJson) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Tells a stream's packets, the current GOP first. Their data may be kept.
   * @throws ControlError, `unknown` when the camera is not recorded.
   */
  watch(watched: WatchedStream, onRecord: (record: PacketRecord) => void, signal: AbortSignal): Promise<void>;
}

/** The recorder link over its control socket. */
export class SocketLink implements RecorderLink {
  readonly #socketPath: string;

  constructor({ path }: SocketAddress) {
    this.#socketPath = path;
  }

  followChanges(onChange: (change: ChangeJson) => void, signal: AbortSignal): Promise<void> {
    return this.#followLines('/api/changes', onChange, signal);
  }

  followMotion(camera: string, onMotion: (motion: MotionJson) => void, signal: AbortSignal): Promise<void> {
    return this.#followLines(`/api/cameras/${encodeURIComponent(camera)}/motion`, onMotion, signal);
  }

  followExplained(
    camera: string,
    onExplained: (explained: ExplainedJson) => void,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#followLines(`/api/cameras/${encodeURIComponent(camera)}/explained`, onExplained, signal);
  }

  async watch(
    { camera, stream }: WatchedStream,
    onRecord: (record: PacketRecord) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const path = `/api/cameras/${encodeURIComponent(camera)}/live/${stream}`;
    const reader = new PacketRecordReader(onRecord);
    await this.#follow(
      path,
      { connection: 'upgrade', upgrade: LIVE_PROTOCOL },
      (bytes) => reader.feed(bytes),
      signal,
    );
  }

  async #followLines(path: string, onLine: (line: never) => void, signal: AbortSignal): Promise<void> {
    const decoder = new TextDecoder();
    let unfinished = '';
    const onBytes = (bytes: Uint8Array) => {
      const lines = (unfinished + decoder.decode(bytes, { stream: true })).split('\n');
      unfinished = lines.pop() ?? '';
      // It is our own recorder that writes them.
      for (const line of lines) onLine(JSON.parse(line) as never);
    };
    await this.#follow(path, {}, onBytes, signal);
  }

  /** Hands out what the recorder says at that path. */
  #follow(
    path: string,
    headers: Readonly<Record<string, string>>,
    onBytes: (bytes: Uint8Array) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const socketPath = this.#socketPath;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const asked = request({ socketPath, path, headers, agent: false });
      let read: IncomingMessage | Duplex | undefined;
      const settle = (error?: unknown) => {
        signal.removeEventListener('abort', abort);
        asked.destroy();
        // Of a connection that was upgraded the request knows nothing any more.
        read?.destroy();
        if (error === undefined) resolve();
        else reject(error instanceof ControlError ? error : connectionError(socketPath, error));
      };
      const abort = () => settle();
      const follow = (from: IncomingMessage | Duplex) => {
        read = from;
        from.on('data', (bytes: Buffer) => {
          try {
            if (!signal.aborted) onBytes(bytes);
          } catch (error) {
            settle(error);
          }
        });
        // A recorder that ends abruptly is one that ends.
        from.on('error', () => undefined);
        from.on('close', () =>
          settle(new ControlError('no-answer', `the recorder at ${socketPath} ended ${path}`)),
        );
      };
      signal.addEventListener('abort', abort, { once: true });
      asked.on('error', settle);
      asked.on('response', (response) => {
        if (response.statusCode === 200) follow(response);
        else settle(new ControlError('unknown', `asking the recorder for ${path}: it has nothing there`));
      });
      asked.on('upgrade', (_, socket, head) => {
        follow(socket);
        if (head.byteLength > 0) socket.unshift(head);
      });
      asked.end();
    });
  }
}
