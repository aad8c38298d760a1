import type { ExpectedValue } from './expected-value.ts';
import type { Path } from './located.ts';

/** What resolving needs to know besides the values. */
export interface ResolveContext {
  /** Folder of the configuration file; relative paths start there. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of each problem; whatever is returned afterwards must not be used. */
  report(path: Path, message: string, expected?: ExpectedValue): void;
}

/** Reports names of one kind, keys below `path`, of which upper and lower case alone make the difference. */
export function reportTwins(
  kind: string,
  names: readonly string[],
  path: Path,
  context: ResolveContext,
): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const twin = seen.get(name.toLowerCase());
    if (twin === undefined) seen.set(name.toLowerCase(), name);
    else context.report([...path, name], `differs from the ${kind} ${twin} only in upper and lower case`);
  }
}
