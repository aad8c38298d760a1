import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProbeAnswer, SettingsAnswer, SettingsEdit } from '../../src/http/api/settings.ts';
import { ask } from '../api/client.ts';

/** Of the built-in camera. */
export const DEMO_URL = 'demo:';

export interface ProbedAddress {
  readonly url: string;
  /** Whose login is used where none is given. */
  readonly camera?: string;
  readonly username?: string;
  readonly password?: string;
}

/** The configuration, as far as it can be changed here. */
export function useSettings() {
  return useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => ask<SettingsAnswer>('api/settings', { signal }),
  });
}

/** Writes changes into the configuration's file; the recorder follows it within a second or two. */
export function useChangeSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ version, edits }: { readonly version: string; readonly edits: readonly SettingsEdit[] }) =>
      ask('api/settings', { method: 'PATCH', body: { version, edits } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['settings'] }),
  });
}

/** Looks at a camera for some seconds. */
export function useProbe() {
  return useMutation({
    mutationFn: (address: ProbedAddress) =>
      ask<ProbeAnswer>('api/settings/probe', { method: 'POST', body: address }),
  });
}
