/*
 * The background of a scene: up to three brightnesses, modes, that each pixel is known to show. Of a pixel it keeps
 * eight bits each of
 *
 * - the modes' brightness, and their weights: how well each is known, the heaviest first, 0 for none
 * - the tolerance: how far from a mode still counts as the mode
 * - the unrest: how often it lately changed between foreground and background; from RESTLESS on it is taken to blink
 * - whether it was foreground
 *
 * A pixel matches the first mode with a weight that it is within the tolerance of, and is background if that mode
 * has at least BACKGROUND_WEIGHT. All constants are per picture analysed, chosen at 5 a second. The kernel is built with
 * them too, so this file holds nothing but numbers.
 */

export const MODES = 3;

export const LEAST_TOLERANCE = 12;
export const GREATEST_TOLERANCE = 48;
/** The tolerance strives for so many times the difference from the mode, a step a picture. */
export const TOLERANCE_FACTOR = 4;
/** A blinking pixel in the foreground becomes tolerant by so much a picture. */
export const BLINKING_TOLERANCE = 2;
export const START_TOLERANCE = 24;

export const UNREST_PER_FLIP = 16;
export const RESTLESS = 48;

export const BACKGROUND_WEIGHT = 32;
/** Of a mode that was not known before. */
export const NEW_WEIGHT = 8;
export const START_WEIGHT = 64;
/** What a matched mode gains; */
export const GAIN = 12;
/** but only so much until it is background, unless the pixel blinks: a person who stands still is not to vanish. */
export const SLOW_GAIN = 1;

/** Every so many columns and rows a pixel is asked for its offset. The kernel relies on the columns. */
export const OFFSET_COLUMNS = 16;
export const OFFSET_ROWS = 4;
/** Where pixels are counted that are as bright as their first mode; brighter ones follow, darker ones precede. */
export const NO_OFFSET = 255;
export const OFFSETS = 2 * NO_OFFSET + 1;

/** Specks of under 3x3 pixels are dropped, and what is left grows by this so that parts of a thing join. */
export const GROWTH = 3;
