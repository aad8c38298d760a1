import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.ts';
import { Secret } from './secret.ts';

/** A configuration on its way between processes, secrets in the clear: over a channel of our own only, never printed. */
export interface ToldConfig {
  readonly told: unknown;
}

/** Stands for a `Secret`, whose value no copy of it takes along. */
interface ToldSecret {
  readonly revealedSecret: string;
}

export function tellConfig(config: Config): ToldConfig {
  return { told: revealed(config) };
}

/** Whether two parts of configurations say the same, secrets included. */
export function saysTheSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(revealed(one), revealed(other));
}

/** @param told what `tellConfig` gave, cloned. */
export function hearConfig({ told }: ToldConfig): Config {
  const config = mapped(told, (value) =>
    isToldSecret(value) ? new Secret(value.revealedSecret) : undefined,
  );
  // The other process checked it, and is ours.
  return config as Config;
}

function revealed(value: unknown): unknown {
  return mapped(value, (object) =>
    object instanceof Secret ? ({ revealedSecret: object.reveal() } satisfies ToldSecret) : undefined,
  );
}

/** Copies lists and objects; where `replace` gives something, that stands in the value's place. */
function mapped(value: unknown, replace: (value: object) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const replaced = replace(value);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) return value.map((item) => mapped(item, replace));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapped(member, replace)]));
}

function isToldSecret(value: object): value is ToldSecret {
  return 'revealedSecret' in value;
}
