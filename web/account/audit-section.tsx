import { useInfiniteQuery } from '@tanstack/react-query';
import {
  Download,
  Eye,
  LogIn,
  LogOut,
  Pencil,
  ScrollText,
  ShieldX,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { AuditAction, AuditEntryJson } from '../../src/http/api/account.ts';
import { ask } from '../api/client.ts';
import { kindText } from '../text/kind-text.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Page } from '../ui/page.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState, ErrorState, Loading, MoreFailed, Skeleton } from '../ui/states.tsx';
import { useUsers } from './accounts-api.ts';

const ACTIONS: readonly AuditAction[] = [
  'saw',
  'exported',
  'changed',
  'deleted',
  'signed-in',
  'signed-out',
  'refused',
];
const ICONS: Readonly<Record<AuditAction, LucideIcon>> = {
  saw: Eye,
  exported: Download,
  changed: Pencil,
  deleted: Trash2,
  'signed-in': LogIn,
  'signed-out': LogOut,
  refused: ShieldX,
};
const PAGE_ENTRIES = 100;
/** Stands for no filter; a name of a user cannot have a slash. */
const ANY = '/';

/** Who saw, changed, exported and deleted what. */
export default function AuditSection(): ReactNode {
  const text = useText('account');
  const settings = useText('settings');
  const { data: users = [] } = useUsers();
  const [user, setUser] = useState(ANY);
  const [action, setAction] = useState<AuditAction | typeof ANY>(ANY);
  return (
    <Page title={text.audit.title} back={{ path: '/settings', label: settings.back }}>
      <div className="mb-4 grid grid-cols-2 gap-3 sm:max-w-md">
        <Select
          label={text.audit.who}
          value={user}
          choices={[
            { value: ANY, label: text.audit.everybody },
            ...users.map(({ name }) => ({ value: name, label: name })),
          ]}
          onChange={setUser}
        />
        <Select
          label={text.audit.what}
          value={action}
          choices={[
            { value: ANY, label: text.audit.everything },
            ...ACTIONS.map((value) => ({ value, label: text.audit.actions[value] })),
          ]}
          onChange={setAction}
        />
      </div>
      <AuditEntries user={user === ANY ? undefined : user} action={action === ANY ? undefined : action} />
    </Page>
  );
}

interface AuditFilter {
  readonly user: string | undefined;
  readonly action: AuditAction | undefined;
}

function AuditEntries({ user, action }: AuditFilter): ReactNode {
  const text = useText('account');
  const log = useInfiniteQuery({
    queryKey: ['audit', user, action],
    queryFn: ({ pageParam, signal }) =>
      ask<readonly AuditEntryJson[]>(`api/audit?${auditQuery(pageParam)}`, { signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.length < PAGE_ENTRIES ? undefined : last.at(-1)?.id),
  });
  const auditQuery = (beforeId: number | undefined): string =>
    new URLSearchParams({
      limit: String(PAGE_ENTRIES),
      ...(beforeId === undefined ? {} : { beforeId: String(beforeId) }),
      ...(user === undefined ? {} : { user }),
      ...(action === undefined ? {} : { action }),
    }).toString();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, isFetchNextPageError } = log;
  const loadMore = (): void => void log.fetchNextPage();
  if (data === undefined) {
    return error !== null ? (
      <ErrorState error={error} onRetry={() => void refetch()} />
    ) : (
      <Loading>
        <Skeleton className="h-96" />
      </Loading>
    );
  }
  const entries = data.pages.flat();
  if (entries.length === 0) return <EmptyState icon={ScrollText} title={text.audit.none} />;
  return (
    <>
      <ol
        aria-label={text.audit.title}
        className="divide-y divide-line rounded-lg border border-line bg-surface"
      >
        {entries.map((entry) => (
          <AuditRow key={entry.id} entry={entry} />
        ))}
      </ol>
      {isFetchNextPageError && !isFetchingNextPage ? (
        <MoreFailed error={error} onRetry={loadMore} />
      ) : (
        hasNextPage && (
          <Button className="mt-4 self-center" isBusy={isFetchingNextPage} onClick={loadMore}>
            {text.audit.more}
          </Button>
        )
      )}
    </>
  );
}

function AuditRow({ entry }: { readonly entry: AuditEntryJson }): ReactNode {
  const text = useText('account');
  const format = useFormat();
  const Icon = ICONS[entry.action];
  const isSerious = entry.action === 'refused' || entry.action === 'deleted';
  return (
    <li className="flex gap-3 px-4 py-2">
      <Icon
        aria-hidden="true"
        className={classNames('mt-0.5 size-4 shrink-0', isSerious ? 'text-danger' : 'text-faint')}
      />
      <div className="min-w-0 grow">
        <p className="wrap-anywhere">
          <span className="font-medium">{entry.user || text.audit.nobody}</span>{' '}
          <span className="text-muted">
            {text.audit.actions[entry.action]}
            {entry.camera !== undefined && ` · ${entry.camera}`}
          </span>{' '}
          {kindText(entry.what, entry.detail, text.audit.details, format)}
        </p>
        <p className="text-note text-faint wrap-anywhere">
          <time dateTime={new Date(entry.atWallMs).toISOString()}>{format.dateTime(entry.atWallMs)}</time>
          {` · ${entry.address}`}
          {entry.token !== undefined && ` · ${text.audit.byToken(entry.token)}`}
          {entry.times > 1 && ` · ${text.audit.times(entry.times, format.time(entry.lastWallMs))}`}
        </p>
      </div>
    </li>
  );
}
