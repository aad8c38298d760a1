import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

interface ButtonProps extends ComponentProps<'button'> {
  /** One `primary` a view; `plain` for the others, `quiet` within lists and toolbars, `danger` for what cannot be undone. */
  readonly look?: Look;
  /** Something asked for is under way: it shows, and cannot be asked for again. */
  readonly isBusy?: boolean;
}

const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover font-medium',
  plain: 'bg-raised text-text border border-line hover:bg-hover',
  quiet: 'text-muted hover:bg-hover hover:text-text',
  danger: 'bg-danger text-on-danger font-medium hover:opacity-90',
};

export function Button({
  look = 'plain',
  isBusy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      className={classNames(
        'inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3 whitespace-nowrap transition-colors select-none disabled:opacity-55 pointer-coarse:min-h-11',
        LOOKS[look],
        className,
      )}
    >
      {isBusy && (
        <span
          aria-hidden="true"
          className="size-3.5 animate-spin rounded-full border-2 border-current border-r-transparent"
        />
      )}
      {children}
    </button>
  );
}
