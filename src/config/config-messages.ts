import type { ConfigProblem } from './problem.ts';
import type { ToldConfig } from './told-config.ts';

/** What the process that reads a configuration is asked. The environment is its own, as it has it from the asking one. */
export interface ConfigOrder {
  /** Absolute path of `preroll.yaml`. */
  readonly path: string;
  readonly flags: readonly string[];
  /** Whether a default file is written first where there is none; one that then cannot be used does not stay. */
  readonly writesDefault: boolean;
}

/** What it answers, once. */
export type ConfigAnswer =
  | { readonly type: 'config'; readonly config: ToldConfig; readonly isNew: boolean }
  | { readonly type: 'problems'; readonly problems: readonly ConfigProblem[] }
  /** Something else went wrong. */
  | { readonly type: 'failed'; readonly message: string };
