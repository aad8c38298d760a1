import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { classNames } from './class-names.ts';

interface PageProps {
  readonly title: string;
  /** Beside the title: what the page offers to do. */
  readonly actions?: ReactNode;
  /** `text`: as wide as can be read well; `full`: pictures. */
  readonly width?: 'text' | 'full';
  /** Where one came from: a way back, on a phone. */
  readonly back?: { readonly path: string; readonly label: string };
  readonly children: ReactNode;
}

/** A page that scrolls, with its title. Pages that fill the window exactly lay themselves out. */
export function Page({ title, actions, width = 'text', back, children }: PageProps): ReactNode {
  return (
    <div className="h-full overflow-y-auto">
      <div
        className={classNames(
          'flex min-h-full flex-col px-4 pb-8 sm:px-6',
          width === 'text' && 'mx-auto max-w-5xl',
        )}
      >
        <header className="mb-2 flex min-h-14 flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2">
          {back !== undefined && (
            <Link
              href={back.path}
              aria-label={back.label}
              className="-mr-3 -ml-3 flex size-11 items-center justify-center text-muted sm:hidden"
            >
              <ChevronLeft aria-hidden="true" className="size-5" />
            </Link>
          )}
          <h1 className="grow text-lg font-semibold">{title}</h1>
          {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}
