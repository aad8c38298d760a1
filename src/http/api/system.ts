import { z } from 'zod';
import { gapDetail } from './gap-detail.ts';

/* `api/system`: how the machine and its recorder are at this moment, for administrators. */

export const PROCESS_ROLES = [
  'recorder',
  'web',
  'index',
  'web-index',
  'analyzer',
  'transcoder',
  'sound',
  'source',
  'picture',
  'config-reader',
  'motion-trial',
  'moment',
  'other',
] as const;

const processUsage = z.object({
  pid: z.number(),
  role: z.enum(PROCESS_ROLES),
  /** What it runs, where the role does not say it. */
  name: z.string(),
  /** Of one core, 0..: since the last time that anybody asked; null the first time. */
  cpu: z.number().nullable(),
  memoryBytes: z.number(),
});

const disk = z.object({
  path: z.string(),
  /** Whether the archive's volume was found there. */
  isThere: z.boolean(),
  totalBytes: z.number().nullable(),
  /** What programs may still write. */
  freeBytes: z.number().nullable(),
  /** Below that much free space nothing more is recorded on it. */
  floorBytes: z.number().nullable(),
  /** The most that recordings may take, as configured. */
  maxBytes: z.number().nullable(),
  /** What the recordings of each camera take, the most first. */
  cameras: z.array(z.object({ camera: z.string(), bytes: z.number() })),
});

const cameraRate = z.object({
  camera: z.string(),
  state: z.enum(['connecting', 'playing', 'waiting']),
  /** Why it could not be reached the last time. */
  reason: z.string().nullable(),
  video: z.object({ codec: z.string(), width: z.number(), height: z.number() }).nullable(),
  /** Of the stream that is recorded; null the first time that anybody asks, and while it does not play. */
  bitsPerSecond: z.number().nullable(),
  fps: z.number().nullable(),
});

/** As of a gap (`db/records`). */
const cause = z.string();

const dayOfCamera = z.object({
  camera: z.string(),
  /** Of this day, how much is accounted for: a camera that is new has less. */
  spanMs: z.number(),
  recordedMs: z.number(),
  /** What is not recorded, by cause, the most first. */
  missing: z.array(z.object({ cause, ms: z.number(), times: z.number() })),
});

export const systemAnswer = z.object({
  versions: z.object({ preroll: z.string(), node: z.string(), os: z.string() }),
  host: z.object({
    cpuModel: z.string(),
    cores: z.number(),
    /** Programs that want to run, averaged over a minute; null where the system does not tell. */
    load: z.number().nullable(),
    memoryBytes: z.number(),
    freeMemoryBytes: z.number(),
  }),
  /** By the machine's clock. */
  nowMs: z.number(),
  /** How long the recorder has been running; null while it does not answer. */
  upMs: z.number().nullable(),
  /** Null where the system does not tell. */
  processes: z.array(processUsage).nullable(),
  disks: z.array(disk),
  cameras: z.array(cameraRate),
  lastDay: z.object({
    cameras: z.array(dayOfCamera),
    /** Those that were not meant, the newest first. */
    gaps: z.array(
      z.object({
        camera: z.string(),
        startMs: z.number(),
        endMs: z.number(),
        cause,
        detail: z.string(),
        what: gapDetail.optional(),
      }),
    ),
  }),
});

export type SystemAnswer = z.infer<typeof systemAnswer>;
export type ProcessRole = (typeof PROCESS_ROLES)[number];
