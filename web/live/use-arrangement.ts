import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { Arrangement } from '../../src/http/api/layouts.ts';
import { ask } from '../api/client.ts';
import { useErrorText } from '../api/error-text.ts';
import { useToast } from '../ui/toasts.tsx';

const KEY = ['layouts'];

export function useArrangement(): UseQueryResult<Arrangement> {
  return useQuery({ queryKey: KEY, queryFn: ({ signal }) => ask<Arrangement>('api/layouts', { signal }) });
}

/** @returns what changes the arrangement: at once on this page, then on the server; taken back where that fails. */
export function useArrange(): (arrangement: Arrangement) => void {
  const queries = useQueryClient();
  const toast = useToast();
  const errorText = useErrorText();
  const { mutate } = useMutation({
    // One after the other: the last one counts.
    scope: { id: 'layouts' },
    mutationFn: (arrangement: Arrangement) =>
      ask<Arrangement>('api/layouts', { method: 'PUT', body: arrangement }),
    onMutate: async (arrangement) => {
      await queries.cancelQueries({ queryKey: KEY });
      queries.setQueryData(KEY, arrangement);
    },
    onError: (error) => {
      toast(errorText(error), 'error');
      void queries.invalidateQueries({ queryKey: KEY });
    },
  });
  return mutate;
}
