import type { Orientation, Turn } from '../base/orientation.ts';
import type { VideoTrack } from './packet.ts';

/** A plane of pixels of one byte. */
export interface Plane {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Bytes from a row to the next. */
  readonly stride: number;
  readonly data: Uint8Array;
}

/** The size in which pictures of a track are shown. */
export function shownSize(track: Pick<VideoTrack, 'widthPx' | 'heightPx' | 'orientation'>) {
  const { widthPx, heightPx, orientation } = track;
  return isSideways(orientation) ? { widthPx: heightPx, heightPx: widthPx } : { widthPx, heightPx };
}

/** Whether width and height change places. */
export function isSideways(orientation: Orientation | undefined): boolean {
  return orientation !== undefined && orientation.turnDegrees % 180 !== 0;
}

export function sameOrientation(a: Orientation | undefined, b: Orientation | undefined): boolean {
  return a?.turnDegrees === b?.turnDegrees && a?.isMirrored === b?.isMirrored;
}

/** Gives tracks an orientation: the same object for the same track, as long as that does not change. */
export class TrackOrienter {
  #orientation: Orientation | undefined;
  #given: VideoTrack | undefined;
  #oriented: VideoTrack | undefined;

  orient(track: VideoTrack, orientation: Orientation | undefined): VideoTrack {
    if (orientation === undefined) return track;
    if (this.#oriented === undefined || track !== this.#given || orientation !== this.#orientation) {
      this.#oriented = { ...track, orientation };
    }
    this.#given = track;
    this.#orientation = orientation;
    return this.#oriented;
  }
}

/** Cosine and sine. */
const DIRECTIONS: Readonly<Record<Turn, readonly [number, number]>> = {
  0: [1, 0],
  90: [0, 1],
  180: [-1, 0],
  270: [0, -1],
};

/**
 * The first four factors of the matrix by which a point of the coded picture becomes one of the shown picture, both with
 * their origins at the upper left: `x' = a x + c y + left`, `y' = b x + d y + top` (ISO 14496-12 8.3.2). Each is -1, 0 or 1.
 */
export function matrixOf({ turnDegrees, isMirrored }: Orientation) {
  const [cosine, sine] = DIRECTIONS[turnDegrees];
  const across = isMirrored ? -1 : 1;
  return { a: across * cosine, b: across * sine, c: 0 - sine, d: cosine };
}

/** @returns undefined for pictures that are upright, and for what is neither a quarter turn nor a mirror. */
export function orientationOf(a: number, b: number, c: number, d: number): Orientation | undefined {
  for (const turnDegrees of [0, 90, 180, 270] as const) {
    for (const isMirrored of [false, true]) {
      const matrix = matrixOf({ turnDegrees, isMirrored });
      const isSame = a === matrix.a && b === matrix.b && c === matrix.c && d === matrix.d;
      if (isSame) return turnDegrees === 0 && !isMirrored ? undefined : { turnDegrees, isMirrored };
    }
  }
  return undefined;
}

/** The plane as it is to be shown, row by row without padding, into `target` of as many bytes. */
export function orientPlane(plane: Plane, orientation: Orientation, target: Uint8Array): Plane {
  const { widthPx, heightPx, stride, data } = plane;
  const { a, b, c, d } = matrixOf(orientation);
  const shown = isSideways(orientation)
    ? { width: heightPx, height: widthPx }
    : { width: widthPx, height: heightPx };
  // The matrix is turned round by swapping b and c: one to the right in what is shown is a to the right and c down here.
  const right = a + c * stride;
  const down = b + d * stride;
  const left = a < 0 || b < 0 ? widthPx - 1 : 0;
  const top = c < 0 || d < 0 ? heightPx - 1 : 0;
  const first = left + top * stride;
  for (let row = 0; row < shown.height; row += 1) {
    let from = first + row * down;
    const end = (row + 1) * shown.width;
    for (let to = row * shown.width; to < end; to += 1) {
      target[to] = data[from] ?? 0;
      from += right;
    }
  }
  return { widthPx: shown.width, heightPx: shown.height, stride: shown.width, data: target };
}
