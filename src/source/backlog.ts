/** A read that takes so long has waited for the network. */
const WAITED_SECONDS = 0.01;

/**
 * FFmpeg reads ahead to find out what there is, a second or two, and then hands that out at once. It came before, one
 * picture after the other, since the input was opened.
 */
export class Backlog {
  readonly #openedSeconds: number;
  #isOver = false;

  constructor(openedSeconds: number) {
    this.#openedSeconds = openedSeconds;
  }

  /**
   * How long ago what was just read came, in seconds.
   * @param shownSeconds when it is shown, since the input's first picture.
   * @param readSeconds how long reading it took.
   */
  age(shownSeconds: number, nowSeconds: number, readSeconds: number): number {
    const ageSeconds = nowSeconds - this.#openedSeconds - shownSeconds;
    if (readSeconds > WAITED_SECONDS || ageSeconds <= 0) this.#isOver = true;
    return this.#isOver ? 0 : ageSeconds;
  }
}
