import { z } from 'zod';
import {
  cameraAddress,
  choice,
  decimalNumber,
  duration,
  flag,
  safeName,
  size,
  text,
  wholeNumber,
} from './option.ts';
import { RECORDING_MODES } from './recording-mode.ts';
import { cameraMotion, motion } from './schema-motion.ts';
import { web } from './schema-web.ts';

/*
 * Every option of Preroll: its name, kind, range, default and meaning. Types, validation, the JSON Schema for
 * editors and the commented default file all come from here.
 */

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
const MIB = 2 ** 20;
const TIB = 2 ** 40;

const initialWait = duration({ least: 0, most: HOUR_MS }).describe(
  'No motion is reported for this long after a camera connects.',
);
const minimalDuration = duration({ least: 0, most: HOUR_MS }).describe(
  'An event lasts at least this long; each motion prolongs it.',
);
const preRoll = duration({ least: 0, most: 300 * SECOND_MS }).describe(
  'What is kept from before an event. Reaches back to the key frame before it, so it may be a little more.',
);
const postRoll = duration({ least: 0, most: HOUR_MS }).describe('What is kept after an event.');
const maximalLength = duration({ least: 10 * SECOND_MS, most: 24 * HOUR_MS }).describe(
  "An event longer than this goes on in a new one, without losing a frame. At least the event's minimalDuration.",
);

const at = z
  .array(text('days and times', { most: 100 }), { error: 'a list of days and times' })
  .describe(
    'Parts of every week that are events by themselves, such as mon-fri 07:30-07:45, in the time zone of archive.timeZone.',
  );

const loudDbfs = decimalNumber({ least: -90, most: 0 })
  .describe(
    'Sound at least this loud makes an event, in every mode but off: its mean level in dBFS, where 0 is the loudest there can be. Speech near a camera has about -30, a shout -15. Without it sound makes no events. The web app shows the level where a camera is listened to.',
  )
  .meta({ example: -20 })
  .optional();
const loudFor = duration({ least: 0, most: 60 * SECOND_MS }).describe(
  'It has to last so long to make an event, without a break.',
);

const event = z
  .strictObject({
    initialWait: initialWait.prefault('5s'),
    minimalDuration: minimalDuration.prefault('10s'),
    preRoll: preRoll.prefault('5s'),
    postRoll: postRoll.prefault('2s'),
    maximalLength: maximalLength.prefault('10m'),
    at: at.prefault([]),
    loudDbfs,
    loudFor: loudFor.prefault('200ms'),
  })
  .describe('When an event begins and ends, and how much is kept around it.');

const cameraEvent = z
  .strictObject({ initialWait, minimalDuration, preRoll, postRoll, maximalLength, at, loudDbfs, loudFor })
  .partial()
  .describe('Settings of the section event, for this camera only.')
  .meta({ example: { preRoll: '10s' } });

function maxAge(description: string, example: string) {
  return duration({ least: HOUR_MS, most: 36_500 * DAY_MS })
    .describe(description)
    .meta({ example })
    .optional();
}

function maxSize(description: string, example: string) {
  return size({ least: MIB, most: 1_024 * TIB })
    .describe(description)
    .meta({ example })
    .optional();
}

const cameraRetentionOptions = {
  continuousMaxAge: maxAge(
    'Recordings that hold no event are deleted when they are older than this. Without it they go when room is needed.',
    '30d',
  ),
  eventMaxAge: maxAge('The same for recordings of events.', '90d'),
  continuousMaxSize: maxSize(
    'The most that the recordings of a camera which hold no event may take; the oldest are deleted.',
    '500GB',
  ),
  eventMaxSize: maxSize('The same for recordings of events.', '500GB'),
  maxSize: maxSize('The most that all recordings of a camera together may take.', '1TB'),
};
const minAge = duration({ least: 0, most: 36_500 * DAY_MS }).describe(
  'No recording younger than this is deleted to keep within a size or to make room. When a disk is full of such recordings, the log says so, and recording waits for room. With 0, recording always goes on.',
);

