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
  /** `picture`: it stands on a picture, light on dark in both themes. */
  readonly ground?: 'page' | 'picture';
}

/** By where it stands: its size, and its colours when it is pressed and when not. */
const GROUNDS = {
  page: {
    size: 'size-9',
    pressed: 'bg-accent-soft text-accent',
    released: 'text-muted enabled:hover:bg-hover enabled:hover:text-text',
  },
  picture: {
    size: 'size-8',
    pressed: 'bg-[#4cc3d9] text-[#04222a]',
    released: 'bg-black/55 text-[#e9ecf0] enabled:hover:bg-black/80',
  },
} as const;

export function IconButton({
  icon: Icon,
  label,
  isPressed,
  side = 'top',
  ground = 'page',
  className,
  ...rest
}: IconButtonProps): ReactNode {
  const { size, pressed, released } = GROUNDS[ground];
  return (
    <Tooltip text={label} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={isPressed}
        className={classNames(
          'inline-flex shrink-0 items-center justify-center rounded-md transition-colors disabled:opacity-45 pointer-coarse:size-11',
          size,
          isPressed === true ? pressed : released,
          className,
        )}
      >
        <Icon aria-hidden="true" className="size-4.5" />
      </button>
    </Tooltip>
  );
}
