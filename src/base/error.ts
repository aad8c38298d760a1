import type { LogFields } from './log.ts';

/**
 * Base of our typed errors. The message says what was attempted, then what was found; `kind` is what code decides
 * on; `cause` keeps the error underneath. Messages never contain credentials.
 */
export abstract class PrerollError extends Error {
  abstract readonly kind: string;

  /** What a log line about it should carry beside the message. */
  get fields(): LogFields {
    return { kind: this.kind };
  }

  override get name(): string {
    return this.constructor.name;
  }
}

/** The message of whatever was thrown, followed by those of its causes. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? '' : `: ${describeError(thrown.cause)}`;
  return `${thrown.message}${cause}`;
}

/** The system's code for what went wrong underneath, such as `ENOSPC`; undefined where it was not the system. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ('syscall' in thrown && 'code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return systemCode(thrown.cause);
}
