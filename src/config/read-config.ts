import { fork } from 'node:child_process';
import type { Config } from './config.ts';
import type { ConfigAnswer, ConfigOrder } from './config-messages.ts';
import { ConfigError } from './problem.ts';
import { hearConfig } from './told-config.ts';

export interface ReadConfig {
  readonly config: Config;
  /** Whether the file was written first. */
  readonly isNew: boolean;
}

/** Reads the configuration of an order. @throws ConfigError; Error when there was no answer. */
export type ConfigReader = (order: ConfigOrder) => Promise<ReadConfig>;

/**
 * Reads configurations in a process that ends with its answer: what it takes to understand one (the schema, YAML) is 9 MiB that
 * a recorder would hold for months.
 * @param program of that process, a path to built JavaScript.
 */
export function configReader(program: string): ConfigReader {
  return async (order) => {
    const answer = await ask(program, order);
    if (answer.type === 'config') return { config: hearConfig(answer.config), isNew: answer.isNew };
    if (answer.type === 'problems') throw new ConfigError(answer.problems);
    throw new Error(answer.message);
  };
}

async function ask(program: string, order: ConfigOrder): Promise<ConfigAnswer> {
  return await new Promise((resolve, reject) => {
    const child = fork(program, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('error', (error) =>
      reject(new Error('reading the configuration: no process for it', { cause: error })),
    );
    child.once('exit', (code, signal) =>
      reject(new Error(`reading the configuration: its process ended (${signal ?? code}) without an answer`)),
    );
    // The answer is that of our own program.
    child.once('message', (answer) => resolve(answer as ConfigAnswer));
    // One that could not be started may have no channel.
    if (!child.connected) return;
    child.send(order, (error) => {
      if (error !== null) reject(error);
    });
  });
}
