import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

const RETRIES = 2;
/** The `changes` socket says what is no longer true; this is for what it does not tell of. */
const FRESH_MS = 30_000;

/** @param onSignedOut called when an answer says that nobody is signed in (any more). */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (error instanceof ApiError && error.kind === 'signed-out') onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (count, error) => count < RETRIES && isWorthRetrying(error),
        // A recorder on the LAN is reachable without the internet, of which this mode asks.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}

function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  // Of one that was silent for so long somebody should be told.
  return error.kind === 'failed' || error.reason?.code === 'unreachable';
}
