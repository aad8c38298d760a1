import { PrerollError } from '../base/error.ts';
import type { ExpectedValue } from './expected-value.ts';

/** Where something was written: a file with its line and column (both from 1), a variable, or a flag. */
export interface Place {
  readonly source: string;
  readonly line?: number;
  readonly column?: number;
}

/** One thing that is wrong with the configuration. The message never carries a secret. */
export interface ConfigProblem {
  readonly place: Place;
  /** The keys of the option that is wrong, where it is one. */
  readonly path?: readonly (string | number)[];
  /** What may stand there, where the message says no more than that. */
  readonly expected?: ExpectedValue;
  readonly message: string;
}

/** `preroll.yaml:3:5: what is wrong`, the form that editors and terminals make clickable. */
export function describeProblem({ place, message }: ConfigProblem): string {
  const position = place.line === undefined ? '' : `:${place.line}:${place.column ?? 1}`;
  return `${place.source}${position}: ${message}`;
}

/** The configuration cannot be used. Carries every problem that was found, in the order of the sources. */
export class ConfigError extends PrerollError {
  readonly kind = 'config';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}
