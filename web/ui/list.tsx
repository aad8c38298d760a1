import type { ReactNode } from 'react';

/** Rows one below the other, with lines between. */
export function List({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <ul aria-label={label} className="divide-y divide-line rounded-lg border border-line bg-surface">
      {children}
    </ul>
  );
}

interface ListRowProps {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  /** What can be done with it. */
  readonly actions?: ReactNode;
}

export function ListRow({ title, note, actions }: ListRowProps): ReactNode {
  return (
    <li className="flex min-h-14 items-center gap-3 py-2 pr-2 pl-4">
      <div className="min-w-0 grow">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">{title}</div>
        {note !== undefined && <div className="text-note text-faint wrap-anywhere">{note}</div>}
      </div>
      {actions !== undefined && <div className="flex shrink-0 items-center">{actions}</div>}
    </li>
  );
}
