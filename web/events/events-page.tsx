import { CheckCheck, Film, Keyboard } from 'lucide-react';
import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { useMay } from '../api/session.ts';
import { useErrorText } from '../api/error-text.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { useToast } from '../ui/toasts.tsx';
import { usePageKeys } from '../ui/use-page-keys.ts';
import { EventDetail } from './event-detail.tsx';
import { ALL_EVENTS, eventFilterSearch, parseEventFilter, type EventFilter } from './event-filter.ts';
import { EventFilters } from './event-filters.tsx';
import { EventList } from './event-list.tsx';
import type { EventPlayerHandle } from './event-player.tsx';
import { eventId } from './event-rows.ts';
import { useChangeEvents, useEvents, useFreshEvents } from './events-api.ts';
import { eventCommandOf, type EventCommand } from './event-command.ts';

export default function EventsPage(): ReactNode {
  const text = useText('events');
  const toast = useToast();
  const errorText = useErrorText();
  const mayChange = useMay('operator');
  const [, navigate] = useLocation();
  const filter = parseEventFilter(useSearch());
  const { data, error, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useEvents(filter);
  useFreshEvents(filter);
  const events = useMemo(() => data?.pages.flatMap((page) => page.events) ?? [], [data]);
  const change = useChangeEvents();
  const player = useRef<EventPlayerHandle>(null);
  const [chosenId, setChosenId] = useState<string>();
  const [isOpen, setOpen] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const [showsKeys, setShowsKeys] = useState(false);

  const chosenAt = events.findIndex((event) => eventId(event) === chosenId);
  const chosen = events[chosenAt];
  const refused = { onError: (problem: unknown) => toast(errorText(problem), 'error') };

  const choose = (event: EventSummaryJson | undefined, opens: boolean): void => {
    if (event === undefined) return;
    setChosenId(eventId(event));
    setOpen(opens);
    if (opens && !event.isSeen) change.mutate({ kind: 'seen', event, seen: true });
  };
  const step = (by: 1 | -1): void => choose(events[Math.max(0, chosenAt + by)], isOpen);
  const keep = (event: EventSummaryJson): void => {
    const kept = !event.isKept;
    const onSuccess = () => toast(kept ? text.isKept : text.isKeptNoLonger);
    change.mutate({ kind: 'kept', event, kept }, { ...refused, onSuccess });
  };
  const remove = (event: EventSummaryJson): void => {
    const next = events[chosenAt + 1] ?? events[chosenAt - 1];
    const onSuccess = () => toast(text.deleted);
    change.mutate({ kind: 'delete', event }, { ...refused, onSuccess });
    setDeleting(false);
    if (next === undefined) setOpen(false);
    else choose(next, isOpen);
  };
  const markAllSeen = (): void =>
    change.mutate({ kind: 'all-seen' }, { ...refused, onSuccess: () => toast(text.allSeen) });

  const obey = (command: EventCommand): void => {
    if (isDeleting || showsKeys) return;
    if (command === 'next') return step(1);
    if (command === 'previous') return step(-1);
    if (command === 'all-seen') return markAllSeen();
    if (chosen === undefined) return choose(events[0], false);
    switch (command) {
      case 'open':
        return choose(chosen, true);
      case 'play':
        return isOpen ? player.current?.toggle() : choose(chosen, true);
      case 'seen':
        return change.mutate({ kind: 'seen', event: chosen, seen: !chosen.isSeen }, refused);
      case 'keep':
        return mayChange ? keep(chosen) : undefined;
      case 'delete':
        if (mayChange && !chosen.isKept && !chosen.isOpen) setDeleting(true);
    }
  };
  usePageKeys(eventCommandOf, obey, true);

  const setFilter = (changed: EventFilter): void =>
    navigate(`/events${eventFilterSearch(changed)}`, { replace: true });
  const loadMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);

  return (
    <div className="flex h-full flex-col">
      <header className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2 sm:px-6">
        <h1 className="text-lg font-semibold">{text.title}</h1>
        <EventFilters filter={filter} causes={events.flatMap(({ causes }) => causes)} onChange={setFilter} />
        <span className="grow" />
        <Button look="quiet" onClick={markAllSeen}>
          <CheckCheck aria-hidden="true" className="size-4" />
          <span className="max-sm:sr-only">{text.markAllSeen}</span>
        </Button>
        <IconButton
          icon={Keyboard}
          label={text.keys}
          onClick={() => setShowsKeys(true)}
          className="pointer-coarse:hidden"
        />
      </header>
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading>
          <div className="grid grid-cols-[repeat(auto-fill,minmax(260px,1fr))] gap-3 px-4 pt-10 sm:px-6">
            {Array.from({ length: 8 }, (_, i) => (
              <Skeleton key={i} className="aspect-[4/3]" />
            ))}
          </div>
        </Loading>
      ) : events.length === 0 ? (
        <NoEvents filter={filter} onClear={() => setFilter(ALL_EVENTS)} />
      ) : (
        <EventList
          events={events}
          chosenId={chosenId}
          hasMore={hasNextPage}
          onMore={loadMore}
          onOpen={(event) => choose(event, true)}
        />
      )}
      {isOpen && chosen !== undefined && (
        <EventDetail
          event={chosen}
          player={player}
          onStep={step}
          onKeep={() => keep(chosen)}
          onDelete={() => setDeleting(true)}
          onClose={() => setOpen(false)}
        />
      )}
      <ConfirmDialog
        title={text.deleteTitle}
        description={text.deleteHint}
        action={text.delete}
        isOpen={isDeleting && chosen !== undefined}
        onConfirm={() => chosen !== undefined && remove(chosen)}
        onClose={() => setDeleting(false)}
      />
      <Dialog title={text.keys} isOpen={showsKeys} onClose={() => setShowsKeys(false)}>
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 pb-4">
          {text.keyList.map(([keys, meaning]) => (
            <div key={keys} className="contents">
              <dt className="font-mono text-muted">{keys}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </div>
  );
}

function NoEvents({
  filter,
  onClear,
}: {
  readonly filter: EventFilter;
  readonly onClear: () => void;
}): ReactNode {
  const text = useText('events');
  if (eventFilterSearch(filter) === '')
    return (
      <EmptyState icon={Film} title={text.none}>
        {text.noneYet}
      </EmptyState>
    );
  const isUnseenOnly = eventFilterSearch({ ...filter, show: 'all' }) === '' && filter.show === 'unseen';
  return (
    <EmptyState
      icon={isUnseenOnly ? CheckCheck : Film}
      title={isUnseenOnly ? text.noneUnseen : text.none}
      action={<Button onClick={onClear}>{text.clearFilters}</Button>}
    >
      {isUnseenOnly ? undefined : text.noneMatch}
    </EmptyState>
  );
}
