import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Tooltip } from './tooltip.tsx';

interface IconLinkProps {
  readonly icon: LucideIcon;
  /** Where it leads: the tooltip, and its name. */
  readonly label: string;
  readonly href: string;
}

/** What looks like an `IconButton` and leads to another page. */
export function IconLink({ icon: Icon, label, href }: IconLinkProps): ReactNode {
  return (
    <Tooltip text={label}>
      <Link
        href={href}
        aria-label={label}
        className="inline-flex size-9 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text pointer-coarse:size-11"
      >
        <Icon aria-hidden="true" className="size-4.5" />
      </Link>
    </Tooltip>
  );
}
