import { useId, type ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  /** What it is for. */
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page, with its own heading. */
export function Section({ title, description, actions, children }: SectionProps): ReactNode {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mb-8">
      <div className="mb-2 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {description !== undefined && <p className="max-w-prose text-note text-faint">{description}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
