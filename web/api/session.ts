import { useQuery, useQueryClient, type QueryClient, type UseQueryResult } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { Role, Session } from '../../src/http/api/account.ts';
import { ApiError } from './api-error.ts';
import { ask } from './client.ts';

export type { Role, Session };

const SESSION = ['session'];
const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** Null when nobody is signed in. */
export function useSessionQuery(): UseQueryResult<Session | null> {
  return useQuery({
    queryKey: SESSION,
    queryFn: async ({ signal }) => {
      try {
        return await ask<Session>('api/session', { signal });
      } catch (error) {
        if (error instanceof ApiError && error.kind === 'signed-out') return null;
        throw error;
      }
    },
    staleTime: Infinity,
  });
}

/** Asks the server again; what is known stays where it does not answer. */
export async function lookWhoIsSignedIn(queries: QueryClient): Promise<void> {
  await queries.invalidateQueries({ queryKey: SESSION });
}

/** What another account saw is forgotten. */
export function setSession(queries: QueryClient, session: Session | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
  queries.setQueryData(SESSION, session);
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
