import { useQuery, useQueryClient, type QueryClient, type UseQueryResult } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { Role, Session, SetupState } from '../../src/http/api/account.ts';
import { ApiError } from './api-error.ts';
import { ask } from './client.ts';

export type { Role, Session };

const SESSION = ['session'];
/** Whether a session has ended that was not signed out of here. */
const ENDED = ['session', 'ended'];
const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** It is asked for first, and before anything is seen: rather soon again than long. */
const LIMIT_MS = 5_000;
const AGAIN_AFTER_MS = 5_000;

/** Null when nobody is signed in. Asked for until the server has answered. */
export function useSessionQuery(): UseQueryResult<Session | null> {
  const queries = useQueryClient();
  return useQuery({
    queryKey: SESSION,
    queryFn: async ({ signal }) => {
      try {
        return await ask<Session>('api/session', { signal, limitMs: LIMIT_MS });
      } catch (error) {
        if (!(error instanceof ApiError) || error.kind !== 'signed-out') throw error;
        noteEnd(queries);
        return null;
      }
    },
    staleTime: Infinity,
    retry: false,
    // Somebody may have signed in in another tab meanwhile.
    refetchOnWindowFocus: ({ state }) => (state.data === null ? 'always' : false),
    refetchInterval: ({ state }) => (state.data === undefined ? AGAIN_AFTER_MS : false),
  });
}

/** Whether nobody can sign in, as there is no account yet. */
export function useIsSetupNeeded(): boolean {
  const { data } = useQuery({
    queryKey: ['setup'],
    queryFn: ({ signal }) => ask<SetupState>('api/setup', { signal, limitMs: LIMIT_MS }),
    // It may be done in another tab.
    refetchOnWindowFocus: 'always',
  });
  return data?.isNeeded === true;
}

/** Asks the server again; what is known stays where it does not answer. @returns whether it has answered. */
export async function lookWhoIsSignedIn(queries: QueryClient): Promise<boolean> {
  await queries.invalidateQueries({ queryKey: SESSION });
  return queries.getQueryState(SESSION)?.status === 'success';
}

/** What another account saw is forgotten. */
export function setSession(queries: QueryClient, session: Session | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
  queries.setQueryData(ENDED, false);
  queries.setQueryData(SESSION, session);
}

/** An answer has said that nobody is signed in any more. */
export function endSession(queries: QueryClient): void {
  noteEnd(queries);
  queries.setQueryData(SESSION, null);
}

function noteEnd(queries: QueryClient): void {
  // Undefined while it was not asked for yet, null where nobody was signed in.
  const isKnown = Boolean(queries.getQueryData(SESSION));
  if (isKnown) queries.setQueryData(ENDED, true);
}

/** Whether somebody was signed in on this page, and is no longer without having wanted it. */
export function useHasEnded(): boolean {
  return useQueryClient().getQueryData(ENDED) === true;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** Who is signed in, on the pages of those who are. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('The session was asked for where nobody is signed in.');
  return session;
}

/** Whether a role includes another. */
export function mayWith(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}

/** Whether who is signed in may do what takes this role. The server decides; this spares offering what it would refuse. */
export function useMay(role: Role): boolean {
  return mayWith(useSession().user.role, role);
}

/** @returns what signs out. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await ask('api/session', { method: 'DELETE' });
    setSession(queries, null);
  };
}
