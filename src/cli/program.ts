import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { describeError } from '../base/error.ts';
import { redactCredentials } from '../base/redact.ts';
import { ConfigError } from '../config/problem.ts';
import { parseDurationMs } from '../config/quantity.ts';
import { addArchiveCommands } from './archive-commands.ts';
import { CommandError } from './command-error.ts';
import type { DemoOptions, PictureSize } from './demo.ts';
import type { StartEventOptions } from './event.ts';
import { EXIT } from './exit-code.ts';
import type { ExplainOptions } from './explain.ts';
import type { ExportCommandOptions } from './export.ts';
import { json } from './json.ts';
import { parseMoment } from './moment.ts';
import { collect, when, withConfig, type ConfigOptions } from './options.ts';
import type { ProbeOptions } from './probe.ts';
import type { Programs } from './programs.ts';
import type { TuneOptions } from './tune.ts';

const EXAMPLES = `
Examples:
  preroll run                                   record what preroll.yaml says; write a default one first if missing
  preroll run --config /etc/preroll.yaml --set event.preRoll=8s
  preroll check --json                          is the configuration good? for scripts
  preroll probe rtsp://192.168.1.20/stream1     what does this camera send?
  preroll explain front.mp4 --at 1:15           what does the detector see there? as four pictures
  preroll tune front --from 7d --set motion.threshold=20   what would that have changed last week?
  preroll export front --from 2026-11-20T13:00 --to 2026-11-20T13:05:30   as one MP4 file
  preroll event start front --cause doorbell --duration 30s   record this, with the seconds before it
  preroll demo --cameras 4                      four synthetic cameras to try things on

Exit codes: 0 done, 1 tried and failed, 2 wrong command line or configuration, 130 left on Ctrl-C, by run on a second one.`;

/**
 * Runs a command line. Each command is loaded when it is asked for: the recorder's process is not to hold what others need.
 * @param words without program and script.
 * @returns the exit code.
 */
