/** How a point of a coded picture becomes one of what is shown: `x' = a x + c y`, `y' = b x + d y`, each -1, 0 or 1. */
export type PictureMatrix = readonly [a: number, b: number, c: number, d: number];

/** With how its pictures are to be shown, which WebCodecs leaves to the page; undefined for as they are coded. */
export interface PictureFormat extends VideoDecoderConfig {
  readonly matrix?: PictureMatrix | undefined;
}

/** The picture as it is to be shown, in the place of the one as it was coded, which is closed. */
export function upright(frame: VideoFrame, matrix: PictureMatrix | undefined): VideoFrame {
  if (matrix === undefined) return frame;
  const { displayWidth: widthPx, displayHeight: heightPx, timestamp } = frame;
  const [a, b, c, d] = matrix;
  const isSideways = a === 0;
  const canvas = isSideways ? new OffscreenCanvas(heightPx, widthPx) : new OffscreenCanvas(widthPx, heightPx);
  const context = canvas.getContext('2d', { alpha: false });
  // Back to where the picture's corner is at the origin.
  const left = (a < 0 ? widthPx : 0) + (c < 0 ? heightPx : 0);
  const top = (b < 0 ? widthPx : 0) + (d < 0 ? heightPx : 0);
  context?.setTransform(a, b, c, d, left, top);
  context?.drawImage(frame, 0, 0, widthPx, heightPx);
  frame.close();
  return new VideoFrame(canvas, { timestamp });
}
