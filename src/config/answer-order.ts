import { access, rm } from 'node:fs/promises';
import { describeError } from '../base/error.ts';
import type { ConfigAnswer, ConfigOrder } from './config-messages.ts';
import { writeDefaultConfig } from './default-file.ts';
import { loadConfig } from './load.ts';
import { ConfigError } from './problem.ts';
import { tellConfig } from './told-config.ts';

/** The inside of the process that reads a configuration. */
export async function answerOrder(order: ConfigOrder): Promise<ConfigAnswer> {
  try {
    return await read(order);
  } catch (error) {
    if (error instanceof ConfigError) return { type: 'problems', problems: error.problems };
    return { type: 'failed', message: describeError(error) };
  }
}

async function read({ path, flags, writesDefault }: ConfigOrder): Promise<ConfigAnswer> {
  const isNew = writesDefault && (await writeIfMissing(path));
  try {
    const config = await loadConfig({ path, environment: process.env, flags });
    return { type: 'config', config: tellConfig(config), isNew };
  } catch (error) {
    // A wrong flag or variable leaves nothing behind, not even the file just written.
    if (isNew) await rm(path, { force: true });
    throw error;
  }
}

async function writeIfMissing(path: string): Promise<boolean> {
  try {
    await access(path);
    return false;
  } catch {
    await writeDefaultConfig(path);
    return true;
  }
}
