import { z } from 'zod';

/* `api/settings`: the configuration, read in the form in which it holds and changed in the form in which it is written. */

const name = z.string().min(1).max(64);
const key = z.string().min(1).max(100);
const corner = z.object({ x: z.number(), y: z.number() });
const age = z.number().nullable();
const size = z.number().nullable();
const engine = z.enum(['auto', 'native', 'ffmpeg']);

export const retentionJson = z.object({
  continuousMaxAgeMs: age,
  eventMaxAgeMs: age,
  continuousMaxSizeBytes: size,
  eventMaxSizeBytes: size,
  maxSizeBytes: size,
  minAgeMs: z.number(),
});

export const cameraSettings = z.object({
  name,
  isEnabled: z.boolean(),
  /** Without credentials; `demo:` for the built-in camera. */
  url: z.string(),
  subUrl: z.string().nullable(),
  username: z.string().nullable(),
  hasPassword: z.boolean(),
  /** Null where there is nothing to choose: the demo camera. */
  engine: engine.nullable(),
  transport: z.enum(['tcp', 'udp']),
  audio: z.boolean(),
  /** By how many degrees the picture is turned clockwise. */
  rotate: z.number(),
  /** Left to right, before it is turned. */
  mirror: z.boolean(),
  mode: z.string(),
  schedule: z.array(
    z.object({
      when: z.string(),
      /** What that means: half-open, in minutes since Monday 00:00. */
      stretches: z.array(z.object({ startMinute: z.number(), endMinute: z.number() })),
      mode: z.string(),
    }),
  ),
  event: z.object({
    preRollMs: z.number(),
    postRollMs: z.number(),
    minimalDurationMs: z.number(),
    maximalLengthMs: z.number(),
    /** Null where loud sound makes no events. */
    loudDbfs: z.number().nullable(),
  }),
  motion: z.object({
    detector: z.string(),
    sensitivity: z.number(),
    masks: z.array(z.array(corner)),
    zones: z.array(z.object({ name: z.string(), polygon: z.array(corner), sensitivity: z.number() })),
  }),
  retention: retentionJson,
});

export const settingsAnswer = z.object({
  /** To be sent with a change: it is refused when the file is another one by then. */
  version: z.string(),
  path: z.string(),
  /** Why the file cannot be written. */
  readOnly: z.string().nullable(),
  cameras: z.array(cameraSettings),
  /** What holds for cameras that say nothing else, and for all together. */
  retention: retentionJson.extend({ archiveMaxSizeBytes: size, minFreeBytes: size }),
  /** How the app is reached. */
  web: z.object({
    listen: z.enum(['lan', 'loopback', 'off']),
    port: z.number(),
    encryption: z.enum(['lan', 'always', 'never']),
    basePath: z.string(),
    trustedProxies: z.array(z.string()),
    /** Path of a given one; null for the self-made one. */
    certificate: z.string().nullable(),
  }),
  /** Options that another source than the file decides, by their keys. */
  elsewhere: z.array(z.object({ path: z.string(), source: z.string() })),
});

const path = z.array(key).min(2).max(8);
const edit = z.discriminatedUnion('kind', [
  /** The value as the file has it, such as `8s`; the configuration's schema checks it. */
  z.object({ kind: z.literal('set'), path, value: z.unknown() }),
  z.object({ kind: z.literal('remove'), path }),
  z.object({ kind: z.literal('rename'), path, to: key }),
]);

export const changeBody = z.object({ version: z.string().max(64), edits: z.array(edit).min(1).max(64) });
/** What would be with these changes; with none, what is. */
export const retentionQuestion = z.object({ edits: z.array(edit).max(200) });

const footage = z.enum(['continuous', 'event']);
const moment = z.number().nullable();

export const retentionOutlook = z.object({
  /** By the machine's clock. */
  nowMs: z.number(),
  /** When no disk has room any more, and the oldest recordings go for new ones; null: not within a year. */
  fullAtMs: moment,
  /** Of all cameras, at the present rate; null where not even a full hour is known. */
  bytesPerDay: z.number().nullable(),
  footage: z.array(
    z.object({
      camera: z.string(),
      footage,
      bytes: z.number(),
      oldestMs: z.number(),
      bytesPerDay: z.number().nullable(),
      /** How old recordings get before they are deleted; null where they never are, or nothing is known. */
      reachMs: age,
    }),
  ),
  disks: z.array(z.object({ path: z.string(), bytes: z.number(), roomBytes: z.number(), fullAtMs: moment })),
  /** What would be deleted within seconds, by camera. */
  deletions: z.array(
    z.object({
      camera: z.string(),
      footage,
      recordings: z.number(),
      bytes: z.number(),
      oldestMs: z.number(),
      newestMs: z.number(),
    }),
  ),
  /** Bounds that cannot be met. */
  shortfalls: z.array(z.object({ message: z.string() })),
  /** What is wrong with the machine's clock, by which recordings age. */
  clock: z.string().nullable(),
});

export const changeAnswer = z.object({ version: z.string() });

export const probeBody = z.object({
  url: z.string().min(1).max(2_048),
  /** Whose login is used where none is given: that of a camera of the configuration. */
  camera: name.optional(),
  username: z.string().max(256).optional(),
  password: z.string().max(256).optional(),
  engine: engine.default('auto'),
  transport: z.enum(['tcp', 'udp']).default('tcp'),
});

export const probeAnswer = z.object({
  video: z.object({ codec: z.string(), width: z.number(), height: z.number(), fps: z.number() }).nullable(),
  audio: z.object({ codec: z.string(), rate: z.number() }).nullable(),
  bitsPerSecond: z.number(),
  /** JPEG, in base64. */
  picture: z.string().nullable(),
  /** Addresses at which a smaller stream may be, the likeliest first. */
  subUrls: z.array(z.string()),
  /** Why our own RTSP client could not read it, where that is why FFmpeg's did. */
  nativeFailure: z.string().nullable(),
});

export type CameraSettings = z.infer<typeof cameraSettings>;
export type SettingsAnswer = z.infer<typeof settingsAnswer>;
export type SettingsEdit = z.input<typeof edit>;
export type ProbeAnswer = z.infer<typeof probeAnswer>;
export type RetentionOutlook = z.infer<typeof retentionOutlook>;
