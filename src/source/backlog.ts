/** A read that takes so long has waited for the network. */
const WAITED_SECONDS = 0.01;

/**
 * FFmpeg reads ahead to find out what there is, a second or two, and then hands that out at once. It came before, one
 * picture after the other, since the input was opened.
 */
export class Backlog {
  readonly #openedSeconds: number;
  #askedSeconds = 0;
  #isOver = false;

  constructor(openedSeconds: number) {
    this.#openedSeconds = openedSeconds;
  }

  /** To be told before each read. */
  ask(nowSeconds: number): void {
    this.#askedSeconds = nowSeconds;
  }

  /**
   * How long ago what was just read came, in seconds.
   * @param shownSeconds when it is shown, since the input's first picture.
   */
  age(shownSeconds: number, nowSeconds: number): number {
    const ageSeconds = nowSeconds - this.#openedSeconds - shownSeconds;
    if (nowSeconds - this.#askedSeconds > WAITED_SECONDS || ageSeconds <= 0) this.#isOver = true;
    return this.#isOver ? 0 : ageSeconds;
  }
}
