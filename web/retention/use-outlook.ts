import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { RetentionOutlook, SettingsEdit } from '../../src/http/api/settings.ts';
import { ask } from '../api/client.ts';

/** How long one may go on writing before it is asked what it would mean. */
const PAUSE_MS = 500;

/** What retention will do with these changes, asked when one has stopped writing. */
export function useOutlook(edits: readonly SettingsEdit[], version: string) {
  const settled = useSettled(JSON.stringify(edits));
  const query = useQuery({
    queryKey: ['retention-outlook', version, settled],
    queryFn: ({ signal }) =>
      ask<RetentionOutlook>('api/settings/retention-outlook', {
        method: 'POST',
        body: { edits: JSON.parse(settled) as SettingsEdit[] },
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isOld = query.isPlaceholderData || settled !== JSON.stringify(edits);
  return { outlook: query.data, error: query.error, isOld: isOld && query.error === null };
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