const retention = z
  .strictObject({
    ...cameraRetentionOptions,
    minAge: minAge.prefault('0s'),
    archiveMaxSize: maxSize(
      'The most that the recordings of all cameras together may take; the oldest are deleted, whichever camera they are of.',
      '2TB',
    ),
    minFree: size({ least: 0, most: 1_024 * TIB })
      .describe(
        'What is kept free on each disk, by deleting the oldest recordings on it. Default: 5 per cent of the disk, at most 10 GB.',
      )
      .meta({ example: '10GB' })
      .optional(),
  })
  .describe(
    'How long recordings are kept. As it stands here, until the disk is nearly full; then the oldest are deleted. What somebody has marked to be kept (preroll archive keep) is never deleted.',
  );

const cameraRetention = z
  .strictObject({ ...cameraRetentionOptions, minAge: minAge.optional() })
  .describe('Settings of the section retention, for this camera only.')
  .meta({ example: { eventMaxAge: '365d' } });

function sidePx(side: string, example: number) {
  return wholeNumber({ least: 16, most: 8_192 })
    .describe(
      `${side} in pixels to which pictures are brought, rounded down to an even number. Left out, it follows from the other side; without both, the size stays.`,
    )
    .meta({ example })
    .optional();
}

const reencode = z
  .strictObject({
    codec: choice(['h264', 'h265'])
      .describe('h265 takes less room for the same picture, and several times the CPU.')
      .prefault('h264'),
    encoder: choice(['auto', 'software', 'nvenc', 'qsv', 'vaapi', 'videotoolbox', 'v4l2m2m'])
      .describe(
        'What encodes. auto: the first of nvenc, qsv, vaapi, videotoolbox and v4l2m2m that works on this machine, else software. v4l2m2m needs bitRateKbps.',
      )
      .prefault('auto'),
    widthPx: sidePx('Width', 640),
    heightPx: sidePx('Height', 360),
    rateFps: decimalNumber({ least: 0.1, most: 240 })
      .describe('At most this many pictures a second are kept. Default: all.')
      .meta({ example: 10 })
      .optional(),
    quality: wholeNumber({ least: 1, most: 51 })
      .describe(
        'Constant quality: less is better, 6 less take about twice the room. 18 can hardly be told from the original. Default: 23.',
      )
      .meta({ example: 26 })
      .optional(),
    bitRateKbps: wholeNumber({ least: 32, most: 200_000 })
      .describe('Instead of quality: what the video takes on average, in kbit/s.')
      .meta({ example: 800 })
      .optional(),
    label: flag()
      .describe('Burn the name of the camera and the time into the picture, at the lower left.')
      .prefault(false),
  })
  .describe(
    'With this section the video is re-encoded before it is recorded, which costs much CPU; without it, it is recorded as the camera sends it. While re-encoding fails or is too slow, the video is recorded as it comes. Sound stays as it is.',
  );

const password = z
  .union(
    [
      text('a password', { most: 256 }),
      z.strictObject({ env: text('the name of an environment variable', { most: 128 }) }),
      z.strictObject({ file: text('the path of a file', { most: 1_024 }) }),
    ],
    { error: 'a password (text; put numbers in quotes), { env: NAME } or { file: PATH }' },
  )
  .describe(
    'Its password: as text, or { env: NAME } to take it from an environment variable, or { file: PATH } to read it from a file.',
  )
  .meta({ example: { env: 'YARD_PASSWORD' } });

const mode = choice(RECORDING_MODES);

