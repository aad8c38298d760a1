import { z } from 'zod';
import { choice, decimalNumber, oddNumber, safeName, wholeNumber } from './option.ts';

/* The section `motion`, and what a camera lays over it. */

const detector = choice(['current', 'three-frame', 'v1', 'v2', 'v3', 'v4', 'adaptive']).describe(
  'How motion is found. current: what changed from one picture to the next. three-frame: of that, what had changed just before too. v1 to v4: older ways of the same kind. adaptive: learns what each place usually looks like, and leaves foliage and flicker alone.',
);
const sensitivity = wholeNumber({ least: 1, most: 100 }).describe(
  'How easily something counts as motion. 10 more halve the area that must change (minimalArea, minimalPercent), 10 less double it.',
);
const rateFps = decimalNumber({ least: 0.5, most: 30 }).describe('Pictures analysed a second.');
const widthPx = wholeNumber({ least: 64, most: 1_920 })
  .describe(
    'Pictures wider than this are shrunk to it, in pixels, before anything else. Default: 500, of adaptive 640.',
  )
  .meta({ example: 500 })
  .optional();
const threshold = wholeNumber({ least: 1, most: 254 })
  .describe(
    'A pixel has changed when it became brighter or darker by more than this; 255 is from black to white. Default: 10, of v1 25. Not for adaptive.',
  )
  .meta({ example: 10 })
  .optional();
const blur = oddNumber({ least: 1, most: 63 })
  .describe(
    'Side in pixels of the blur that takes out noise, odd; 1 is none. Default: 11, of v1 and v2 21. Not for adaptive.',
  )
  .meta({ example: 11 })
  .optional();
const dilate = wholeNumber({ least: 0, most: 127 })
  .describe(
    'How far changed areas grow so that neighbours join, in pixels. Default: 8, of v1 2. For current, three-frame and v1.',
  )
  .meta({ example: 8 })
  .optional();
const erode = wholeNumber({ least: 0, most: 127 })
  .describe('How far they shrink again, in pixels. Default: 4. For current and three-frame.')
  .meta({ example: 4 })
  .optional();
const minimalArea = wholeNumber({ least: 1, most: 4_000_000 })
  .describe(
    'How many pixels of the analysed picture must change, at sensitivity 50. Default: 1500, of v3 1001, of v4 (area within contours) 10. For current, three-frame, v3 and v4.',
  )
  .meta({ example: 1_500 })
  .optional();
const minimalPercent = decimalNumber({ least: 0.01, most: 100 })
  .describe(
    'How much of the picture must change, in per cent, at sensitivity 50: the largest box of v1 (default: 8), all that changed of v2 (1), a region of adaptive (0.25). For these only.',
  )
  .meta({ example: 1 })
  .optional();

const expert = { widthPx, threshold, blur, dilate, erode, minimalArea, minimalPercent };

export const motion = z
  .strictObject({
    detector: detector.prefault('current'),
    sensitivity: sensitivity.prefault(50),
    rateFps: rateFps.prefault(5),
    ...expert,
  })
  .describe('How motion is found. detector and sensitivity are usually enough; the rest is for experts.');

const corner = z
  .tuple([decimalNumber({ least: 0, most: 1 }), decimalNumber({ least: 0, most: 1 })], {
    error: 'a corner [x, y], both from 0 to 1',
  })
  .transform(([x, y]) => ({ x, y }));
const polygon = z
  .array(corner, { error: 'a list of corners [x, y]' })
  .min(3, { error: 'at least 3 corners [x, y]' })
  .describe(
    'A list of at least 3 corners [x, y]: [0, 0] is the left upper corner of the picture, [1, 1] the right lower one.',
  );
const masks = z
  .array(polygon, { error: 'a list of polygons, each a list of corners [x, y]' })
  .describe('Polygons in which nothing counts as motion.');
const zone = z.strictObject({ polygon, sensitivity: sensitivity.optional() }).describe('A zone.');
const zones = z
  .record(safeName('a zone name'), zone, { error: 'zones by name' })
  .describe(
    "Parts of the picture by name, which an event tells when they moved. A sensitivity of its own replaces the camera's there. Zones may overlap.",
  );

export const cameraMotion = z
  .strictObject({
    detector: detector.optional(),
    sensitivity: sensitivity.optional(),
    rateFps: rateFps.optional(),
    ...expert,
    masks: masks.prefault([]),
    zones: zones.prefault({}),
  })
  .describe(
    'Settings of the section motion, for this camera only, and the parts of its picture: masks are polygons in which nothing counts as motion, zones are polygons with a name, which an event tells when they moved. Corners are [x, y], from [0, 0] on the left above to [1, 1] on the right below. With another detector than that of the section motion, threshold, blur, dilate, erode, minimalArea and minimalPercent of that section do not hold.',
  )
  .meta({
    example: {
      sensitivity: 60,
      masks: [
        [
          [0, 0],
          [1, 0],
          [1, 0.1],
          [0, 0.1],
        ],
      ],
      zones: {
        door: {
          polygon: [
            [0.4, 0.5],
            [0.6, 0.5],
            [0.6, 1],
            [0.4, 1],
          ],
          sensitivity: 70,
        },
      },
    },
  });
