/**
 * Which pixels of a picture are marked, one bit a pixel: row-major, each row beginning a new word, bit `i` of a row's
 * word `j` being its pixel `32 * j + i`. Bits beyond the width are never set.
 */
export class BitMask {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly wordsPerRow: number;
  readonly words: Int32Array;

  constructor(widthPx: number, heightPx: number) {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.wordsPerRow = Math.ceil(widthPx / 32);
    this.words = new Int32Array(this.wordsPerRow * heightPx);
  }

  /** From one byte a pixel, row-major without padding; any but 0 is marked. */
  static fromBytes(widthPx: number, heightPx: number, bytes: Uint8Array): BitMask {
    const mask = new BitMask(widthPx, heightPx);
    for (const [i, byte] of bytes.entries()) {
      const [x, y] = [i % widthPx, Math.floor(i / widthPx)];
      const word = y * mask.wordsPerRow + (x >>> 5);
      if (byte !== 0) mask.words[word] = (mask.words[word] ?? 0) | (1 << (x & 31));
    }
    return mask;
  }

  /** One byte a pixel, row-major without padding: 255 where marked, else 0 (OpenCV's masks). */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.widthPx * this.heightPx);
    for (let y = 0; y < this.heightPx; y++) {
      for (let x = 0; x < this.widthPx; x++) {
        const word = this.words[y * this.wordsPerRow + (x >>> 5)] ?? 0;
        bytes[y * this.widthPx + x] = -((word >>> (x & 31)) & 1);
      }
    }
    return bytes;
  }

  /** The number of marked pixels. */
  count(): number {
    let count = 0;
    for (let i = 0; i < this.words.length; i++) count += bitsSet(this.words[i] ?? 0);
    return count;
  }

  /** The number of pixels that `other`, of the same size, marks as well. */
  countWithin(other: BitMask): number {
    let count = 0;
    for (let i = 0; i < this.words.length; i++)
      count += bitsSet((this.words[i] ?? 0) & (other.words[i] ?? 0));
    return count;
  }

  /** Marks the pixels from `left` up to `right` of row `y`, at least one. */
  markSpan(y: number, left: number, right: number): void {
    const row = y * this.wordsPerRow;
    for (let i = left >>> 5; i <= (right - 1) >>> 5; i++) {
      this.words[row + i] = (this.words[row + i] ?? 0) | spanOfWord(i, left, right);
    }
  }

  /** The number of marked pixels from `left` up to `right` of row `y`, at least one. */
  countSpan(y: number, left: number, right: number): number {
    const row = y * this.wordsPerRow;
    let count = 0;
    for (let i = left >>> 5; i <= (right - 1) >>> 5; i++) {
      count += bitsSet((this.words[row + i] ?? 0) & spanOfWord(i, left, right));
    }
    return count;
  }

  /** Marks what is not marked, and no longer what is. */
  invert(): void {
    for (let i = 0; i < this.words.length; i++) this.words[i] = ~(this.words[i] ?? 0);
    this.clearBeyondWidth();
  }

  copy(): BitMask {
    const copy = new BitMask(this.widthPx, this.heightPx);
    copy.words.set(this.words);
    return copy;
  }

  /** Marks what `other`, of the same size, marks too. */
  add(other: BitMask): void {
    for (let i = 0; i < this.words.length; i++) this.words[i] = (this.words[i] ?? 0) | (other.words[i] ?? 0);
  }

  /** Leaves only what `other`, of the same size, marks as well. */
  keep(other: BitMask): void {
    for (let i = 0; i < this.words.length; i++) this.words[i] = (this.words[i] ?? 0) & (other.words[i] ?? 0);
  }

  /** No longer marks what `other`, of the same size, marks. */
  remove(other: BitMask): void {
    for (let i = 0; i < this.words.length; i++) this.words[i] = (this.words[i] ?? 0) & ~(other.words[i] ?? 0);
  }

  /** For those who write whole words. */
  clearBeyondWidth(): void {
    const unused = 32 * this.wordsPerRow - this.widthPx;
    if (unused === 0) return;
    for (let last = this.wordsPerRow - 1; last < this.words.length; last += this.wordsPerRow) {
      this.words[last] = (this.words[last] ?? 0) & (-1 >>> unused);
    }
  }
}

/** The bits of a row's word `i` from pixel `left` up to `right`, of which it holds one at least. */
function spanOfWord(i: number, left: number, right: number): number {
  const from = Math.max(0, left - 32 * i);
  const unused = Math.max(0, 32 * (i + 1) - right);
  return (-1 << from) & (-1 >>> unused);
}

/** The bits of a word added up in pairs, fours and eights, then all (Warren, "Hacker's Delight", 5-1). */
function bitsSet(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  const eights = (fours + (fours >>> 4)) & 0x0f0f0f0f;
  return Math.imul(eights, 0x01010101) >>> 24;
}
