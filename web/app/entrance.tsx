import { lazy, Suspense, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { ChangesProvider } from '../api/changes.tsx';
import { SessionContext, useSessionQuery } from '../api/session.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Shell } from './shell.tsx';

const SignInPage = lazy(() => import('../account/sign-in-page.tsx'));
const SetupPage = lazy(() => import('../account/setup-page.tsx'));

/** The app for those who are signed in; for others the way in. */
export function Entrance(): ReactNode {
  const [location] = useLocation();
  const { data: session, error, refetch } = useSessionQuery();
  if (session === undefined) {
    return error === null ? <Loading /> : <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  if (session === null) {
    return (
      <Suspense fallback={<Loading />}>{location === '/setup' ? <SetupPage /> : <SignInPage />}</Suspense>
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
