import { FootageError, footageClient, keyAt, type FootageClient } from './footage-client.ts';
import { NewestOnly } from './newest-only.ts';
import { PictureDecoder, type DecodedPicture } from './picture-decoder.ts';

/** Nearer moments mostly have the same key picture: it is asked for once. */
const SAME_MS = 1_000;

interface Moment {
  readonly camera: string;
  readonly atMs: number;
}

/** Draws what cameras saw at moments that a pointer goes over: of each the key picture at or before it, the newest asked for first. */
export class MomentPreview implements Disposable {
  readonly #canvas: HTMLCanvasElement;
  readonly #apiUrl: string;
  readonly #onDrawn: (picture: Moment | undefined) => void;
  readonly #decoder = new PictureDecoder();
  readonly #leaving = new AbortController();
  readonly #moments = new NewestOnly<Moment>((moment) => this.#show(moment));
  #asked: Moment = { camera: '', atMs: Number.NaN };

  /** @param onDrawn what is drawn from now on; undefined where there is no picture. */
  constructor(canvas: HTMLCanvasElement, apiUrl: string, onDrawn: (picture: Moment | undefined) => void) {
    this.#canvas = canvas;
    this.#apiUrl = apiUrl;
    this.#onDrawn = onDrawn;
  }

  /** Of each second the first moment is asked for. Not the second's beginning, where there may be no recording yet. */
  show(moment: Moment): void {
    if (isNear(moment, this.#asked)) return;
    this.#asked = moment;
    this.#moments.ask(moment);
  }

  [Symbol.dispose](): void {
    this.#leaving.abort();
    this.#moments.clear();
    this.#decoder[Symbol.dispose]();
  }

  async #show(moment: Moment): Promise<void> {
    const { signal } = this.#leaving;
    const picture = await this.#pictureOf(moment, signal).catch(() => undefined);
    if (signal.aborted) picture?.frame.close();
    else this.#draw(moment.camera, picture);
  }

  async #pictureOf({ camera, atMs }: Moment, signal: AbortSignal): Promise<DecodedPicture | undefined> {
    const client = footageClient(this.#apiUrl, camera);
    const key = await keyAt(client, atMs, signal);
    if (key === undefined) return undefined;
    try {
      const [found] = await this.#decoder.decode(key.format, [{ ...key, isKey: true }], () => true, signal);
      return found;
    } catch (error) {
      if (!(error instanceof FootageError) || error.problem.kind !== 'codec') throw error;
      // A little later it is surely this one: times of pictures are no whole milliseconds.
      return await servedPicture(client, key.atMs + 1, this.#canvas.width, signal);
    }
  }

  #draw(camera: string, picture: DecodedPicture | undefined): void {
    if (picture !== undefined) {
      const { frame } = picture;
      const canvas = this.#canvas;
      canvas.height = Math.round((canvas.width * frame.displayHeight) / frame.displayWidth);
      canvas.getContext('2d', { alpha: false })?.drawImage(frame, 0, 0, canvas.width, canvas.height);
      frame.close();
    }
    this.#onDrawn(picture && { camera, atMs: picture.atMs });
  }
}

function isNear(one: Moment, other: Moment): boolean {
  const [second, otherSecond] = [one, other].map(({ atMs }) => Math.floor(atMs / SAME_MS));
  return one.camera === other.camera && second === otherSecond;
}

/** Decoded by the server, where this browser does not. */
async function servedPicture(
  client: FootageClient,
  wallMs: number,
  widthPx: number,
  signal: AbortSignal,
): Promise<DecodedPicture> {
  const { atMs, jpeg } = await client.picture(wallMs, widthPx, signal);
  const bitmap = await createImageBitmap(jpeg);
  const frame = new VideoFrame(bitmap, { timestamp: 0 });
  bitmap.close();
  return { atMs, frame };
}
