import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { SessionJson, TokenJson, UserJson } from '../../src/http/api/account.ts';
import { ask } from '../api/client.ts';

export function useUsers(): UseQueryResult<readonly UserJson[]> {
  return useQuery({ queryKey: ['users'], queryFn: ({ signal }) => ask('api/users', { signal }) });
}

export function useSessions(): UseQueryResult<readonly SessionJson[]> {
  return useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => ask('api/sessions', { signal }) });
}

export function useTokens(): UseQueryResult<readonly TokenJson[]> {
  return useQuery({ queryKey: ['tokens'], queryFn: ({ signal }) => ask('api/tokens', { signal }) });
}
