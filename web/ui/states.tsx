import { CircleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useErrorText } from '../api/error-text.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** Why, and what to do about it. */
  readonly children?: ReactNode;
  /** A button or a link. */
  readonly action?: ReactNode;
}

/** In the place of what is not there (yet). */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps): ReactNode {
  return (
    <div className="mx-auto flex h-full max-w-md flex-col items-center justify-center gap-2 px-6 py-12 text-center">
      <Icon aria-hidden="true" className="mb-1 size-9 text-faint" strokeWidth={1.5} />
      <p className="text-base font-medium">{title}</p>
      {children !== undefined && <div className="text-muted">{children}</div>}
      {action !== undefined && <div className="mt-2">{action}</div>}
    </div>
  );
}

interface ErrorStateProps {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}

/** In the place of what could not be had. */
export function ErrorState({ error, onRetry }: ErrorStateProps): ReactNode {
  const text = useText('ui');
  const errorText = useErrorText();
  return (
    <div
      role="alert"
      className="mx-auto flex h-full max-w-md flex-col items-center justify-center gap-3 px-6 py-12 text-center"
    >
      <CircleAlert aria-hidden="true" className="size-9 text-danger" strokeWidth={1.5} />
      <p className="wrap-anywhere">{errorText(error)}</p>
      {onRetry !== undefined && <Button onClick={onRetry}>{text.retry}</Button>}
    </div>
  );
}

interface MoreFailedProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Below a list of which further parts could not be had. */
export function MoreFailed({ error, onRetry }: MoreFailedProps): ReactNode {
  const errorText = useErrorText();
  const text = useText('ui');
  return (
    <p role="alert" className="flex flex-wrap items-center justify-center gap-3 p-4">
      {errorText(error)}
      <Button onClick={onRetry}>{text.retry}</Button>
    </p>
  );
}

/** In the shape of what is coming. */
export function Skeleton({ className }: { readonly className?: string }): ReactNode {
  return <div aria-hidden="true" className={classNames('animate-pulse rounded-md bg-hover', className)} />;
}

/** Around skeletons: says once, to those who do not see them, that something is coming. */
export function Loading({ children }: { readonly children?: ReactNode }): ReactNode {
  const text = useText('ui');
  return (
    <div role="status" className="contents">
      <span className="sr-only">{text.loading}</span>
      {children}
    </div>
  );
}
