/** Of a picture that is asked for, whatever the box is at the moment. */
const LEAST_WIDTH_PX = 320;

/** What one camera is seen on: a video for what plays, a canvas over it for single pictures. One of them is shown, or none. */
export class Screen implements Disposable {
  readonly video: HTMLVideoElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #box: HTMLElement;

  constructor(box: HTMLElement) {
    this.#box = box;
    this.video = document.createElement('video');
    this.video.playsInline = true;
    this.video.muted = true;
    this.video.disablePictureInPicture = true;
    this.#canvas = document.createElement('canvas');
    for (const layer of [this.video, this.#canvas]) {
      Object.assign(layer.style, {
        position: 'absolute',
        inset: '0',
        width: '100%',
        height: '100%',
        objectFit: 'contain',
        visibility: 'hidden',
      });
      // The page says in words what is shown.
      layer.setAttribute('aria-hidden', 'true');
      layer.tabIndex = -1;
    }
    if (getComputedStyle(box).position === 'static') box.style.position = 'relative';
    box.append(this.video, this.#canvas);
  }

  /** Of the display; more than there are would not be seen. */
  get widthPx(): number {
    return Math.max(LEAST_WIDTH_PX, Math.ceil(this.#box.clientWidth * window.devicePixelRatio));
  }

  showVideo(): void {
    this.video.style.visibility = 'visible';
    this.#canvas.style.visibility = 'hidden';
  }

  /** Draws a picture and shows it. The caller closes it. */
  draw(picture: VideoFrame | ImageBitmap): void {
    const [widthPx, heightPx] =
      'displayWidth' in picture
        ? [picture.displayWidth, picture.displayHeight]
        : [picture.width, picture.height];
    const canvas = this.#canvas;
    if (canvas.width !== widthPx || canvas.height !== heightPx) {
      canvas.width = widthPx;
      canvas.height = heightPx;
    }
    canvas.getContext('2d', { alpha: false })?.drawImage(picture, 0, 0, widthPx, heightPx);
    canvas.style.visibility = 'visible';
    this.video.style.visibility = 'hidden';
  }

  hide(): void {
    this.video.style.visibility = 'hidden';
    this.#canvas.style.visibility = 'hidden';
  }

  [Symbol.dispose](): void {
    this.video.remove();
    this.#canvas.remove();
    this.#box.replaceChildren();
  }
}
