import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type {
  CameraSettings,
  ProbeAnswer,
  SettingsAnswer,
  SettingsEdit,
} from '../../src/http/api/settings.ts';
import { ask } from '../api/client.ts';

/** Of the built-in camera. */
export const DEMO_URL = 'demo:';

export interface ProbedAddress {
  readonly url: string;
  /** Whose login is used where none is given. */
  readonly camera?: string;
  readonly username?: string;
  readonly password?: string;
  readonly engine?: NonNullable<CameraSettings['engine']>;
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

/** The server gives a camera 15 s, and may have to wait for its own processes. */
const PROBE_LIMIT_MS = 40_000;

export interface CameraTest {
  /** Looks at the camera for some seconds. */
  readonly run: () => void;
  readonly isRunning: boolean;
  /** What was found at this address last, by whichever login. */
  readonly found: ProbeAnswer | undefined;
  readonly error: Error | null;
}

/** A test of an address as it is written now: what came of another one is not told. */
export function useCameraTest(written: ProbedAddress): CameraTest {
  const { mutate, variables, isPending, error } = useMutation({
    mutationFn: (address: ProbedAddress) =>
      ask<ProbeAnswer>('api/settings/probe', { method: 'POST', body: address, limitMs: PROBE_LIMIT_MS }),
  });
  const [last, setLast] = useState<{ readonly url: string; readonly answer: ProbeAnswer }>();
  const { url } = written;
  const isOfThis = JSON.stringify(variables) === JSON.stringify(written);
  return {
    run: () => mutate(written, { onSuccess: (answer) => setLast({ url, answer }) }),
    isRunning: isOfThis && isPending,
    found: last?.url === url ? last.answer : undefined,
    error: isOfThis ? error : null,
  };
}
