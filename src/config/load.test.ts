import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allCredentials, type CameraConfig, type Config } from './config.ts';
import { loadConfig, type ConfigSources } from './load.ts';
import { localPath } from './local-path.ts';
import { ConfigError } from './problem.ts';
import { looksForMotion, modeAt, RECORDING_MODES, recordsOf } from './recording-mode.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-config-'));
  path = join(folder, 'preroll.yaml');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function load(yaml: string, more: Partial<ConfigSources> & { local?: string } = {}): Promise<Config> {
  await writeFile(path, yaml);
  if (more.local !== undefined) await writeFile(localPath(path), more.local);
  return await loadConfig({ path, environment: {}, flags: [], ...more });
}

/** The problems, with the folder's name taken off. */
async function problems(...given: Parameters<typeof load>): Promise<string[]> {
  const error: unknown = await load(...given).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error('expected a ConfigError', { cause: error });
  return error.message.replaceAll(`${folder}/`, '').split('\n');
}

function camera(config: Config, name: string): CameraConfig {
  const found = config.cameras.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no camera ${name}`);
  return found;
}

function credentials(config: Config): string[] {
  return allCredentials(config).map(({ username, password }) => `${username}:${password.reveal()}`);
}

describe('values', () => {
  test('fills in every default and resolves paths against the folder of the file', async () => {
    expect(await load('')).toEqual({
      cameras: [],
      archive: {
        path: join(folder, 'archive'),
        volumes: [{ path: join(folder, 'archive') }],
        indexPath: join(folder, 'preroll.db'),
        folder: expect.anything() as unknown,
        timeZone: 'local',
        segmentLengthMs: 60_000,
      },
      retention: {
        otherCameras: { continuous: {}, event: {}, minAgeMs: 0 },
      },
      ring: { maxBytes: 67_108_864 },
      control: { path: join(folder, 'preroll.sock') },
      web: {
        listen: 'lan',
        port: 8470,
        encryption: 'lan',
        trustedProxies: [],
        basePath: '',
        folder: join(folder, 'preroll-web'),
      },
      log: {
        path: join(folder, 'logs/preroll.log'),
        level: 'info',
        maxSizeBytes: 33_554_432,
        count: 20,
        format: 'lines',
        console: true,
      },
    });
  });

  test('puts the folder archive.path before the further volumes', async () => {
    const config = await load(
      'archive: { path: /fast, maxSize: 200GB, moveAfter: 7d, volumes: [{ path: big, maxSize: 4TB }, { path: /old }] }',
    );
    expect(config.archive.volumes).toEqual([
      { path: '/fast', maxBytes: 2e11, moveAfterMs: 604_800_000 },
      { path: join(folder, 'big'), maxBytes: 4e12 },
      { path: '/old' },
    ]);
  });

  test("lays a camera's own event and motion settings over the common ones", async () => {
    const config = await load(`
cameras:
  yard: { url: "demo:", event: { preRoll: 8s }, motion: { threshold: 20 } }
  gate: { url: rtsp://10.0.0.5/a }
event: { postRoll: 7 }
motion: { minimalArea: 99 }
`);
    expect(camera(config, 'yard')).toEqual({
      name: 'yard',
      isEnabled: true,
      modes: { mode: 'motion', spans: [] },
      source: { kind: 'demo', transport: 'tcp', audio: true },
      event: {
        initialWaitMs: 5_000,
        minimalDurationMs: 10_000,
        preRollMs: 8_000,
        postRollMs: 7_000,
        maximalLengthMs: 600_000,
        at: [],
      },
      motion: {
        detector: 'current',
        sensitivity: 50,
        rateFps: 5,
        threshold: 20,
        minimalAreaPx: 99,
        masks: [],
        zones: [],
      },
      retention: { continuous: {}, event: {}, minAgeMs: 0 },
    });
    expect(camera(config, 'gate').event.preRollMs).toBe(5_000);
    expect(camera(config, 'gate').source).toEqual({
      kind: 'streams',
      main: { url: 'rtsp://10.0.0.5/a', input: { kind: 'rtsp' } },
      engine: 'auto',
      transport: 'tcp',
      audio: true,
    });
  });

  test("lays a camera's own retention over the common one", async () => {
    const config = await load(`
cameras:
  yard: { url: "demo:", retention: { eventMaxAge: 365d, maxSize: 300GB, minAge: 12h } }
  gate: { url: "demo:" }
retention: { continuousMaxAge: 7d, eventMaxAge: 30d, eventMaxSize: 1TB, minAge: 1d, archiveMaxSize: 2TB, minFree: 1GB }
`);
    const day = 86_400_000;
    const continuous = { maxAgeMs: 7 * day };
    const common = { continuous, event: { maxAgeMs: 30 * day, maxSizeBytes: 1e12 }, minAgeMs: day };
    expect(camera(config, 'yard').retention).toEqual({
      continuous,
      event: { maxAgeMs: 365 * day, maxSizeBytes: 1e12 },
      maxSizeBytes: 3e11,
      minAgeMs: day / 2,
    });
    expect(camera(config, 'gate').retention).toEqual(common);
    expect(config.retention).toEqual({ otherCameras: common, archiveMaxSizeBytes: 2e12, minFreeBytes: 1e9 });
  });

  test('takes a section of which only the key is left as an empty one', async () => {
    const config = await load('event:\n  # preRoll: 5s\nlog:\ncameras:\n');
    expect(config).toEqual(await load(''));
  });
});

describe('modes', () => {
  const mondayAt = (time: string) => Date.parse(`2026-11-23T${time}Z`);

  test('go by the last span that holds, also when it is of the local file', async () => {
    const yaml = `cameras:
  yard:
    url: "demo:"
    mode: always+motion
    schedule:
      mon-fri 08:00-18:00: off
      12:00-13:00: timelapse
`;
    const modes = async (local: string) => {
      const { modes: schedule } = camera(await load(yaml, { local }), 'yard');
      return ['07:59', '08:00', '12:00', '12:30', '13:00'].map((time) =>
        modeAt(schedule, mondayAt(time), 'utc'),
      );
    };
    expect(await modes('')).toEqual(['always+motion', 'off', 'timelapse', 'timelapse', 'off']);
    const local = 'cameras: { yard: { schedule: { 12:30-14:00: motion, mon-fri 08:00-18:00: always } } }';
    expect(await modes(local)).toEqual(['always+motion', 'always', 'timelapse', 'motion', 'motion']);
  });

  test('say what is recorded, and whether motion is looked for', () => {
    expect(RECORDING_MODES.map((mode) => [mode, recordsOf(mode), looksForMotion(mode)])).toEqual([
      ['motion', 'nothing', true],
      ['always', 'everything', false],
      ['always+motion', 'everything', true],
      ['timelapse', 'key pictures', false],
      ['timelapse+motion', 'key pictures', true],
      ['off', 'nothing', false],
    ]);
  });

  test("take a camera's own events of the week instead of the common ones", async () => {
    const config = await load(`
cameras:
  yard: { url: "demo:" }
  gate: { url: "demo:", event: { at: [] } }
event: { at: [mon 07:30-07:45] }
`);
    expect(camera(config, 'yard').event.at).toEqual([
      { text: 'mon 07:30-07:45', stretches: [{ startMinute: 450, endMinute: 465 }] },
    ]);
    expect(camera(config, 'gate').event.at).toEqual([]);
  });
});

describe('layers', () => {
  const yaml = 'cameras: { yard: { url: "demo:", mode: always } }\nlog: { level: warn, count: 3 }\n';

  test('merges the local file key by key', async () => {
    const config = await load(yaml, {
      local: 'cameras:\n  yard: { audio: false }\n  gate: { url: "demo:" }\nlog: { count: 4 }\nevent:\n',
    });
    expect(config.cameras.map(({ name }) => name)).toEqual(['yard', 'gate']);
    expect(camera(config, 'yard')).toMatchObject({ modes: { mode: 'always' }, source: { audio: false } });
    expect(config.log).toMatchObject({ level: 'warn', count: 4 });
  });

  test('lets the environment beat the files, and flags beat the environment', async () => {
    const environment = {
      PREROLL__LOG__COUNT: '5',
      PREROLL__LOG__LEVEL: 'error',
      PREROLL__LOG__FORMAT: '',
      PREROLL__EVENT__PRE_ROLL: '9',
      PREROLL__CAMERAS__YARD__EVENT__POST_ROLL: '3s',
      PREROLL__CAMERAS__GATE__URL: 'demo:',
      PREROLL_HOME: '/ignored',
    };
    const flags = ['log.count=6', 'cameras.yard.audio=false', 'cameras."front.door".url=demo:'];
    const config = await load(yaml, { local: 'log: { count: 4 }', environment, flags });
    expect(config.log).toMatchObject({ level: 'error', count: 6, format: 'lines' });
    expect(camera(config, 'yard').event).toMatchObject({ preRollMs: 9_000, postRollMs: 3_000 });
    expect(camera(config, 'yard').source.audio).toBe(false);
    expect(config.cameras.map(({ name }) => name)).toEqual(['yard', 'gate', 'front.door']);
  });

  test('finds a camera in a variable whatever its name has for letters', async () => {
    const config = await load('cameras: { front-Door 2: { url: "demo:" } }', {
      environment: { PREROLL__CAMERAS__FRONT_DOOR_2__MODE: 'always' },
    });
    expect(config.cameras.map(({ name, modes }) => [name, modes.mode])).toEqual([['front-Door 2', 'always']]);
  });

  test('keeps digits of a password from the environment as text', async () => {
    const config = await load('cameras: { yard: { url: rtsp://a/, username: u } }', {
      environment: { PREROLL__CAMERAS__YARD__PASSWORD: '0042' },
    });
    expect(credentials(config)).toEqual(['u:0042']);
  });

  test('for a trial: files laid over the others, without what they are to replace', async () => {
    const trial = join(folder, 'trial.yaml');
    await writeFile(trial, 'cameras: { front: { motion: { rateFps: 2 } } }');
    const base =
      "cameras: { front: { url: 'demo:', motion: { rateFps: 7, threshold: 9, masks: [] } } }\nmotion: { threshold: 8 }";
    const { cameras } = await load(base, {
      trials: [trial],
      without: [['cameras', 'front', 'motion', 'threshold'], ['cameras', 'back', 'motion', 'blur'], ['log']],
    });
    expect(cameras[0]?.motion).toMatchObject({ rateFps: 2, threshold: 8 });
    await expect(load(base, { trials: [join(folder, 'none.yaml')] })).rejects.toThrow('found none');
  });

  test('may all be missing, where that is said', async () => {
    const none = join(folder, 'none.yaml');
    const { cameras } = await loadConfig({ path: none, isOptional: true, environment: {}, flags: [] });
    expect(cameras).toEqual([]);
  });
});

describe('credentials', () => {
  test('come from the URL, from keys, from the environment and from files', async () => {
    await mkdir(join(folder, 'secrets'));
    await writeFile(join(folder, 'secrets/gate'), 'from file\n');
    const config = await load(
      `
cameras:
  a: { url: "rtsp://u1:p%40ss@10.0.0.1/x", subUrl: rtsp://10.0.0.1:8554/y }
  b: { url: rtsp://10.0.0.2/x, username: u2, password: "0042" }
  c: { url: rtsp://10.0.0.3/x, username: u3, password: { env: CAM_C } }
  d: { url: rtsp://10.0.0.4/x, username: u4, password: { file: secrets/gate } }
`,
      { environment: { CAM_C: 'from env' } },
    );
    expect(credentials(config)).toEqual(['u1:p@ss', 'u1:p@ss', 'u2:0042', 'u3:from env', 'u4:from file']);
    expect(camera(config, 'a').source).toMatchObject({ main: { url: 'rtsp://10.0.0.1/x' } });
    expect(JSON.stringify(config)).not.toMatch(/p@ss|0042|from/);
  });

  test('in the main URL are not sent to another host', async () => {
    const config = await load('cameras: { a: { url: rtsp://u:p@10.0.0.1/, subUrl: rtsp://10.0.0.2/ } }');
    expect(credentials(config)).toEqual(['u:p']);
  });

  test('that are missing, doubled or broken are told at their place', async () => {
    await writeFile(join(folder, 'two'), 'a\nb\n');
    await writeFile(join(folder, 'empty'), '\n');
    await writeFile(join(folder, 'long'), 'x'.repeat(5_000));
    expect(
      await problems(`cameras:
  a: { url: rtsp://a/, username: u, password: { env: NO_SUCH } }
  b: { url: rtsp://a/, username: u, password: { file: nowhere } }
  c: { url: rtsp://a/, username: u, password: { file: two } }
  d: { url: rtsp://a/, username: u, password: { file: empty } }
  e: { url: rtsp://a/, username: u, password: { file: long } }
  f: { url: rtsp://a/, password: x }
  g: { url: rtsp://x:y@a/, username: u, password: x }
`),
    ).toEqual([
      'preroll.yaml:2:47: cameras.a.password: the environment variable NO_SUCH is not set',
      expect.stringMatching(
        /^preroll\.yaml:3:47: cameras\.b\.password: the file nowhere could not be read: ENOENT/,
      ) as unknown,
      'preroll.yaml:4:47: cameras.c.password: expected a password, found a control character or a second line in it',
      'preroll.yaml:5:47: cameras.d.password: the file empty is empty',
      'preroll.yaml:6:47: cameras.e.password: the file long is longer than 4096 bytes',
      'preroll.yaml:7:34: cameras.f.password: is set, but username is not',
      'preroll.yaml:8:13: cameras.g.url: has credentials, and username and password are set too; keep one of them',
    ]);
  });

  test('are refused on the command line', async () => {
    const refused =
      'a password on the command line is visible to every user of this machine; use the environment or a file';
    expect(
      await problems('', { flags: ['cameras.a.password=hunter2', 'cameras.a.url=rtsp://u:hunter2@cam/'] }),
    ).toEqual([`--set cameras.a.password: ${refused}`, `--set cameras.a.url: ${refused}`]);
  });

  test('never stand in a problem', async () => {
    const told = await problems(
      `cameras:
  a: { url: "http://u:hunter2@a/", password: [hunter2] }
  b: { url: "rtsp://u:hunter2/x@a/" }
  c: { url: "u:hunter2@a", password: { evn: hunter2 }, subUrl: true, mode: "rtsp://u:hunter2@x" }
`,
      { environment: { PREROLL__CAMERAS__D__URL: 'x:hunter2@y' } },
    );
    expect(told.length).toBeGreaterThan(3);
    expect(told.join('\n')).not.toContain('hunter2');
  });
});

describe('problems', () => {
  test('are all told, each at its place, with the nearest known name', async () => {
    expect(
      await problems(
        `cameras:
  yard:
    url: rtsp://10.0.0.5:99999/x
    event: { preRol: 5s }
    transport: TCP
  yArd: {}
  ../x: { url: "demo:" }
event:
  preRoll: 5 s
  minimalDuration: -1
motion: 7
minimalArea: 4
log: [1]
`,
        { environment: { PREROLL__EVNT__PRE_ROLL: '1', PREROLL__RING__MAX_BYTES: '12' }, flags: ['zork'] },
      ),
    ).toEqual([
      'preroll.yaml:4:14: cameras.yard.event.preRol: unknown key, did you mean preRoll?',
      'preroll.yaml:5:16: cameras.yard.transport: expected one of tcp, udp, found "TCP", did you mean tcp?',
      "preroll.yaml:6:3: cameras.yArd.url: expected a camera's address, such as rtsp://192.168.1.20/stream1, 0 or demo:, found nothing",
      'preroll.yaml:7:3: cameras: expected a camera name of 1 to 64 letters (a to z), digits, spaces or _ . - that begins with none of space and dot, and ends with neither, found "../x"',
      'preroll.yaml:9:12: event.preRoll: expected a duration from 0 to 5m, such as 500ms, 5s or 2m (a plain number is seconds), found "5 s"',
      'preroll.yaml:10:20: event.minimalDuration: expected a duration from 0 to 1h, such as 500ms, 5s or 2m (a plain number is seconds), found -1',
      'preroll.yaml:11:9: motion: expected keys with values below it, found 7',
      'preroll.yaml:12:1: minimalArea: unknown key, did you mean motion.minimalArea?',
      'preroll.yaml:13:6: log: expected keys with values below it, found a list of 1',
      'environment variable PREROLL__EVNT__PRE_ROLL: EVNT: unknown key, did you mean EVENT?',
      '--set: expected key=value, such as event.preRoll=8s',
      'environment variable PREROLL__RING__MAX_BYTES: ring.maxBytes: expected a size from 1MiB to 4GiB, such as 32MiB or 8MB (a plain number is bytes), found 12',
    ]);
  });

  test('between options are told too', async () => {
    expect(
      await problems(`cameras:
  a: { url: rtsp://10.0.0.5:99999/x }
  b: { url: "demo:", subUrl: rtsp://x/ }
  B: { url: "demo:", event: { maximalLength: 10s, minimalDuration: 20s } }
archive: { folder: "{yyyy}-{month}" }
`),
    ).toEqual([
      "preroll.yaml:2:13: cameras.a.url: expected a camera's address, such as rtsp://192.168.1.20/stream1, 0 or demo:, found no valid host and port (a / in a password is written %2F)",
      'preroll.yaml:3:30: cameras.b.subUrl: the demo camera has its own sub-stream',
      'preroll.yaml:4:6: cameras.B: differs from the camera b only in upper and lower case',
      'preroll.yaml:4:46: cameras.B.event.maximalLength: must not be shorter than minimalDuration',
      'preroll.yaml:5:20: archive.folder: expected a folder template, found an unknown placeholder {month} (known: {yyyy} {mm} {dd} {hh} {mi} {ss})',
    ]);
  });

  test('our own client asked for where there is nothing that it reads', async () => {
    expect(
      await problems(`cameras:
  usb: { url: usb:0, engine: native }
  tls: { url: rtsps://10.0.0.5/x, subUrl: http://10.0.0.5/y, engine: native }
  sub: { url: http://10.0.0.5/x, subUrl: rtsp://10.0.0.5/y, engine: native }
  any: { url: usb:0, engine: ffmpeg }
`),
    ).toEqual([
      'preroll.yaml:2:30: cameras.usb.engine: is native, which reads rtsp:// only',
      'preroll.yaml:3:70: cameras.tls.engine: is native, which reads rtsp:// only',
    ]);
  });

  test('between ages of recordings are told where they stand', async () => {
    expect(
      await problems(`cameras:
  a: { url: "demo:", retention: { minAge: 40d } }
  b: { url: "demo:", retention: { eventMaxAge: 12h } }
  c: { url: "demo:", retention: { maxSize: 1GB } }
retention: { continuousMaxAge: 30d, eventMaxAge: 90d, minAge: 31d }
`),
    ).toEqual([
      'preroll.yaml:2:43: cameras.a.retention.minAge: must not be longer than continuousMaxAge, which is 30d',
      'preroll.yaml:3:48: cameras.b.retention.eventMaxAge: must not be shorter than minAge, which is 31d',
      'preroll.yaml:5:32: retention.continuousMaxAge: must not be shorter than minAge, which is 31d',
    ]);
    expect(await problems('retention: { eventMaxAge: 30, maxSize: 500 }')).toEqual([
      expect.stringContaining('expected a duration from 1h to 36500d') as unknown,
      expect.stringContaining('expected a size from 1MiB to 1024TiB') as unknown,
    ]);
  });

  test('in the list of volumes are told with their place', async () => {
    expect(await problems('archive:\n  path: a\n  volumes: [{ path: b }, { path: ./a/ }]\n')).toEqual([
      'preroll.yaml:3:34: archive.volumes.1.path: is the folder of another volume',
    ]);
    const last = 'is set for the last volume, after which there is none';
    expect(await problems('archive: { moveAfter: 7d }')).toEqual([
      `preroll.yaml:1:23: archive.moveAfter: ${last}`,
    ]);
    expect(await problems('archive: { volumes: [{ path: b, moveAfter: 7d }] }')).toEqual([
      `preroll.yaml:1:44: archive.volumes.0.moveAfter: ${last}`,
    ]);
    expect(await problems('archive: { volumes: [{ path: b, maxSize: many }] }')).toEqual([
      'preroll.yaml:1:42: archive.volumes.0.maxSize: expected a size from 32MiB to 1024TiB, such as 32MiB or 8MB (a plain number is bytes), found "many"',
    ]);
  });

  test('with modes and spans of the week are told with what was probably meant', async () => {
    expect(
      await problems(`cameras:
  yard:
    url: "demo:"
    mode: allways
    schedule:
      mon-fri 08:00-18:00: of
`),
    ).toEqual([
      'preroll.yaml:4:11: cameras.yard.mode: expected one of motion, always, always+motion, timelapse, timelapse+motion, off, found "allways", did you mean always?',
      'preroll.yaml:6:28: cameras.yard.schedule."mon-fri 08:00-18:00": expected one of motion, always, always+motion, timelapse, timelapse+motion, off, found "of", did you mean off?',
    ]);
    const expected = 'expected days and times, such as mon-fri 08:00-18:00, sat,sun or 22:00-06:00';
    expect(
      await problems(`cameras:
  yard: { url: "demo:", event: { at: [noon] } }
  gate:
    url: "demo:"
    schedule:
      mon-fr 08:00-18:00: off
event:
  at:
    - sat,sun
    - 08:00-25:00
`),
    ).toEqual([
      `preroll.yaml:2:39: cameras.yard.event.at.0: ${expected}, found the day "noon", did you mean mon?`,
      `preroll.yaml:6:27: cameras.gate.schedule."mon-fr 08:00-18:00": ${expected}, found the day "fr", did you mean fri?`,
      `preroll.yaml:10:7: event.at.1: ${expected}, found the times "08:00-25:00"`,
    ]);
  });

  test('name the file in which the value stands', async () => {
    expect(await problems('log: { level: loud }', { local: 'log:\n  count: many\n' })).toEqual([
      'preroll.yaml:1:15: log.level: expected one of debug, info, warn, error, found "loud"',
      'preroll.local.yaml:2:10: log.count: expected a whole number from 0 to 1000, found "many"',
    ]);
  });

  test('with a file itself are told', async () => {
    const missing = loadConfig({ path: join(folder, 'no.yaml'), environment: {}, flags: [] });
    await expect(missing).rejects.toThrow('no.yaml: expected a configuration file, found none');
    const unreadable = loadConfig({ path: folder, environment: {}, flags: [] });
    await expect(unreadable).rejects.toThrow('could not be read: EISDIR');
    expect(await problems('#'.repeat(2 ** 20 + 1))).toEqual([
      'preroll.yaml: expected at most 1048576 bytes, found 1048577',
    ]);
    await writeFile(path, Buffer.from([0x61, 0x3a, 0x20, 0xff]));
    const binary = loadConfig({ path, environment: {}, flags: [] });
    await expect(binary).rejects.toThrow('expected UTF-8 text, found other bytes');
    expect(await problems('- a')).toEqual([
      'preroll.yaml:1:1: expected keys with values below them, found a list',
    ]);
    expect(await problems('a: 1', { local: 'b: [\n' })).toEqual([
      expect.stringMatching(/^preroll\.local\.yaml:\d+:\d+: not valid YAML/) as unknown,
    ]);
  });

  test('leave the folder as it was', async () => {
    const yaml = 'cameras: { "__proto__": {}, a: {}, a: {} }\n';
    expect(await problems(yaml, { flags: ['__proto__.x=1'] })).toEqual([
      'preroll.yaml:1:12: __proto__: this name may not be used',
      'preroll.yaml:1:36: a: written twice, first in line 1',
    ]);
    await problems('log: { count: -1 }', { flags: ['__proto__.x=1', 'constructor.y=1'] });
    expect(await readdir(folder)).toEqual(['preroll.yaml']);
    expect(await readFile(path, 'utf8')).toBe('log: { count: -1 }');
    expect({}).not.toHaveProperty('x');
  });
});
