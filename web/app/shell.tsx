import { CircleAlert, Compass, WifiOff } from 'lucide-react';
import { lazy, Suspense, type ReactNode } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { useConnection } from '../api/changes.tsx';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState, Loading, Skeleton } from '../ui/states.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Navigation } from './navigation.tsx';
import { PLACES } from './places.ts';

const AccountPage = lazy(() => import('../account/account-page.tsx'));

/** What is around the pages of somebody who is signed in. */
export function Shell({ menu }: { readonly menu: ReactNode }): ReactNode {
  const text = useText('app');
  const [location] = useLocation();
  const place = location.split('/')[1];
  return (
    <div className="flex h-full flex-col sm:flex-row">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
      >
        {text.skipToContent}
      </a>
      <Navigation>{menu}</Navigation>
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <ConnectionNote />
        <main id="content" tabIndex={-1} className="relative min-h-0 min-w-0 grow outline-none">
          {/* A page that failed is left behind by going to another. */}
          <ErrorBoundary key={place} fallback={(error) => <BrokenPage error={error} />}>
            <Suspense fallback={<LoadingPage />}>
              <Switch>
                {PLACES.map(({ path, Page }) => (
                  <Route key={path} path={`${path}/*?`}>
                    <Page />
                  </Route>
                ))}
                <Route path="/account">
                  <AccountPage />
                </Route>
                {['/', '/setup'].map((path) => (
                  <Route key={path} path={path}>
                    <Redirect to="/live" replace />
                  </Route>
                ))}
                <Route>
                  <EmptyState
                    icon={Compass}
                    title={text.notFound}
                    action={<Link href="/live">{text.toLive}</Link>}
                  />
                </Route>
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
    </div>
  );
}

function ConnectionNote(): ReactNode {
  const text = useText('app');
  const connection = useConnection();
  return (
    <div role="status">
      {connection !== 'opening' && connection !== 'fine' && (
        <p className="flex items-center gap-2 bg-warning-soft px-4 py-1.5 text-note text-warning">
          <WifiOff aria-hidden="true" className="size-4 shrink-0" />
          {text.connections[connection]}
        </p>
      )}
    </div>
  );
}

function LoadingPage(): ReactNode {
  return (
    <Loading>
      <div className="flex flex-col gap-4 p-6">
        <Skeleton className="h-7 w-40" />
        <Skeleton className="h-64 w-full" />
      </div>
    </Loading>
  );
}

/** Also when its code could not be loaded, such as after an update of the server: loading all again mends that. */
function BrokenPage({ error }: { readonly error: unknown }): ReactNode {
  const text = useText('app');
  return (
    <EmptyState
      icon={CircleAlert}
      title={text.broken}
      action={<Button onClick={() => location.reload()}>{text.reload}</Button>}
    >
      {error instanceof Error ? error.message : String(error)}
    </EmptyState>
  );
}
