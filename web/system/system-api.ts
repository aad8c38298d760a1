import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { SystemAnswer } from '../../src/http/api/system.ts';
import { ask } from '../api/client.ts';

const REFRESH_MS = 3_000;

/** How the machine and its recorder are, anew every few seconds while the page is in sight. */
export function useSystem(): UseQueryResult<SystemAnswer> {
  return useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => ask<SystemAnswer>('api/system', { signal }),
    refetchInterval: REFRESH_MS,
    gcTime: 0,
  });
}
