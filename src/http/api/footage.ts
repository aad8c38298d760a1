import { z } from 'zod';
import type { ToldGapDetail } from './gap-detail.ts';

/** Milliseconds since 1970, whole. */
const moment = z.coerce
  .number()
  .int()
  .min(0)
  .max(2 ** 52);

const LONGEST_KEYS_MS = 86_400_000;

/** `?from=&to=`: `from` belongs to it, `to` does not. */
export const footageQuery = z.object({ from: moment, to: moment }).refine(({ from, to }) => from < to, {
  message: 'expected a span that ends after it begins',
  path: ['to'],
});

/** `1795834800000`, or `1795834800000t` for a time-lapse. */
export const segmentParam = z.string().regex(/^\d{1,16}t?$/, 'expected the name of a segment');

/** `7`, or `7-12`: both belong to it. */
export const rangeParam = z
  .string()
  .regex(/^\d{1,6}(-\d{1,6})?$/, 'expected one fragment or a range of them');

/** `?until=`: what only pictures after that moment need is left out at the end. */
export const fragmentsQuery = z.object({ until: moment.optional() });

export const keysQuery = z
  .object({
    from: moment,
    to: moment,
    /** One picture at most for each such span. */
    every: z.coerce.number().int().min(1).max(86_400_000).default(1),
    limit: z.coerce.number().int().min(1).max(256).default(64),
  })
  .refine(({ from, to }) => from < to && to - from <= LONGEST_KEYS_MS, {
    message: 'expected a span that ends after it begins, and is not longer than a day',
    path: ['to'],
  });

/** What the picture of a moment is decoded from. */
export const momentQuery = z.object({ at: moment });

/** The header that says which fragments `footage/moment` gives: `SEGMENT/FIRST-LAST`. */
export const FRAGMENTS_HEADER = 'footage-fragments';

/** The picture of a moment, at most so many pixels wide. */
export const pictureQuery = z.object({
  at: moment,
  width: z.coerce.number().int().min(16).max(8192).default(8192),
});

/** The header that says when a picture of `footage/picture` was recorded, in ms since 1970. */
export const PICTURE_TIME_HEADER = 'picture-time';

/** A file of a recording. */
export interface FootageSegmentJson {
  /** Of `footage/ID/init` and `footage/ID/fragments/FIRST-LAST`. */
  readonly id: string;
  /** When its run began; names the run. */
  readonly runMs: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether it is still written to. */
  readonly isOpen: boolean;
  readonly isTimelapse: boolean;
  /** For `addSourceBuffer`. */
  readonly mime: string;
  readonly codec: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly hasSound: boolean;
  /**
   * Four whole numbers for each fragment: when it begins, ms after `startMs`; its length in ms; its size in bytes; 1 if it
   * begins with a key picture, else 0.
   */
  readonly fragments: readonly number[];
}

export interface FootageGapJson extends ToldGapDetail {
  readonly fromMs: number;
  readonly toMs: number;
  readonly cause: string;
}

/** What is recorded in a span. */
export interface FootageJson {
  /** What this is about: may end before what was asked for; ask on from `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The server's clock: what was recorded shortly before may not be told yet. */
  readonly nowMs: number;
  readonly segments: readonly FootageSegmentJson[];
  readonly gaps: readonly FootageGapJson[];
  /** Where footage before `fromMs` ends, and where footage from `toMs` on begins. */
  readonly previousMs: number | null;
  readonly nextMs: number | null;
}

/** How key pictures are decoded (`footage/keys`, records of type 1). */
export type { KeyStreamFormat } from '../../playback/key-stream-format.ts';
