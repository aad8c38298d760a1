import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label'> {
  readonly icon: LucideIcon;
  /** What it does: the tooltip, and its name. */
  readonly label: string;
  /** For one that switches something: whether it is on. */
  readonly isPressed?: boolean;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
}

export function IconButton({
  icon: Icon,
  label,
  isPressed,
  side = 'top',
  className,
  ...rest
}: IconButtonProps): ReactNode {
  return (
    <Tooltip text={label} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={isPressed}
        className={classNames(
          'inline-flex size-9 shrink-0 items-center justify-center rounded-md transition-colors disabled:opacity-45 pointer-coarse:size-11',
          isPressed === true
            ? 'bg-accent-soft text-accent'
            : 'text-muted enabled:hover:bg-hover enabled:hover:text-text',
          className,
        )}
      >
        <Icon aria-hidden="true" className="size-4.5" />
      </button>
    </Tooltip>
  );
}
