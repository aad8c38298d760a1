import { useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { TokenJson } from '../../src/http/api/account.ts';
import { ask } from '../api/client.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { List, ListRow } from '../ui/list.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { useTokens } from './accounts-api.ts';
import { ConfirmedAction } from './confirmed-action.tsx';
import { TokenDialog } from './token-dialog.tsx';

type Open = { readonly kind: 'make' } | { readonly kind: 'delete'; readonly token: TokenJson };

/** What other programs use the API with. */
export function TokensSection(): ReactNode {
  const text = useText('account');
  const queries = useQueryClient();
  const { data: tokens, error, refetch } = useTokens();
  const [open, setOpen] = useState<Open>();
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ['tokens'] });
  return (
    <Section
      title={text.tokens.title}
      description={text.tokens.description}
      actions={
        <Button onClick={() => setOpen({ kind: 'make' })}>
          <Plus aria-hidden="true" className="size-4" />
          {text.tokens.add}
        </Button>
      }
    >
      {tokens === undefined ? (
        error !== null ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading>
            <Skeleton className="h-14" />
          </Loading>
        )
      ) : tokens.length === 0 ? (
        <p className="flex items-center gap-2 rounded-lg border border-line bg-surface px-4 py-4 text-muted">
          <KeyRound aria-hidden="true" className="size-4 text-faint" />
          {text.tokens.none}
        </p>
      ) : (
        <List label={text.tokens.title}>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onDelete={() => setOpen({ kind: 'delete', token })} />
          ))}
        </List>
      )}
      {open?.kind === 'make' && <TokenDialog onMade={refresh} onClose={() => setOpen(undefined)} />}
      {open?.kind === 'delete' && (
        <ConfirmedAction
          title={text.tokens.deleteTitle(open.token.name)}
          description={text.tokens.deleteDescription}
          action={text.tokens.delete}
          act={() => ask(`api/tokens/${open.token.id}`, { method: 'DELETE' })}
          onDone={refresh}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  );
}

interface TokenRowProps {
  readonly token: TokenJson;
  readonly onDelete: () => void;
}

function TokenRow({ token, onDelete }: TokenRowProps): ReactNode {
  const text = useText('account');
  const format = useFormat();
  const facts = [
    token.cameras === null ? text.allCameras : token.cameras.join(', ') || text.noCameras,
    token.lastUsedMs === null ? text.tokens.neverUsed : text.tokens.used(format.dateTime(token.lastUsedMs)),
    token.expiresMs === null ? text.tokens.neverExpires : text.tokens.expires(format.date(token.expiresMs)),
  ];
  return (
    <ListRow
      title={
        <>
          {token.name}
          <Badge>{text.roles[token.role]}</Badge>
        </>
      }
      note={facts.join(' · ')}
      actions={<IconButton icon={Trash2} label={text.tokens.deleteTitle(token.name)} onClick={onDelete} />}
    />
  );
}
