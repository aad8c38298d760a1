import { once } from 'node:events';
import { access, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RecorderApp, type ChildPrograms } from '../app/recorder-app.ts';
import { systemClock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import { SecretRedactor } from '../base/redact.ts';
import { RotatingLog } from '../base/rotating-log.ts';
import { allCredentials, type Config } from '../config/config.ts';
import { writeDefaultConfig } from '../config/default-file.ts';
import { loadConfig } from '../config/load.ts';
import { lockForRecorder } from './archive-work.ts';
import { demoStarter } from './demo.ts';
import { EXIT } from './exit-code.ts';
import type { ConfigOptions } from './options.ts';
import { StatusLine } from './status-line.ts';

/**
 * `preroll run`: records until it is told to stop. Writes a default configuration where there is none.
 * @returns the exit code.
 * @throws ConfigError before anything is started or written.
 */
export async function run(options: ConfigOptions, programs: ChildPrograms): Promise<number> {
  const path = resolve(options.config);
  const isNew = await writeDefaultIfMissing(path);
  const config = await loadConfig({ path, environment: process.env, flags: options.set }).catch(
    async (error) => {
      // A wrong flag or variable leaves nothing behind, not even the file just written.
      if (isNew) await rm(path, { force: true });
      throw error;
    },
  );
  const clock = systemClock;
  const redactor = makeRedactor(config);
  const terminal = process.stderr;
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
  const app = new RecorderApp({
    config,
    clock,
    log,
    programs,
    startDemoCamera: demoStarter({ clock, log }),
    redact: (text) => redactor.redact(text),
  });
  let lock: Disposable | undefined;
  try {
    lock = lockForRecorder(config, log);
    await app.start(stop);
    if (terminal.isTTY && config.log.console) status.start();
    if (config.cameras.every((camera) => !camera.isEnabled)) {
      log.warn(`there is no camera to record; add one to ${path} and start again`);
    }
    if (!stop.aborted) await once(stop, 'abort');
    log.info(`${String(stop.reason)}: closing all files`);
    return EXIT.ok;
  } catch (error) {
    if (stop.aborted) return EXIT.ok;
    log.error(`could not start: ${describeError(error)}`);
    return EXIT.failed;
  } finally {
    await app[Symbol.asyncDispose]();
    lock?.[Symbol.dispose]();
    log.info('stopped');
  }
}

async function writeDefaultIfMissing(path: string): Promise<boolean> {
  try {
    await access(path);
    return false;
  } catch {
    await writeDefaultConfig(path);
    return true;
  }
}

function makeRedactor(config: Config): SecretRedactor {
  const known = allCredentials(config).map(({ username, password }) => ({
    username,
    password: password.reveal(),
  }));
  return new SecretRedactor(known);
}

function logConsole({ log }: Config, status: StatusLine) {
  if (!log.console) return undefined;
  return process.stderr.isTTY ? status.console : process.stderr;
}

/** Aborts on the first SIGINT or SIGTERM, its name the reason; the second one ends the process at once. */
function stopOnSignals(tell: (text: string) => void): AbortSignal {
  const stopping = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (stopping.signal.aborted) process.exit(EXIT.interrupted);
    tell('stopping; once more leaves at once');
    stopping.abort(name);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return stopping.signal;
}
