import type { DetectorName, MotionConfig, PolygonConfig, ZoneConfig } from './config.ts';
import { EVERY_KEY, type Path } from './located.ts';
import { reportTwins, type ResolveContext } from './resolve-context.ts';
import type { ValidCameraMotion, ValidMotion } from './schema.ts';

const DIFFERENCE: readonly DetectorName[] = ['current', 'three-frame', 'v1', 'v2', 'v3', 'v4'];

/** The options that not every detector uses, with those that do. */
const USERS = {
  threshold: DIFFERENCE,
  blur: DIFFERENCE,
  dilate: ['current', 'three-frame', 'v1'],
  erode: ['current', 'three-frame'],
  minimalArea: ['current', 'three-frame', 'v3', 'v4'],
  minimalPercent: ['v1', 'v2', 'adaptive'],
} as const satisfies Readonly<Record<string, readonly DetectorName[]>>;

type DetectorOption = keyof typeof USERS;

// `Object.keys` does not tell the type of its keys.
/** The options that mean something else, or nothing, to another detector. */
const DETECTOR_OPTIONS = Object.keys(USERS) as DetectorOption[];

/** The others judge contours whole, wherever they lie. */
const USERS_OF_ZONE_SENSITIVITY: readonly DetectorName[] = ['current', 'three-frame', 'v2', 'v3', 'adaptive'];

/** Corners that are nearer to one line than this enclose less than a pixel of any picture. */
const LEAST_AREA = 1e-9;

/** What does not hold of a camera's section `motion` when another detector is tried, as paths of keys in it. */
export function ownedByDetector(tried: string): readonly (readonly string[])[] {
  const usesZones = USERS_OF_ZONE_SENSITIVITY.some((name) => name === tried);
  return [
    ...DETECTOR_OPTIONS.map((option) => [option]),
    ...(usesZones ? [] : [['zones', EVERY_KEY, 'sensitivity']]),
  ];
}

/** The camera's own settings laid over the common ones, of which those of another detector do not hold. */
export function resolveMotion(
  common: ValidMotion,
  own: ValidCameraMotion | undefined,
  path: Path,
  context: ResolveContext,
): MotionConfig {
  const detector = own?.detector ?? common.detector;
  const sensitivity = own?.sensitivity ?? common.sensitivity;
  if (own !== undefined) reportUnused(own, detector, path, context);
  const inherited = detector === common.detector ? common : undefined;
  const { masks = [], zones = {} } = own ?? {};
  for (const [i, mask] of masks.entries()) reportFlat(mask, [...path, 'masks', i], context);
  return {
    detector,
    sensitivity,
    rateFps: own?.rateFps ?? common.rateFps,
    widthPx: own?.widthPx ?? common.widthPx,
    threshold: own?.threshold ?? inherited?.threshold,
    blurPx: own?.blur ?? inherited?.blur,
    dilatePx: own?.dilate ?? inherited?.dilate,
    erodePx: own?.erode ?? inherited?.erode,
    minimalAreaPx: own?.minimalArea ?? inherited?.minimalArea,
    minimalPercent: own?.minimalPercent ?? inherited?.minimalPercent,
    masks,
    zones: resolveZones(zones, { detector, sensitivity }, [...path, 'zones'], context),
  };
}

/** Reports what is set in a section but not used by its detector. */
export function reportUnused(
  section: Readonly<Partial<Record<DetectorOption, unknown>>>,
  detector: DetectorName,
  path: Path,
  context: ResolveContext,
): void {
  for (const option of DETECTOR_OPTIONS) {
    if (section[option] !== undefined) reportUnusedBy(detector, USERS[option], [...path, option], context);
  }
}

function reportUnusedBy(
  detector: DetectorName,
  users: readonly DetectorName[],
  path: Path,
  context: ResolveContext,
): void {
  if (users.includes(detector)) return;
  const named = `${users.slice(0, -1).join(', ')} and ${users.at(-1)}`;
  context.report(path, `is not used by the detector ${detector}, but by ${named}`);
}

function resolveZones(
  zones: ValidCameraMotion['zones'],
  { detector, sensitivity }: Pick<MotionConfig, 'detector' | 'sensitivity'>,
  path: Path,
  context: ResolveContext,
): ZoneConfig[] {
  reportTwins('zone', Object.keys(zones), path, context);
  return Object.entries(zones).map(([name, zone]) => {
    reportFlat(zone.polygon, [...path, name, 'polygon'], context);
    if (zone.sensitivity !== undefined) {
      reportUnusedBy(detector, USERS_OF_ZONE_SENSITIVITY, [...path, name, 'sensitivity'], context);
    }
    return { name, polygon: zone.polygon, sensitivity: zone.sensitivity ?? sensitivity };
  });
}

function reportFlat(polygon: PolygonConfig, path: Path, context: ResolveContext): void {
  if (isFlat(polygon)) {
    context.report(path, 'expected a polygon with an area, found corners on one line');
  } else if (coveredArea(polygon) < LEAST_AREA) {
    context.report(path, 'expected a polygon with an area, found one that goes around all of it twice');
  }
}

/** Whether no two corners make a triangle with the first one. */
function isFlat(polygon: PolygonConfig): boolean {
  const [first] = polygon;
  if (first === undefined) return true;
  const arms = polygon.map(({ x, y }) => ({ x: x - first.x, y: y - first.y }));
  return arms.every((a) => arms.every((b) => Math.abs(a.x * b.y - a.y * b.x) < LEAST_AREA));
}

const LINES = 64;

/** About the area that a polygon covers by the even-odd rule, as detectors have it (`motion/polygon-mask`). */
function coveredArea(polygon: PolygonConfig): number {
  const top = Math.min(...polygon.map(({ y }) => y));
  const height = Math.max(...polygon.map(({ y }) => y)) - top;
  let area = 0;
  for (let line = 0; line < LINES; line += 1) {
    const y = top + ((line + 0.5) / LINES) * height;
    const crossings = polygon
      .flatMap((from, i) => crossingAt(y, from, polygon.at(i - 1) ?? from))
      .toSorted((a, b) => a - b);
    for (const [i, x] of crossings.entries()) area += i % 2 === 0 ? -x : x;
  }
  return (area / LINES) * height;
}

/** Where an edge crosses the line at `y`, if it does. */
function crossingAt(y: number, from: PolygonConfig[number], to: PolygonConfig[number]): number[] {
  if (from.y <= y === to.y <= y) return [];
  return [from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x)];
}
