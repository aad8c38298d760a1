import { useQueryClient } from '@tanstack/react-query';
import { Pencil, Trash2, UserPlus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { UserJson } from '../../src/http/api/account.ts';
import { ask } from '../api/client.ts';
import { useSession } from '../api/session.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { List, ListRow } from '../ui/list.tsx';
import { Page } from '../ui/page.tsx';
import { ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { useUsers } from './accounts-api.ts';
import { ConfirmedAction } from './confirmed-action.tsx';
import { UserDialog } from './user-dialog.tsx';

type Open =
  | { readonly kind: 'edit'; readonly user: UserJson | undefined }
  | { readonly kind: 'delete'; readonly user: UserJson };

/** Who may use the recorder, and what. */
export default function UsersSection(): ReactNode {
  const text = useText('account');
  const settings = useText('settings');
  const queries = useQueryClient();
  const { data: users, error, refetch } = useUsers();
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  return (
    <Page
      title={text.users.title}
      back={{ path: '/settings', label: settings.back }}
      actions={
        <Button look="primary" onClick={() => setOpen({ kind: 'edit', user: undefined })}>
          <UserPlus aria-hidden="true" className="size-4" />
          {text.users.add}
        </Button>
      }
    >
      {users !== undefined ? (
        <List label={text.users.title}>
          {users.map((user) => (
            <UserRow key={user.name} user={user} onOpen={setOpen} />
          ))}
        </List>
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>
          <Skeleton className="h-40" />
        </Loading>
      )}
      {open?.kind === 'edit' && <UserDialog user={open.user} onClose={close} />}
      {open?.kind === 'delete' && (
        <ConfirmedAction
          title={text.users.deleteTitle(open.user.name)}
          description={text.users.deleteDescription}
          action={text.users.delete}
          act={() => ask(`api/users/${encodeURIComponent(open.user.name)}`, { method: 'DELETE' })}
          onDone={() => void queries.invalidateQueries({ queryKey: ['users'] })}
          onClose={close}
        />
      )}
    </Page>
  );
}

function UserRow({
  user,
  onOpen,
}: {
  readonly user: UserJson;
  readonly onOpen: (open: Open) => void;
}): ReactNode {
  const text = useText('account');
  const format = useFormat();
  const isMyself = useSession().user.name === user.name;
  const seen =
    user.lastSeenMs === null ? text.users.neverSeen : text.users.seen(format.dateTime(user.lastSeenMs));
  return (
    <ListRow
      title={
        <>
          {user.name}
          <Badge tone={user.role === 'admin' ? 'accent' : 'neutral'}>{text.roles[user.role]}</Badge>
          {isMyself && <Badge>{text.users.you}</Badge>}
        </>
      }
      note={`${user.cameras === null ? text.allCameras : user.cameras.join(', ') || text.noCameras} · ${seen}`}
      actions={
        <>
          <IconButton
            icon={Pencil}
            label={text.users.edit(user.name)}
            onClick={() => onOpen({ kind: 'edit', user })}
          />
          <IconButton
            icon={Trash2}
            label={text.users.deleteTitle(user.name)}
            disabled={isMyself}
            onClick={() => onOpen({ kind: 'delete', user })}
          />
        </>
      }
    />
  );
}