const camera = z
  .strictObject({
    url: cameraAddress().describe(
      'Address of the main stream, such as rtsp://192.168.1.20/stream1; 0 is the first camera of this machine, demo: the built-in demo camera. The README lists all kinds.',
    ),
    subUrl: cameraAddress()
      .describe(
        'Address of a smaller second stream. Motion is looked for there if it is given, which costs much less.',
      )
      .meta({ example: 'rtsp://192.168.1.20/stream2' })
      .optional(),
    username: text('a user name', { most: 256 })
      .describe("The camera's user. It may also stand in the URL.")
      .meta({ example: 'viewer' })
      .optional(),
    password: password.optional(),
    transport: choice(['tcp', 'udp'])
      .describe('How the video travels. tcp loses nothing; udp suits some cameras better.')
      .prefault('tcp'),
    engine: choice(['auto', 'native', 'ffmpeg'])
      .describe(
        "What reads an rtsp:// camera. native: Preroll's own client, which costs least. ffmpeg: that of FFmpeg, in a process of its own. auto: native, and ffmpeg for a camera that native does not understand.",
      )
      .prefault('auto'),
    audio: flag().describe('Record sound too, if the camera sends any.').prefault(true),
    rotate: z
      .literal([0, 90, 180, 270], { error: 'one of 0, 90, 180, 270' })
      .describe(
        'By how many degrees the picture is turned clockwise, for a camera that hangs on its side or upside down. The video itself stays as the camera sends it; players turn it.',
      )
      .prefault(0),
    mirror: flag()
      .describe(
        'Mirror the picture left to right, before it is turned; for a camera that looks into a mirror.',
      )
      .prefault(false),
    mode: mode
      .describe(
        'motion: record events, with the seconds before them. always: record without a break, and look for no motion. timelapse: record key frames only, without sound. always+motion, timelapse+motion: that, and events. off: record nothing by itself. In every mode events can be asked for by hand, by other programs and by event.at.',
      )
      .prefault('motion'),
    schedule: z
      .record(text('days and times', { most: 100 }), mode, { error: 'modes by days and times' })
      .describe(
        'Parts of every week that have another mode, in the time zone of archive.timeZone: days, times or both, such as mon-fri 08:00-18:00, sat,sun or 22:00-06:00. Of several that hold the last one counts.',
      )
      .meta({ example: { 'mon-fri 08:00-18:00': 'off' } })
      .optional(),
    enabled: flag().describe('false leaves the camera alone: no connection, no recordings.').prefault(true),
    event: cameraEvent.optional(),
    motion: cameraMotion.optional(),
    reencode: reencode.optional(),
    retention: cameraRetention.optional(),
  })
  .describe('A camera.');

const cameras = z
  .record(safeName('a camera name'), camera, { error: 'cameras by name' })
  .describe(
    'The cameras by name. The name is also the name of the folder, so upper and lower case count as the same.',
  );

const volumePath = text('a path', { most: 1_024 });
const volumeMaxSize = size({ least: 32 * MIB, most: 2 ** 50 });
const moveAfter = duration({ least: HOUR_MS, most: 36_500 * DAY_MS });
const volume = z
  .strictObject(
    { path: volumePath, maxSize: volumeMaxSize.optional(), moveAfter: moveAfter.optional() },
    { error: '{ path, maxSize, moveAfter }' },
  )
  .describe('A further folder for recordings, usually a disk of its own.');

