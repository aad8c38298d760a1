import { execFileSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Clip } from '../../src/demo/clip.ts';

/** A named pipe that is written as a camera of the machine would: the pictures over and over, at their pace. */
export class DevicePipe implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;

  /** @param pictures as bytes of the bare stream. */
  constructor(path: string, pictures: readonly Uint8Array[], rateFps: number) {
    execFileSync('mkfifo', [path]);
    // Not by the file system's calls: one that waits for a reader takes one of the few threads that all of them share.
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.#socket = new Socket({ fd, readable: false, writable: true });
    let sent = 0;
    this.#timer = setInterval(() => {
      if (this.#socket.writableNeedDrain) return;
      this.#socket.write(pictures[sent % pictures.length] ?? new Uint8Array(1));
      sent += 1;
    }, 1_000 / rateFps);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#socket.destroy();
  }
}

/** A grey picture as a camera gives it that compresses nothing (YUY2). */
export function greyPicture({ widthPx, heightPx }: Pick<Clip, 'widthPx' | 'heightPx'>): Uint8Array {
  return Buffer.alloc(widthPx * heightPx * 2, Buffer.from([64, 128]));
}

/** The pictures of a clip of H.264 as a bare stream has them. */
export function bareH264({ parameterSets, units }: Clip): Uint8Array[] {
  const startCode = Buffer.of(0, 0, 0, 1);
  const sets = parameterSets.codec === 'h264' ? [parameterSets.sps, ...parameterSets.pps] : [];
  return units.map(({ nals, isKey }) =>
    Buffer.concat([...(isKey ? sets : []), ...nals].flatMap((nal) => [startCode, nal])),
  );
}
