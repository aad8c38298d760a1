import { useQueryClient } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { SessionJson } from '../../src/http/api/account.ts';
import { ask } from '../api/client.ts';
import { setSession } from '../api/session.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { List, ListRow } from '../ui/list.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { useSessions } from './accounts-api.ts';
import { browserName } from './browser-name.ts';
import { ConfirmedAction } from './confirmed-action.tsx';

/** Where one is signed in, and how to end that. */
export function SessionsSection(): ReactNode {
  const text = useText('account');
  const format = useFormat();
  const queries = useQueryClient();
  const { data: sessions, error, refetch } = useSessions();
  const [ending, setEnding] = useState<SessionJson | 'all'>();
  return (
    <Section
      title={text.sessions.title}
      description={text.sessions.description}
      actions={<Button onClick={() => setEnding('all')}>{text.sessions.endAll}</Button>}
    >
      {sessions !== undefined ? (
        <List label={text.sessions.title}>
          {sessions.map((session) => (
            <ListRow
              key={session.id}
              title={
                <>
                  {browserName(session.browser) ?? text.sessions.unknownBrowser}
                  {session.isThisOne && <Badge tone="accent">{text.sessions.thisOne}</Badge>}
                </>
              }
              note={`${session.address} · ${text.sessions.since(format.dateTime(session.createdMs))}`}
              actions={
                !session.isThisOne && (
                  <IconButton icon={LogOut} label={text.sessions.end} onClick={() => setEnding(session)} />
                )
              }
            />
          ))}
        </List>
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>
          <Skeleton className="h-28" />
        </Loading>
      )}
      {ending !== undefined && (
        <ConfirmedAction
          title={ending === 'all' ? text.sessions.endAll : text.sessions.end}
          description={ending === 'all' ? text.sessions.endAllDescription : text.sessions.endDescription}
          action={ending === 'all' ? text.sessions.endAll : text.sessions.end}
          act={() =>
            ask(ending === 'all' ? 'api/sessions' : `api/sessions/${ending.id}`, { method: 'DELETE' })
          }
          onDone={() => {
            if (ending === 'all') setSession(queries, null);
            else void queries.invalidateQueries({ queryKey: ['sessions'] });
          }}
          onClose={() => setEnding(undefined)}
        />
      )}
    </Section>
  );
}
