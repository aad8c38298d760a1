import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ExportJson, ExportsAnswer, NewExportJson } from '../../src/http/api/exports.ts';
import { ask, urlOf } from '../api/client.ts';

const WORKING_EVERY_MS = 500;

/** The newest first; asked for again and again while one is being made. */
export function useExports() {
  return useQuery({
    queryKey: ['exports'],
    queryFn: ({ signal }) => ask<ExportsAnswer>('api/exports', { signal }),
    select: ({ exports }) => exports,
    refetchInterval: ({ state }) => {
      const isBusy = state.data?.exports.some((job) => job.state === 'waiting' || job.state === 'working');
      return isBusy === true ? WORKING_EVERY_MS : false;
    },
  });
}

export function useNewExport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: NewExportJson) => ask<ExportJson>('api/exports', { method: 'POST', body: wanted }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['exports'] }),
  });
}

export function useDeleteExport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ask(`api/exports/${id}`, { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['exports'] }),
  });
}

export function exportFileUrl({ id }: ExportJson, name: string): string {
  return urlOf(`api/exports/${id}/files/${encodeURIComponent(name)}`);
}
