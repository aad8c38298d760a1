/** An axis-aligned rectangle in the units of the painting. */
export interface Extent {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A shape as a signed distance field: negative inside, zero on the edge, in the units of the painting. */
export interface Shape {
  /** Nothing of the shape lies outside. */
  readonly extent: Extent;
  distance(x: number, y: number): number;
}

/** A thick line with round ends whose radius goes from `r0` to `r1`. */
export function capsule(x0: number, y0: number, x1: number, y1: number, r0: number, r1: number): Shape {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const lengthSquared = Math.max(1e-9, dx * dx + dy * dy);
  return {
    extent: {
      left: Math.min(x0 - r0, x1 - r1),
      top: Math.min(y0 - r0, y1 - r1),
      right: Math.max(x0 + r0, x1 + r1),
      bottom: Math.max(y0 + r0, y1 + r1),
    },
    distance(x, y) {
      const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / lengthSquared));
      const ex = x - x0 - along * dx;
      const ey = y - y0 - along * dy;
      return Math.sqrt(ex * ex + ey * ey) - (r0 + (r1 - r0) * along);
    },
  };
}

/** An upright ellipse; the distance is exact to first order around the edge (the function over its gradient). */
export function ellipse(cx: number, cy: number, rx: number, ry: number): Shape {
  return {
    extent: { left: cx - rx, top: cy - ry, right: cx + rx, bottom: cy + ry },
    distance(x, y) {
      const ex = (x - cx) / rx;
      const ey = (y - cy) / ry;
      const ratio = Math.sqrt(ex * ex + ey * ey);
      const gx = ex / rx;
      const gy = ey / ry;
      const steepness = Math.sqrt(gx * gx + gy * gy);
      return steepness === 0 ? -Math.min(rx, ry) : ((ratio - 1) * ratio) / steepness;
    },
  };
}

/** An upright rectangle. */
export function rectangle(left: number, top: number, width: number, height: number): Shape {
  const right = left + width;
  const bottom = top + height;
  return {
    extent: { left, top, right, bottom },
    distance: (x, y) => Math.max(left - x, x - right, top - y, y - bottom),
  };
}

/** A convex polygon, its corners clockwise on the screen. */
export function convex(corners: readonly (readonly [number, number])[]): Shape {
  const edges = corners.map(([x0, y0], index) => {
    const [x1, y1] = corners[(index + 1) % corners.length] ?? [x0, y0];
    const length = Math.hypot(x1 - x0, y1 - y0);
    return { x0, y0, nx: (y1 - y0) / length, ny: (x0 - x1) / length };
  });
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return {
    extent: { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) },
    distance(x, y) {
      let furthest = -Infinity;
      for (const edge of edges) {
        furthest = Math.max(furthest, (x - edge.x0) * edge.nx + (y - edge.y0) * edge.ny);
      }
      return furthest;
    },
  };
}
