import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import type { ConfigOptions } from './options.ts';

/**
 * The configuration a command was given.
 * @throws ConfigError
 */
export async function configOf({ config, set }: ConfigOptions): Promise<Config> {
  return await loadConfig({ path: resolve(config), environment: process.env, flags: set });
}
