/** Bytes that come one after the other, to be read where they have come. */
export class ArrivingBytes {
  /** As large as they may become; what has not come is zero. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #source: AsyncGenerator<Uint8Array, void>;
  #comeBytes = 0;

  constructor(source: AsyncGenerator<Uint8Array, void>, maxBytes: number) {
    this.#source = source;
    this.bytes = new Uint8Array(maxBytes);
  }

  /** Waits until so many have come. @returns false where they end before. @throws as the source does. */
  async reach(endBytes: number): Promise<boolean> {
    while (this.#comeBytes < Math.min(endBytes, this.bytes.byteLength)) {
      const { done, value } = await this.#source.next();
      if (done === true) return false;
      const piece = value.subarray(0, this.bytes.byteLength - this.#comeBytes);
      this.bytes.set(piece, this.#comeBytes);
      this.#comeBytes += piece.byteLength;
    }
    return endBytes <= this.#comeBytes;
  }

  /** Takes nothing more. */
  async end(): Promise<void> {
    await this.#source.return();
  }
}
