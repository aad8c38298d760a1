import { PrerollError } from '../base/error.ts';

/** A command cannot do what it was asked for: `usage` where it was asked wrongly, `failed` where it tried. */
export class CommandError extends PrerollError {
  readonly kind: 'usage' | 'failed';

  constructor(kind: CommandError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
