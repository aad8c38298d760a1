import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Tooltip } from './tooltip.tsx';

interface IconLinkProps {
  readonly icon: LucideIcon;
  /** Where it leads: the tooltip, and its name. */
  readonly label: string;
  readonly href: string;
  /** To a file of the server's, which is downloaded; else to a page of the app. */
  readonly isDownload?: boolean;
}

/** What looks like an `IconButton` and leads elsewhere. */
export function IconLink({ icon: Icon, label, href, isDownload = false }: IconLinkProps): ReactNode {
  const attributes = {
    href,
    'aria-label': label,
    className:
      'inline-flex size-9 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text pointer-coarse:size-11',
  };
  const picture = <Icon aria-hidden="true" className="size-4.5" />;
  return (
    <Tooltip text={label}>
      {isDownload ? (
        <a {...attributes} download="">
          {picture}
        </a>
      ) : (
        <Link {...attributes}>{picture}</Link>
      )}
    </Tooltip>
  );
}
