import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';
import { Tooltip } from '../ui/tooltip.tsx';

interface PictureButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label'> {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly isPressed?: boolean;
}

/** A button that stands on a picture: light on dark in both themes. */
export function PictureButton({
  icon: Icon,
  label,
  isPressed,
  className,
  ...rest
}: PictureButtonProps): ReactNode {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={isPressed}
        className={classNames(
          'inline-flex size-8 shrink-0 items-center justify-center rounded-md transition-colors disabled:opacity-45 pointer-coarse:size-11',
          isPressed === true
            ? 'bg-[#4cc3d9] text-[#04222a]'
            : 'bg-black/55 text-[#e9ecf0] enabled:hover:bg-black/80',
          className,
        )}
      >
        <Icon aria-hidden="true" className="size-[18px]" />
      </button>
    </Tooltip>
  );
}
