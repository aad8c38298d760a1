import { RtspSyntaxError } from './error.ts';
import {
  bodyLength,
  MAX_HEAD_BYTES,
  MAX_HEAD_LINES,
  MAX_LINE_BYTES,
  parseHead,
  withBody,
  type RtspHead,
  type RtspMessage,
} from './message.ts';

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const SLASH = 0x2f;

/** The longest method of RFC 2326 has 13 letters. */
const MAX_FIRST_WORD_BYTES = 16;

/** True for a byte that can begin a message: a method, or `RTSP/`. */
export function canBeginMessage(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

/**
 * Collects one message from as many pieces as it comes in, within the bounds of message.ts. After a whole message it
 * stands ready for the next. It copies what it keeps.
 */
export class MessageReader {
  /** Offset after the last byte taken by `read`. */
  consumedTo = 0;
  /** The bytes so far, all capital letters, do not begin a message. Ended by `reset`. */
  isAlien = false;

  #head = Buffer.allocUnsafe(1024);
  #headLength = 0;
  #lineLength = 0;
  #lines = 0;
  #firstWordEnded = false;
  #parsed: RtspHead | undefined;
  #body = Buffer.alloc(0);
  #bodyFilled = 0;

  /** How many bytes of the message are in hand, for the text of a timeout. */
  get pendingBytes(): number {
    return this.#headLength + this.#bodyFilled;
  }

  reset(): void {
    this.isAlien = false;
    this.#headLength = 0;
    this.#lineLength = 0;
    this.#lines = 0;
    this.#firstWordEnded = false;
    this.#parsed = undefined;
    this.#body = Buffer.alloc(0);
    this.#bodyFilled = 0;
  }

  /**
   * Takes bytes of `[start, end)` up to the end of the message.
   * @returns the message once it is whole.
   * @throws RtspSyntaxError for a malformed head or one beyond the bounds.
   */
  read(bytes: Uint8Array, start: number, end: number): RtspMessage | undefined {
    this.consumedTo = start;
    if (this.#parsed === undefined && !this.#readHead(bytes, end)) return undefined;
    return this.#readBody(bytes, end);
  }

  #readHead(bytes: Uint8Array, end: number): boolean {
    while (this.consumedTo < end) {
      const byte = bytes[this.consumedTo] ?? 0;
      if (!this.#firstWordEnded && !this.#acceptFirstWord(byte)) return false;
      this.consumedTo++;
      this.#keep(byte);
      if (byte === LF) {
        if (this.#lineLength === 0) {
          this.#parsed = parseHead(this.#head.toString('latin1', 0, this.#headLength).trimEnd());
          this.#body = Buffer.allocUnsafe(bodyLength(this.#parsed.headers));
          return true;
        }
        this.#endLine();
      } else if (byte !== CR && ++this.#lineLength > MAX_LINE_BYTES) {
        throw new RtspSyntaxError(`expected a header line, found none ended within ${MAX_LINE_BYTES} bytes`);
      }
    }
    return false;
  }

  /** The first word tells a message from stray bytes of media: capitals (or `_`) up to a space or slash. */
  #acceptFirstWord(byte: number): boolean {
    if ((byte === SPACE || byte === SLASH) && this.#headLength >= 3) {
      this.#firstWordEnded = true;
      return true;
    }
    if ((canBeginMessage(byte) || byte === 0x5f) && this.#headLength < MAX_FIRST_WORD_BYTES) return true;
    this.isAlien = true;
    return false;
  }

  #keep(byte: number): void {
    if (this.#headLength >= MAX_HEAD_BYTES) {
      throw new RtspSyntaxError(`expected the end of the headers, found none within ${MAX_HEAD_BYTES} bytes`);
    }
    if (this.#headLength === this.#head.length) {
      const larger = Buffer.allocUnsafe(this.#head.length * 2);
      this.#head.copy(larger);
      this.#head = larger;
    }
    this.#head[this.#headLength++] = byte;
  }

  #endLine(): void {
    this.#lineLength = 0;
    if (++this.#lines > MAX_HEAD_LINES) {
      throw new RtspSyntaxError(`expected the end of the headers, found more than ${MAX_HEAD_LINES} lines`);
    }
  }

  #readBody(bytes: Uint8Array, end: number): RtspMessage | undefined {
    if (this.#parsed === undefined) return undefined;
    const taken = Math.min(end - this.consumedTo, this.#body.length - this.#bodyFilled);
    this.#body.set(bytes.subarray(this.consumedTo, this.consumedTo + taken), this.#bodyFilled);
    this.consumedTo += taken;
    this.#bodyFilled += taken;
    if (this.#bodyFilled < this.#body.length) return undefined;
    const message = withBody(this.#parsed, this.#body);
    this.reset();
    return message;
  }
}