const archive = z
  .strictObject({
    path: volumePath
      .describe('Folder of the recordings. With further volumes it is the first of them.')
      .prefault('./archive'),
    maxSize: volumeMaxSize
      .describe('The most that recordings may take there. Default: what the disk holds.')
      .meta({ example: '500GB' })
      .optional(),
    moveAfter: moveAfter
      .describe(
        'Recordings older than this move on from there to the next of the volumes that has room: from a fast disk to a big one.',
      )
      .meta({ example: '7d' })
      .optional(),
    volumes: z
      .array(volume, { error: 'a list of { path, maxSize, moveAfter }' })
      .max(32, { error: 'at most 32 volumes' })
      .describe(
        'Further folders, in the order in which they are used: a new recording goes to the first one that takes it.',
      )
      .meta({ example: [{ path: '/mnt/big/archive', maxSize: '4TB' }] })
      .optional(),
    index: text('a path', { most: 1_024 })
      .describe(
        'The database of what the archive holds, which can be rebuilt from the recordings. Better on the disk of the system than on one that may be missing.',
      )
      .prefault('./preroll.db'),
    folder: z
      .string({ error: 'a folder template (text)' })
      .describe(
        'Sub-folder in the folder of the camera, made of {yyyy} {mm} {dd} {hh} {mi} {ss} and text; / divides folders, empty means none.',
      )
      .prefault('{yyyy}-{mm}-{dd}'),
    folderModule: text('the path of a JavaScript module', { most: 1_024 })
      .describe(
        'A JavaScript module that names the sub-folder instead. Its default export is called with the start of the recording, a Date, and the name of the camera, and returns the sub-folder, or null for none.',
      )
      .meta({ example: './my-folders.mjs' })
      .optional(),
    timeZone: choice(['local', 'utc'])
      .describe('Whether names of folders and files follow the time zone of this machine or UTC.')
      .prefault('local'),
    segmentLength: duration({ least: 5 * SECOND_MS, most: HOUR_MS })
      .describe(
        'Length of a file in mode always; a file ends at the first key frame after it. Time-lapse has files of an hour.',
      )
      .prefault('60s'),
  })
  .describe('Where recordings go: PATH/<camera>/<sub-folder>/<hh-mm-ss>.mp4.');

const ring = z
  .strictObject({
    maxBytes: size({ least: MIB, most: 4_096 * MIB })
      .describe('The most memory a camera may take to hold its preRoll.')
      .prefault('64MiB'),
  })
  .describe('The memory that holds the seconds before an event.');

const control = z
  .strictObject({
    path: text('a path', { most: 1_024 })
      .describe(
        'The socket, which only the user of the recorder can use. On Windows a pipe that is named for this path.',
      )
      .prefault('./preroll.sock'),
  })
  .describe(
    'Where other programs of this machine can ask for events and for the state; never on the network.',
  );

const log = z
  .strictObject({
    path: text('a path', { most: 1_024 }).describe('The log file.').prefault('./logs/preroll.log'),
    level: choice(['debug', 'info', 'warn', 'error'])
      .describe('The least important lines that are written.')
      .prefault('info'),
    maxSize: size({ least: 2 ** 16, most: 1_024 * MIB })
      .describe('No log file is larger; a full one becomes preroll.log.1, and that preroll.log.2, and so on.')
      .prefault('32MiB'),
    count: wholeNumber({ least: 0, most: 1_000 })
      .describe('How many of those older files are kept.')
      .prefault(20),
    format: choice(['lines', 'json'])
      .describe('lines for people, json (one object a line) for programs.')
      .prefault('lines'),
    console: flag().describe('Write every line to the console (standard error) too.').prefault(true),
  })
  .describe('What Preroll says about its work.');

/** The whole configuration as written, and with defaults filled in and quantities as ms and bytes. */
export const configSchema = z
  .strictObject({
    cameras: cameras.prefault({}),
    event: event.prefault({}),
    motion: motion.prefault({}),
    archive: archive.prefault({}),
    retention: retention.prefault({}),
    ring: ring.prefault({}),
    control: control.prefault({}),
    web: web.prefault({}),
    log: log.prefault({}),
  })
  .meta({ title: 'Configuration of Preroll' });

export type ValidConfig = z.output<typeof configSchema>;
export type ValidCamera = ValidConfig['cameras'][string];
export type ValidCameraRetention = NonNullable<ValidCamera['retention']>;
export type ValidMotion = ValidConfig['motion'];
export type ValidCameraMotion = NonNullable<ValidCamera['motion']>;
export type ValidReencode = NonNullable<ValidCamera['reencode']>;
