import { once } from 'node:events';
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { RecorderApp } from '../app/recorder-app.ts';
import { systemClock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import { SecretRedactor } from '../base/redact.ts';
import { RotatingLog } from '../base/rotating-log.ts';
import { knownCredentials, type Config } from '../config/config.ts';
import { lookAtFiles, watchFiles } from '../config/look-at-files.ts';
import { configReader } from '../config/read-config.ts';
import { EXIT } from './exit-code.ts';
import type { ConfigOptions } from './options.ts';
import type { Programs } from './programs.ts';
import { StatusLine } from './status-line.ts';
import { leaveUnread, waitNoMoreFor } from './wait-no-more.ts';

/**
 * `preroll run`: records until it is told to stop. Writes a default configuration where there is none.
 * @returns the exit code.
 * @throws ConfigError before anything is started or written.
 */
export async function run(options: ConfigOptions, version: string, programs: Programs): Promise<number> {
  const { exitCode, stoppedBy } = await record(options, version, programs);
  if (stoppedBy === 'SIGHUP') endBy('SIGHUP');
  leaveUnread(process.stderr, systemClock);
  return exitCode;
}

interface Recorded {
  readonly exitCode: number;
  /** The name of the signal that did. */
  readonly stoppedBy?: unknown;
}

async function record(options: ConfigOptions, version: string, programs: Programs): Promise<Recorded> {
  const path = resolve(options.config);
  // Waking threads for a collection of a megabyte costs more than it saves.
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--no-concurrent-array-buffer-sweeping');
  // Packets outlive collections: V8 would take 32 MiB for young objects, of which one is in use. It heeds this only when it is set
  // after its start (design/decisions.md).
  setFlagsFromString('--semi-space-growth-factor=1');
  // Code compiled simply and fast takes a megabyte, and what runs a few times a second is no quicker for it (design/decisions.md).
  setFlagsFromString('--no-sparkplug');
  // Six times V8's own: with few cameras it would go on for minutes compiling what runs some ten times a second (design/decisions.md).
  // That of Node.js 22 and later does not know it: it counts calls.
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=405504');
  const readConfig = configReader(programs.configReader);
  const order = { path, flags: options.set };
  const lookedBefore = await lookAtFiles(path);
  const { config, isNew } = await readConfig({ ...order, writesDefault: true });
  const clock = systemClock;
  const redactor = new SecretRedactor(knownCredentials(config));
  const terminal = process.stderr;
  waitNoMoreFor(terminal);
  using status = new StatusLine({ terminal, clock, status: () => app.status });
  await using log = new RotatingLog({
    ...config.log,
    console: logConsole(config, status),
    clock,
    redact: (text) => redactor.redact(text),
  });
  log.info(isNew ? `wrote a default configuration to ${path}` : `configuration: ${path}`);
  log.info(`archive: ${config.archive.volumes.map((volume) => volume.path).join(', ')}`);
  const stop = stopOnSignals((text) => log.info(text));
  const refused = new AbortController();
  const over = AbortSignal.any([stop, refused.signal]);
  const app = new RecorderApp({
    config,
    configSource: {
      look: () => lookAtFiles(path),
      watch: (notice) => watchFiles(path, notice),
      known: isNew ? await lookAtFiles(path) : lookedBefore,
      read: async () => {
        const { config: changed } = await readConfig({ ...order, writesDefault: false });
        // Before anything of it can reach the log.
        redactor.learn(knownCredentials(changed));
        return changed;
      },
    },
    web: { configPath: path, configFlags: options.set, version },
    // Also where the log is not on the console.
    announce: (text) => void (terminal.isTTY ? status.console : terminal).write(`${text}\n`),
    onArchiveInUse: (error) => refused.abort(error),
    clock,
    log,
    programs,
    startDemoCamera: async (signal) => {
      // Only where it is wanted: it brings a server and the drawing of a yard.
      const { demoStarter } = await import('./demo.ts');
      return await demoStarter({ clipMaker: programs.clipMaker, clock, log })(signal);
    },
    redact: (text) => redactor.redact(text),
  });
  let failed = 'could not start';
  try {
    await app.start(over);
    failed = 'could not go on';
    if (terminal.isTTY && config.log.console) status.start();
    if (config.cameras.every((camera) => !camera.isEnabled)) {
      log.warn(`there is no camera to record; add one to ${path}`);
    }
    if (!over.aborted) await once(over, 'abort');
    refused.signal.throwIfAborted();
    log.info(`${String(stop.reason)}: closing all files`);
    return { exitCode: EXIT.ok, stoppedBy: stop.reason };
  } catch (error) {
    if (stop.aborted) return { exitCode: EXIT.ok, stoppedBy: stop.reason };
    const message = `${failed}: ${describeError(error)}`;
    log.error(message);
    // Who starts it by hand looks at the terminal, wherever the log goes.
    if (!config.log.console) terminal.write(`${redactor.redact(message)}\n`);
    return { exitCode: EXIT.failed };
  } finally {
    await app[Symbol.asyncDispose]();
    log.info('stopped');
  }
}

/** As if nobody had minded the signal: Node.js aborts on its own way out where the terminal is gone. */
function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function logConsole({ log }: Config, status: StatusLine) {
  if (!log.console) return undefined;
  return process.stderr.isTTY ? status.console : process.stderr;
}

/**
 * Aborts on the first SIGINT, SIGTERM or SIGHUP, its name the reason; a second one ends the process at once, but for SIGHUP,
 * of which a terminal that is closed sends several.
 */
function stopOnSignals(tell: (text: string) => void): AbortSignal {
  const stopping = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (stopping.signal.aborted) process.exit(EXIT.interrupted);
    tell('stopping; once more leaves at once');
    stopping.abort(name);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', () => {
    if (!stopping.signal.aborted) stop('SIGHUP');
  });
  return stopping.signal;
}
