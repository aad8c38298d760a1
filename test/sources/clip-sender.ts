import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { buildProgram } from '../built-program.ts';
import type { MuxOptions } from './mux-clip.ts';

export type ClipSenderOptions = Pick<MuxOptions, 'clip' | 'format' | 'to' | 'options'>;

/** Built for the first of them. */
let program: Promise<string> | undefined;

/**
 * Sends a clip again and again, at its pace, until it is disposed of or whoever reads it leaves. In a process of its own: one that has
 * used libsrt may hang for ever when it starts another, for libsrt takes a lock of its threads in the forked child.
 */
export class ClipSender implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, 'exit');
  }

  static async start(options: ClipSenderOptions): Promise<ClipSender> {
    program ??= buildProgram('test/sources/clip-sender-main.ts');
    const child = fork(await program, [], { serialization: 'advanced', execArgv: [] });
    child.send(options);
    return new ClipSender(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#exited;
  }
}
