import { InvalidArgumentError, type Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import type { WallMs } from '../base/time.ts';
import { parseWhen } from './when.ts';

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

/** Parses a moment of the past. @param edge which end of a whole day is meant. */
export function when(edge: 'from' | 'to'): (text: string) => WallMs {
  return (text) => {
    const at = parseWhen(text, edge, systemClock.wallMs());
    if (at !== undefined) return at;
    throw new InvalidArgumentError('expected a time such as 2026-11-20, 2026-11-20T13:00 or 7d');
  };
}
