/**
 * Pictures made by arithmetic alone, so that `make-goldens.py` makes the very same ones for OpenCV. Change both
 * together, then make the goldens anew.
 */

/** A bright or dark rectangle that moves by `dx`, `dy` pixels a picture. */
export interface MovingRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly dx: number;
  readonly dy: number;
  readonly shade: number;
}

export interface Scene {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly seed: number;
  /** Noise of 0..noise is added to each pixel. */
  readonly noise: number;
  readonly rectangles: readonly MovingRectangle[];
}

/** Picture number `index` of a scene: a sloping ground, rectangles over it, noise over both; rows without padding. */
export function renderScene(scene: Scene, index: number): Uint8Array {
  const { widthPx, heightPx, noise } = scene;
  const picture = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) picture[y * widthPx + x] = 64 + ((2 * x + 3 * y) & 63);
  }
  for (const rectangle of scene.rectangles) paint(picture, scene, rectangle, index);
  for (let i = 0; i < picture.length; i++) {
    picture[i] = Math.min(255, (picture[i] ?? 0) + (noiseAt(scene.seed, index, i) % (noise + 1)));
  }
  return picture;
}

/** A mask in which about `permille` of a thousand pixels are marked. */
export function renderMask(widthPx: number, heightPx: number, seed: number, permille: number): Uint8Array {
  return Uint8Array.from({ length: widthPx * heightPx }, (_, i) =>
    noiseAt(seed, 0, i) % 1000 < permille ? 1 : 0,
  );
}

function paint(picture: Uint8Array, scene: Scene, rectangle: MovingRectangle, index: number): void {
  const left = rectangle.x + rectangle.dx * index;
  const top = rectangle.y + rectangle.dy * index;
  for (let y = Math.max(0, top); y < Math.min(scene.heightPx, top + rectangle.height); y++) {
    for (let x = Math.max(0, left); x < Math.min(scene.widthPx, left + rectangle.width); x++) {
      picture[y * scene.widthPx + x] = rectangle.shade;
    }
  }
}

/** 32 bits without a pattern to the eye, for pixel `i` of picture `index`. */
function noiseAt(seed: number, index: number, i: number): number {
  let bits = (seed + Math.imul(index, 0x9e3779b1) + Math.imul(i, 0x85ebca6b)) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return (bits ^ (bits >>> 15)) >>> 0;
}
