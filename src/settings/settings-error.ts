import { PrerollError } from '../base/error.ts';
import type { ExpectedValue } from '../config/expected-value.ts';

/**
 * Why settings are not changed: the file may not be written, it is not what the change was made for, or the change is
 * wrong.
 */
export class SettingsError extends PrerollError {
  readonly kind: 'read-only' | 'changed-meanwhile' | 'refused';
  /** Keys of the option that is wrong, dotted. */
  readonly field: string | undefined;
  /** What may stand there. */
  readonly expected: ExpectedValue | undefined;

  constructor(
    kind: SettingsError['kind'],
    message: string,
    options: { readonly field?: string; readonly expected?: ExpectedValue; readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.field = options.field;
    this.expected = options.expected;
  }
}
