import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { ChangesProvider } from '../api/changes.tsx';
import { SessionContext, useSessionQuery } from '../api/session.ts';
import { Logo } from '../ui/logo.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Shell } from './shell.tsx';

const SignInPage = lazy(() => import('../account/sign-in-page.tsx'));
const SetupPage = lazy(() => import('../account/setup-page.tsx'));

/** The app for those who are signed in; for others the way in. */
export function Entrance(): ReactNode {
  const [location] = useLocation();
  const { data: session, error, refetch } = useSessionQuery();
  // Stays told while it is asked again.
  const [problem, setProblem] = useState<Error>();
  if (error !== null && error !== problem) setProblem(error);
  if (session === undefined) {
    return problem === undefined ? (
      <Opening />
    ) : (
      <ErrorState error={problem} onRetry={() => void refetch()} />
    );
  }
  if (session === null) {
    return (
      <Suspense fallback={<Opening />}>{location === '/setup' ? <SetupPage /> : <SignInPage />}</Suspense>
    );
  }
  return (
    <SessionContext value={session}>
      <ChangesProvider>
        <Shell menu={<AccountMenu />} />
      </ChangesProvider>
    </SessionContext>
  );
}

function Opening(): ReactNode {
  return (
    <Loading>
      <div className="flex h-full items-center justify-center">
        <Logo className="size-12 animate-pulse text-faint" />
      </div>
    </Loading>
  );
}
