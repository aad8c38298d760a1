import type { Command } from 'commander';

/** Options of the commands that read the configuration. */
export interface ConfigOptions {
  /** Path of the configuration file. */
  readonly config: string;
  /** `key=value` pairs laid over all files. */
  readonly set: readonly string[];
}

/** Adds the options of the commands that read the configuration. */
export function withConfig(command: Command): Command {
  return command
    .option('--config <path>', 'configuration file', 'preroll.yaml')
    .option('--set <key=value>', 'set one option, such as event.preRoll=8s; may be repeated', collect, []);
}

/** For options that may be repeated. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
