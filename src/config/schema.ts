import { z } from 'zod';
import { choice, decimalNumber, duration, flag, size, text, wholeNumber } from './option.ts';

/*
 * Every option of Preroll: its name, kind, range, default and meaning. Types, validation, the JSON Schema for
 * editors and the commented default file all come from here.
 */

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const MIB = 2 ** 20;

/** A camera's name is also its folder's name, on every file system. */
const CAMERA_NAME = /^(?=.{1,64}$)[A-Za-z0-9_-]([A-Za-z0-9 _.-]*[A-Za-z0-9_-])?$/;

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

const event = z
  .strictObject({
    initialWait: initialWait.prefault('5s'),
    minimalDuration: minimalDuration.prefault('10s'),
    preRoll: preRoll.prefault('5s'),
    postRoll: postRoll.prefault('2s'),
    maximalLength: maximalLength.prefault('10m'),
  })
  .describe('When an event begins and ends, and how much is kept around it.');

const cameraEvent = z
  .strictObject({ initialWait, minimalDuration, preRoll, postRoll, maximalLength })
  .partial()
  .describe('Settings of the section event, for this camera only.')
  .meta({ example: { preRoll: '10s' } });

const detector = choice(['current']).describe(
  'How motion is found. current: what changed from one picture to the next.',
);
const rateFps = decimalNumber({ least: 0.2, most: 30 }).describe('Pictures analysed a second.');
const threshold = wholeNumber({ least: 1, most: 254 }).describe(
  'How much brighter or darker a pixel must become to count as changed; 255 is from black to white.',
);
const minimalArea = wholeNumber({ least: 1, most: 4_000_000 }).describe(
  'How many changed pixels of the analysed picture make motion.',
);
const widthPx = wholeNumber({ least: 64, most: 1_920 }).describe(
  'Width in pixels to which the picture is reduced before it is analysed.',
);

const motion = z
  .strictObject({
    detector: detector.prefault('current'),
    rateFps: rateFps.prefault(5),
    threshold: threshold.prefault(10),
    minimalArea: minimalArea.prefault(1_500),
    widthPx: widthPx.prefault(500),
  })
  .describe('How motion is found.');

const cameraMotion = z
  .strictObject({ detector, rateFps, threshold, minimalArea, widthPx })
  .partial()
  .describe('Settings of the section motion, for this camera only.')
  .meta({ example: { minimalArea: 3_000 } });

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

const camera = z
  .strictObject({
    url: text('an rtsp:// URL, or demo:', { most: 2_048 }).describe(
      'Address of the main stream, such as rtsp://192.168.1.20/stream1; demo: is the built-in demo camera.',
    ),
    subUrl: text('an rtsp:// URL', { most: 2_048 })
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
    audio: flag().describe('Record sound too, if the camera sends any.').prefault(true),
    mode: choice(['motion', 'always'])
      .describe('motion: record events with the seconds before them. always: record without a break.')
      .prefault('motion'),
    enabled: flag().describe('false leaves the camera alone.').prefault(true),
    event: cameraEvent.optional(),
    motion: cameraMotion.optional(),
  })
  .describe('A camera.');

const cameras = z
  .record(
    z.string().regex(CAMERA_NAME, {
      error:
        'a camera name of 1 to 64 letters, digits, spaces or _ . - that begins with none of space and dot, and ends with neither',
    }),
    camera,
    { error: 'cameras by name' },
  )
  .describe(
    'The cameras by name. The name is also the name of the folder, so upper and lower case count as the same.',
  );

const archive = z
  .strictObject({
    path: text('a path', { most: 1_024 }).describe('Folder of the recordings.').prefault('./archive'),
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
      .describe('Length of a file in mode always; a file ends at the first key frame after it.')
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
    ring: ring.prefault({}),
    log: log.prefault({}),
  })
  .meta({ title: 'Configuration of Preroll' });

export type ValidConfig = z.output<typeof configSchema>;
export type ValidCamera = ValidConfig['cameras'][string];
