import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MotionTrialAnswer, NewMotionTrial } from '../../../src/http/api/motion-trial.ts';
import { ask } from '../../api/client.ts';

const PATH = 'api/settings/motion-trial';
const KEY = ['motion-trial'];
const LOOK_EVERY_MS = 700;

/** The last trial there was, by whomever; looked at again and again while it goes on. */
export function useMotionTrial() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => ask<MotionTrialAnswer>(PATH, { signal }),
    select: ({ trial }) => trial,
    refetchInterval: ({ state }) => (state.data?.trial?.state.kind === 'working' ? LOOK_EVERY_MS : false),
  });
}

export function useStartMotionTrial() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewMotionTrial) => ask<MotionTrialAnswer>(PATH, { method: 'POST', body }),
    onSuccess: (answer) => queries.setQueryData(KEY, answer),
  });
}

export function useEndMotionTrial() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ask(PATH, { method: 'DELETE' }),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
