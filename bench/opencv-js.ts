import type { LumaPlane } from '../src/motion/detector.ts';
import type { DifferenceSettings } from '../src/motion/difference-settings.ts';
import type { ScaledSize } from '../src/motion/scale-area.ts';

/** No dependency: it is measured where someone has installed it, `npm install --no-save @techstark/opencv-js`. */
const PACKAGE = '@techstark/opencv-js';

interface Mat {
  readonly data: Uint8Array;
  delete(): void;
}

interface MatVector {
  size(): number;
  get(index: number): Mat;
  delete(): void;
}

/** What is used of it. */
interface OpenCvJs {
  readonly Mat: {
    new (): Mat;
    new (rows: number, columns: number, type: number): Mat;
    ones(rows: number, columns: number, type: number): Mat;
  };
  readonly MatVector: new () => MatVector;
  readonly Size: new (width: number, height: number) => object;
  readonly Point: new (x: number, y: number) => object;
  readonly CV_8UC1: number;
  readonly BORDER_DEFAULT: number;
  readonly BORDER_CONSTANT: number;
  readonly THRESH_BINARY: number;
  readonly RETR_EXTERNAL: number;
  readonly CHAIN_APPROX_SIMPLE: number;
  morphologyDefaultBorderValue(): object;
  GaussianBlur(from: Mat, to: Mat, size: object, sigmaX: number, sigmaY: number, border: number): void;
  absdiff(a: Mat, b: Mat, to: Mat): void;
  threshold(from: Mat, to: Mat, threshold: number, value: number, type: number): void;
  dilate: Morphology;
  erode: Morphology;
  countNonZero(mask: Mat): number;
  findContours(mask: Mat, contours: MatVector, hierarchy: Mat, mode: number, method: number): void;
  boundingRect(contour: Mat): object;
}

type Morphology = (
  from: Mat,
  to: Mat,
  kernel: Mat,
  anchor: object,
  iterations: number,
  border: number,
  borderValue: object,
) => void;

/** @returns undefined where it is not installed. */
export async function loadOpenCvJs(): Promise<OpenCvJs | undefined> {
  let loaded: unknown;
  try {
    loaded = ((await import(PACKAGE)) as { default: unknown }).default;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  // Newer ones are a promise of themselves, older ones call back.
  const module = (await loaded) as Partial<OpenCvJs> & { onRuntimeInitialized?: () => void };
  if (module.Mat === undefined) await new Promise<void>((resolve) => (module.onRuntimeInitialized = resolve));
  return module as OpenCvJs;
}

/** The detector `current` in opencv-js, for pictures of one size that need no shrinking. */
export class OpenCvJsDetector {
  readonly #cv: OpenCvJs;
  readonly #settings: DifferenceSettings;
  readonly #source: Mat;
  readonly #mask: Mat;
  #blurred: Mat;
  #previous: Mat;
  #isFirst = true;

  constructor(cv: OpenCvJs, { widthPx, heightPx }: ScaledSize, settings: DifferenceSettings) {
    const newPlane = () => new cv.Mat(heightPx, widthPx, cv.CV_8UC1);
    this.#cv = cv;
    this.#settings = settings;
    [this.#source, this.#mask, this.#blurred, this.#previous] = [
      newPlane(),
      newPlane(),
      newPlane(),
      newPlane(),
    ];
  }

  /** `picture` without padding. @returns how many boxes there are, 0 without motion. */
  detect({ data }: LumaPlane): number {
    const [cv, mask, settings] = [this.#cv, this.#mask, this.#settings];
    const size = new cv.Size(settings.blurSizePx, settings.blurSizePx);
    [this.#blurred, this.#previous] = [this.#previous, this.#blurred];
    this.#source.data.set(data);
    cv.GaussianBlur(this.#source, this.#blurred, size, 0, 0, cv.BORDER_DEFAULT);
    if (this.#isFirst) {
      this.#isFirst = false;
      return 0;
    }
    cv.absdiff(this.#blurred, this.#previous, mask);
    cv.threshold(mask, mask, settings.threshold, 255, cv.THRESH_BINARY);
    this.#spread(cv.dilate.bind(cv), settings.dilateIterations);
    this.#spread(cv.erode.bind(cv), settings.erodeIterations);
    const { decision } = settings;
    const leastPx = decision.measure === 'changed-pixels' ? decision.leastPx : 0;
    return cv.countNonZero(mask) < leastPx ? 0 : this.#countBoxes();
  }

  [Symbol.dispose](): void {
    for (const plane of [this.#source, this.#mask, this.#blurred, this.#previous]) plane.delete();
  }

  #spread(spread: Morphology, iterations: number): void {
    const [cv, mask] = [this.#cv, this.#mask];
    const square = cv.Mat.ones(3, 3, cv.CV_8UC1);
    const anchor = new cv.Point(-1, -1);
    const borderValue = cv.morphologyDefaultBorderValue();
    spread(mask, mask, square, anchor, iterations, cv.BORDER_CONSTANT, borderValue);
    square.delete();
  }

  #countBoxes(): number {
    const cv = this.#cv;
    const [contours, hierarchy] = [new cv.MatVector(), new cv.Mat()];
    cv.findContours(this.#mask, contours, hierarchy, cv.RETR_EXTERNAL, cv.CHAIN_APPROX_SIMPLE);
    const count = contours.size();
    for (let i = 0; i < count; i++) {
      const contour = contours.get(i);
      cv.boundingRect(contour);
      contour.delete();
    }
    contours.delete();
    hierarchy.delete();
    return count;
  }
}
