import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { ask } from '../api/client.ts';
import type { Role } from '../api/session.ts';

export interface UserJson {
  readonly name: string;
  readonly role: Role;
  readonly cameras: readonly string[] | null;
  readonly lastSeenMs: number | null;
}

export interface SessionJson {
  readonly id: number;
  readonly createdMs: number;
  readonly lastSeenMs: number;
  readonly address: string;
  readonly browser: string;
  readonly isThisOne: boolean;
}

export interface TokenJson {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly cameras: readonly string[] | null;
  readonly createdMs: number;
  readonly expiresMs: number | null;
  readonly lastUsedMs: number | null;
}

export function useUsers(): UseQueryResult<readonly UserJson[]> {
  return useQuery({ queryKey: ['users'], queryFn: ({ signal }) => ask('api/users', { signal }) });
}

export function useSessions(): UseQueryResult<readonly SessionJson[]> {
  return useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => ask('api/sessions', { signal }) });
}

export function useTokens(): UseQueryResult<readonly TokenJson[]> {
  return useQuery({ queryKey: ['tokens'], queryFn: ({ signal }) => ask('api/tokens', { signal }) });
}

/** Names of the cameras that who is signed in may see. */
export function useCameraNames(): UseQueryResult<readonly string[]> {
  return useQuery({
    queryKey: ['cameras'],
    queryFn: ({ signal }) => ask<readonly { readonly name: string }[]>('api/cameras', { signal }),
    select: (cameras) => cameras.map(({ name }) => name),
  });
}

export type AuditAction = 'saw' | 'exported' | 'changed' | 'deleted' | 'signed-in' | 'signed-out' | 'refused';

export interface AuditEntryJson {
  readonly id: number;
  readonly atWallMs: number;
  readonly lastWallMs: number;
  readonly times: number;
  readonly user: string;
  readonly token?: string;
  readonly address: string;
  readonly action: AuditAction;
  readonly camera?: string;
  readonly detail: string;
}
