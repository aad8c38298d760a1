import type { ReactNode } from 'react';
import { Logo } from '../ui/logo.tsx';

interface EntrancePageProps {
  readonly title: string;
  readonly introduction?: ReactNode;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

const CARD = 'flex flex-col gap-4 rounded-xl border border-line bg-surface p-6';

/** A form in the middle of nothing: before somebody is signed in. */
export function EntrancePage({ title, introduction, onSubmit, children }: EntrancePageProps): ReactNode {
  return (
    <Middle>
      <form
        className={CARD}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <h1 className="text-base font-semibold">{title}</h1>
        {introduction}
        {children}
      </form>
    </Middle>
  );
}

/** In its place, where there is nothing to fill in. */
export function EntranceNote({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Middle>
      <div className={CARD}>
        <h1 className="text-base font-semibold">{title}</h1>
        <p className="text-muted">{children}</p>
      </div>
    </Middle>
  );
}

function Middle({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <main className="flex min-h-full items-center justify-center p-4">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center justify-center gap-2.5 text-accent">
          <Logo className="size-8" />
          <span className="text-xl font-semibold tracking-tight text-text">Preroll</span>
        </div>
        {children}
      </div>
    </main>
  );
}
