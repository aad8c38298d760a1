import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PrerollError } from '../base/error.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { EventRecord, SegmentKind } from '../db/records.ts';
import { sidecarPath, type Annotation } from './sidecar.ts';

/** What a sidecar tells beyond what its recording tells itself. */
export interface Sidecar {
  readonly camera: string;
  readonly kind: SegmentKind;
  readonly startWallMs: WallMs;
  /** Both undefined while the file grows, and where the recorder was killed. */
  readonly endWallMs: WallMs | undefined;
  readonly endedBy: string | undefined;
  readonly continues: string | undefined;
  readonly annotations: readonly Annotation[];
}

/** A file in the place of a sidecar that is none, or that speaks of another recording. */
export class SidecarError extends PrerollError {
  readonly kind = 'sidecar';
}

/**
 * Reads the JSON file beside a recording.
 * @returns undefined where there is none.
 * @throws SidecarError; an error of the system when it cannot be read.
 */
export async function readSidecar(recordingPath: string): Promise<Sidecar | undefined> {
  const path = sidecarPath(recordingPath);
  const text = await readFile(path, 'utf8').catch(noneIfMissing);
  return text === undefined ? undefined : parseSidecar(text, path, basename(recordingPath));
}

const KINDS: readonly SegmentKind[] = ['continuous', 'event', 'timelapse'];

/**
 * @param path for messages.
 * @param recordingName of the recording that it must be about.
 * @throws SidecarError.
 */
export function parseSidecar(text: string, path: string, recordingName: string): Sidecar {
  const content = parseObject(text, path);
  const { camera, file, kind, start, end, endedBy, continues, events } = content;
  const startWallMs = timeOf(start);
  if (typeof camera !== 'string' || startWallMs === undefined) {
    throw new SidecarError(`${path}: expected camera and start of a recording, found neither or one`);
  }
  if (file !== recordingName) {
    throw new SidecarError(`${path}: expected it to be about ${recordingName}, found ${JSON.stringify(file)}`);
  }
  return {
    camera,
    // What older versions wrote does not say it.
    kind: KINDS.find((known) => known === kind) ?? 'continuous',
    startWallMs,
    endWallMs: timeOf(end),
    endedBy: typeof endedBy === 'string' ? endedBy : undefined,
    continues: typeof continues === 'string' ? continues : undefined,
    annotations: Array.isArray(events) ? events.filter(isAnnotation) : [],
  };
}

/** The event that an annotation tells; undefined where it tells no times. */
export function eventOf(camera: string, annotation: Annotation): EventRecord | undefined {
  // `keep-event` marks what it keeps; that is no detail of the event.
  const { kept, ...detail } = annotation;
  const { trigger, from, until, causes, zones, score, peak } = detail;
  const triggerWallMs = timeOf(trigger);
  const fromWallMs = timeOf(from);
  const untilWallMs = timeOf(until);
  if (triggerWallMs === undefined || fromWallMs === undefined || untilWallMs === undefined) return undefined;
  return {
    camera,
    triggerWallMs,
    fromWallMs,
    untilWallMs,
    isOpen: false,
    causes: textsOf(causes),
    zones: textsOf(zones),
    score: numberOf(score),
    peakScore: isObject(peak) ? numberOf(peak['score']) : undefined,
    isKept: kept === true,
    detail,
    thumbnail: undefined,
  };
}

function parseObject(text: string, path: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new SidecarError(`${path}: expected JSON`, { cause: error });
  }
  if (isObject(content)) return content;
  throw new SidecarError(`${path}: expected an object, found ${JSON.stringify(content).slice(0, 40)}`);
}

function isAnnotation(value: unknown): value is Annotation {
  return isObject(value) && typeof value['id'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function timeOf(text: unknown): WallMs | undefined {
  const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : wallMs(ms);
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function noneIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