export async function runProgram(
  words: readonly string[],
  version: string,
  programs: Programs,
): Promise<number> {
  let exitCode: number = EXIT.ok;
  // Known also of a command line that is wrong.
  const isJson = words.includes('--json');
  const finish = (code: number) => {
    exitCode = code;
  };
  const program = new Command('preroll')
    .description('A network video recorder that has the seconds before it happened.')
    .version(version)
    .showHelpAfterError('(preroll --help tells more)')
    .exitOverride()
    .configureOutput({ writeErr: (text) => void (isJson || process.stderr.write(text)) })
    .addHelpText('after', EXAMPLES);
  withConfig(program.command('run'))
    .description('record; the default of npm start')
    .action(async (options: ConfigOptions) => {
      const { run } = await import('./run.ts');
      finish(await run(options, version, programs));
    });
  withConfig(program.command('check'))
    .description('check the configuration; starts and writes nothing')
    .option('--json', 'print the result as JSON', false)
    .action(async (options: ConfigOptions & { json: boolean }) => {
      const { check } = await import('./check.ts');
      finish(await check(options));
    });
  program
    .command('probe')
    .description('say what a camera sends: tracks, codecs, size, rate, GOP, bit rate, sub-streams')
    .argument('<address>', 'such as rtsp://192.168.1.20/stream1, http://…, 0 or file:yard.mp4')
    .option('--user <name>', 'user name, if it is not in the URL')
    .option('--password-env <variable>', 'environment variable that holds the password')
    .addOption(
      new Option('--engine <name>', 'what reads an rtsp:// camera')
        .choices(['auto', 'native', 'ffmpeg'])
        .default('auto'),
    )
    .addOption(
      new Option('--transport <kind>', 'how the video travels').choices(['tcp', 'udp']).default('tcp'),
    )
    .option('--seconds <n>', 'how long to watch at most', wholeNumber(1, 60), 8)
    .option('--json', 'print the result as JSON', false)
    .action(async (url: string, options: ProbeOptions) => {
      const { probe } = await import('./probe.ts');
      finish(await probe(url, options, programs.source));
    });
  program
    .command('devices')
    .description('list the cameras of this machine, with their modes')
    .option('--json', 'print them as JSON', false)
    .action(async (options: { json: boolean }) => {
      const { devices } = await import('./devices.ts');
      finish(await devices(options, programs.devices));
    });
  withTrials(program.command('explain'))
    .description(
      'show how the detector sees a file, a camera or a URL: four pictures in an MP4 file, and a series',
    )
    .argument('<input>', 'a video file, the name of a camera of the configuration, or an address')
    .option('--out <file>', 'the MP4 file, with --at the PNG file; by default named for the input')
    .option('--series <file>', 'the series, .json or .csv; by default .json beside the MP4 file', seriesFile)
    .option('--at <time>', 'only the four pictures of this moment, such as 75 or 1:15, as a PNG file', moment)
    .option('--no-debug', 'the plain picture with the label only')
    .addOption(
      new Option('--duration <time>', 'how long to watch a camera')
        .argParser(duration)
        .default(30_000, '30s'),
    )
    .option('--force', 'replace files that exist', false)
    .option('--json', 'print the summary as JSON', false)
    .action(async (input: string, options: ExplainOptions) => {
      const { explain } = await import('./explain.ts');
      finish(await explain(input, options, programs));
    });
  withTrials(program.command('tune'))
    .description('replay recordings with other settings, and say which events appear, vanish or change')
    .argument('<input...>', 'the name of a camera, whose recordings are replayed, or video files')
    .option('--with <file>', 'configuration to lay over the present one; may be repeated', collect, [])
    .option('--from <time>', 'recordings from then on: 2026-11-20, 2026-11-20T13:00 or 7d ago', when('from'))
    .option('--to <time>', 'recordings up to then', when('to'))
    .option('--json', 'print the result as JSON', false)
    .action(async (inputs: string[], options: TuneOptions) => {
      const { tune } = await import('./tune.ts');
      finish(await tune(inputs, options, programs.kernel));
    });
  addArchiveCommands(program.command('archive'), finish);
  program
    .command('export')
    .description(
      'copy a span of recordings to one MP4 file a camera, without re-encoding, with its SHA-256 beside it',
    )
    .argument('<camera...>', 'names of cameras')
    .addOption(
      new Option('--from <time>', 'the beginning: 2026-11-20T13:00:07.5, a day, or 90m ago')
        .argParser(when('from'))
        .makeOptionMandatory(),
    )
    .addOption(new Option('--to <time>', 'the end').argParser(when('to')).makeOptionMandatory())
    .option('--out <path>', 'the MP4 file, or a folder; by default a file named for camera and time, here')
    .addOption(
      new Option('--gaps <policy>', 'time without footage: skip it, or keep the picture before it standing')
        .choices(['skip', 'keep'])
        .default('skip'),
    )
    .option('--config <path>', 'configuration file (default: preroll.yaml, if there is one)')
    .option('--set <key=value>', 'set one option of the configuration; may be repeated', collect, [])
    .option('--force', 'replace files that exist', false)
    .option('--json', 'print the result as JSON', false)
    .action(async (cameras: string[], options: ExportCommandOptions) => {
      const { exportFootage } = await import('./export.ts');
      finish(await exportFootage(cameras, options));
    });
  const event = program.command('event').description('ask the running recorder for an event by hand');
  withConfig(event.command('start'))
    .description('begin an event of a camera; again replaces what was asked for with the same cause')
    .argument('<camera>', 'its name in the configuration')
    .option('--cause <name>', 'why, as recordings tell it', 'manual')
    .option('--duration <time>', 'how long, such as 30s; until stop without it')
    .action(async (camera: string, options: StartEventOptions) => {
      const { startEvent } = await import('./event.ts');
      finish(await startEvent(camera, options));
    });
  withConfig(event.command('stop'))
    .description('end what start has begun')
    .argument('<camera>', 'its name in the configuration')
    .option('--cause <name>', 'the cause given to start', 'manual')
    .action(async (camera: string, options: StartEventOptions) => {
      const { stopEvent } = await import('./event.ts');
      finish(await stopEvent(camera, options));
    });
  const user = program.command('user').description('the accounts of the web app');
  withConfig(user.command('list'))
    .description('say who may use the web app, and what')
    .option('--json', 'print it as JSON', false)
    .action(async (options: ConfigOptions & { json: boolean }) => {
      const { listUsers } = await import('./user.ts');
      finish(await listUsers(options));
    });
  withConfig(user.command('password'))
    .description('set a password that was forgotten, asked for or from standard input; ends all sessions')
    .argument('<name>', 'of the account')
    .action(async (name: string, options: ConfigOptions) => {
      const { setUserPassword } = await import('./user.ts');
      finish(await setUserPassword(name, options));
    });
  withConfig(program.command('status'))
    .description('say what the running recorder does')
    .option('--json', 'print it as JSON', false)
    .action(async (options: ConfigOptions & { json: boolean }) => {
      const { status } = await import('./status.ts');
      finish(await status(options));
    });
  program
    .command('demo')
    .description('serve synthetic cameras over RTSP on loopback')
    .option('--cameras <n>', 'how many', wholeNumber(1, 64), 1)
    .option('--port <n>', 'port of the first; 0 takes free ones', wholeNumber(0, 65_535), 8554)
    .addOption(
      new Option('--size <WxH>', 'size of the main stream')
        .argParser(pictureSize)
        .default({ widthPx: 1280, heightPx: 720 }, '1280x720'),
    )
    .option('--fps <n>', 'pictures a second', wholeNumber(1, 60), 15)
    .option('--kbps <n>', 'bit rate of the main stream in kbit/s', wholeNumber(50, 50_000), 1500)
    .option('--gop <seconds>', 'seconds from key picture to key picture', wholeNumber(1, 10), 2)
    .addOption(
      new Option('--codec <name>', 'of the main stream').choices(['h264', 'h265', 'av1']).default('h264'),
    )
    .option('--no-sub', 'without a sub-stream')
    .option('--sub-fps <n>', 'pictures a second of the sub-stream', wholeNumber(1, 60), 10)
    .option('--no-walkers', 'nobody walks by')
    .option('--json', 'print the addresses as JSON', false)
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./demo.ts');
      finish(await demo(options, programs.clipMaker));
    });
  program
    .command('schema')
    .description('print the JSON Schema of the configuration, for editors')
    .action(async () => {
      const { jsonSchema } = await import('../config/json-schema.ts');
      process.stdout.write(`${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
    });
  try {
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    return tellFailure(error, isJson);
  }
}

function withTrials(command: Command): Command {
  return command
    .option('--config <path>', 'configuration file (default: preroll.yaml, if there is one)')
    .option('--set <key=value>', 'try one option, such as motion.threshold=20; may be repeated', collect, [])
    .option('--detector <name>', 'try this detector: the same as --set motion.detector=name');
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  };
}

function seriesFile(path: string): string {
  if (/\.(json|csv)$/i.test(path)) return path;
  throw new InvalidArgumentError('expected a name that ends in .json or .csv');
}

function moment(text: string): number {
  const ms = parseMoment(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('expected a time such as 75, 75.5, 1:15 or 1:02:03');
}

function duration(text: string): number {
  const ms = parseDurationMs(text) ?? parseMoment(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('expected a duration such as 30s, 2m or 45');
}

function pictureSize(text: string): PictureSize {
  const [, width, height] = /^(\d{2,4})x(\d{2,4})$/.exec(text) ?? [];
  const size = { widthPx: Number(width), heightPx: Number(height) };
  const isUsable = [size.widthPx, size.heightPx].every(
    (side) => side >= 64 && side <= 4096 && side % 2 === 0,
  );
  if (isUsable) return size;
  throw new InvalidArgumentError('expected a size such as 1920x1080, both even');
}

/**
 * Tells why a command failed: on standard output if its result was to be JSON.
 * @returns the exit code.
 */
function tellFailure(error: unknown, isJson: boolean): number {
  const isOfCommander = error instanceof CommanderError;
  // It has been told what it asked for, such as --help.
  if (isOfCommander && error.exitCode === 0) return EXIT.ok;
  const message = redactCredentials(describeError(error));
  if (isJson) process.stdout.write(json({ ok: false, error: message }));
  // Commander has told its own.
  else if (!isOfCommander) process.stderr.write(`${message}\n`);
  const isUsage =
    isOfCommander ||
    error instanceof ConfigError ||
    (error instanceof CommandError && error.kind === 'usage');
  return isUsage ? EXIT.usage : EXIT.failed;
}
