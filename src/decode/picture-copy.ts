import { Frame, FFmpegError } from 'node-av/lib';
import { DecodeError } from './error.ts';

/**
 * A copy of the picture taken last, always in the same memory: each access to a decoded frame's own memory makes
 * buffers of its whole size that the garbage collector then has to find, every second or two with four cameras. Owns
 * memory outside the JavaScript heap: dispose of it.
 */
export class PictureCopy implements Disposable {
  #frame: Frame | undefined;
  #luma: Uint8Array | undefined;
  #stride = 0;

  /** Bytes from a row of `take`'s plane to the next. */
  get stride(): number {
    return this.#stride;
  }

  /**
   * @returns plane 0, overwritten by the next call and gone with this object.
   * @throws DecodeError `unsupported-picture` for a frame that has no such plane in ordinary memory.
   */
  take(frame: Frame): Uint8Array {
    const copy = this.#frameLike(frame);
    check(copy.copy(frame), frame);
    if (this.#luma === undefined) throw unsupported(frame, 'it has no planes');
    return this.#luma;
  }

  [Symbol.dispose](): void {
    this.#frame?.free();
    this.#frame = undefined;
    this.#luma = undefined;
  }

  #frameLike(frame: Frame): Frame {
    const { format, width, height } = frame;
    const last = this.#frame;
    if (last?.format === format && last.width === width && last.height === height) return last;
    this[Symbol.dispose]();
    const renewed = new Frame();
    this.#frame = renewed;
    renewed.alloc();
    Object.assign(renewed, { format, width, height });
    check(renewed.allocBuffer(), frame);
    this.#luma = renewed.data?.[0];
    this.#stride = renewed.linesize[0] ?? 0;
    return renewed;
  }
}

function check(code: number, frame: Frame): void {
  if (code < 0) throw unsupported(frame, FFmpegError.strerror(code));
}

function unsupported({ width, height, format }: Frame, why: string): DecodeError {
  const found = `${width}x${height}, pixel format ${format}: ${why}`;
  return new DecodeError('unsupported-picture', `Cannot read a picture's luma: found ${found}`);
}
