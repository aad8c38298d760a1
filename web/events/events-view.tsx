import { CheckCheck, Film, Keyboard } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useLocation, useRoute, useSearch } from 'wouter';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { useMay } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { LocalTime } from '../timeline/canvas/local-time.ts';
import { useMomentFormat } from '../timeline/moment-format.ts';
import type { Place } from '../timeline/timeline-api.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { EmptyState, ErrorState } from '../ui/states.tsx';
import { usePageKeys } from '../ui/use-page-keys.ts';
import { eventCommandOf, type EventCommand } from './event-command.ts';
import { EventDetail } from './event-detail.tsx';
import { filterSearch, isFiltered, parseFilter, type EventFilter } from './event-filter.ts';
import { EventGrid } from './event-grid.tsx';
import { eventOfKey, indexOfEvent, keyOf, pathOf, type EventName } from './event-key.ts';
import { EventKeys } from './event-keys.tsx';
import type { EventPlayerHandle } from './event-player.tsx';
import { timelineLink } from './event-links.ts';
import { clipUrl, useEvent } from './events-api.ts';
import { FilterBar } from './filter-bar.tsx';
import { LoadingEvents } from './loading-events.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useEventActions } from './use-event-actions.ts';
import { useEventList } from './use-event-list.ts';
import { useSelection } from './use-selection.ts';

const CAUSES = ['motion', 'schedule', 'manual', 'unwatched'];
/** Among so many of the newest events are the causes and zones that can be chosen. */
const LOOKED_THROUGH = 1_000;

/** The list of events, and beside it the one that is looked at. */
export function EventsView({ place }: { readonly place: Place }): ReactNode {
  const text = useText('events');
  const ui = useText('ui');
  const [, navigate] = useLocation();
  const search = useSearch();
  const [, params] = useRoute('/events/:camera/:trigger');
  const format = useMomentFormat(place.timeZone);
  const time = useMemo(() => new LocalTime(place.timeZone), [place.timeZone]);
  const filter = useMemo(() => parseFilter(search), [search]);
  const mayChange = useMay('operator');
  const [isAtTop, setAtTop] = useState(true);
  const { list, state, hasNewer, loadMore } = useEventList(filter, { time, isHeld: !isAtTop });
  const { events } = state;
  const { setSeen, setKept, remove, setNote, setAllSeen } = useEventActions(list);
  const selection = useSelection(events);

  const opened = openedOf(params);
  const openedKey = opened && keyOf(opened);
  const [cursor, setCursor] = useState<string>();
  const [takesFocus, setTakesFocus] = useState(false);
  const [deleting, setDeleting] = useState<ReadonlySet<string>>();
  const [isAllSeenAsked, setAllSeenAsked] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const nowMs = useMinute() + place.aheadMs;
  const columns = useRef(1);
  const player = useRef<EventPlayerHandle>(null);
  const noteField = useRef<HTMLTextAreaElement>(null);

  const current = openedKey ?? cursor;
  const currentIndex = current === undefined ? -1 : indexOfEvent(events, eventOfKey(current));
  // An address may lead to one that is not loaded, or that the filter does not let through.
  const { data: addressed } = useEvent(opened);
  const currentEvent = events[currentIndex] ?? addressed;
  const openedEvent = opened === undefined ? undefined : currentEvent;

  const query = filterSearch(filter);
  const hrefOf = (key: string): string => `events/${pathOf(eventOfKey(key))}${query}`;
  const open = (key: string, isReplacing = openedKey !== undefined): void => {
    setCursor(key);
    navigate(`/${hrefOf(key)}`, { replace: isReplacing });
  };
  const close = (): void => {
    setTakesFocus(true);
    navigate(`/events${query}`);
  };
  const setFilter = (changed: EventFilter): void => {
    selection.clear();
    const shown = opened === undefined ? '' : `/${pathOf(opened)}`;
    navigate(`/events${shown}${filterSearch(changed)}`, { replace: true });
  };
  useSeeing(openedEvent, setSeen);

  const goTo = (event: EventName | undefined): void => {
    if (event === undefined) return;
    setTakesFocus(true);
    if (openedKey === undefined) setCursor(keyOf(event));
    else open(keyOf(event));
  };
  const go = (by: number): void =>
    goTo(events[currentIndex < 0 ? 0 : Math.min(events.length - 1, Math.max(0, currentIndex + by))]);

  /** What a key changes: those selected, else the current one. */
  const chosen = (): readonly EventSummaryJson[] => {
    if (selection.keys.size > 0) return events.filter((event) => selection.keys.has(keyOf(event)));
    return currentEvent === undefined ? [] : [currentEvent];
  };
  const seeChosen = (): void => {
    const found = chosen();
    void setSeen(found, !found.every(({ isSeen }) => isSeen));
    if (selection.keys.size === 0) go(1);
  };
  const keepChosen = (): void => {
    const found = chosen();
    if (mayChange) void setKept(found, !found.every(({ isKept }) => isKept));
  };
  const askToDelete = (found: readonly EventName[]): void => {
    if (mayChange && found.length > 0) setDeleting(new Set(found.map(keyOf)));
  };
  const confirmDelete = (): void => {
    const keys = deleting ?? new Set<string>();
    setDeleting(undefined);
    // The one that follows is looked at next.
    const next = [
      ...events.slice(currentIndex + 1),
      ...events.slice(0, Math.max(0, currentIndex)).toReversed(),
    ].find((event) => !keys.has(keyOf(event)));
    void remove([...keys].map(eventOfKey), (gone) => {
      selection.drop(gone);
      if (current === undefined || !gone.has(current)) return;
      if (next !== undefined) goTo(next);
      else if (openedKey !== undefined) close();
    });
  };
  const [newest] = events;
  const confirmAllSeen = (): void => {
    setAllSeenAsked(false);
    if (newest !== undefined) void setAllSeen(newest.triggerMs + 1);
  };

  const onCommand = (command: EventCommand): void => {
    switch (command.kind) {
      case 'go':
        return go(command.by);
      case 'row':
        return go(command.by * (openedKey === undefined ? columns.current : 1));
      case 'first':
        return goTo(newest);
      case 'last':
        return void list.loadAll().then(goTo);
      case 'open':
        return current === undefined ? go(0) : open(current);
      case 'play':
        if (openedKey !== undefined) return player.current?.toggle();
        return current === undefined ? go(0) : open(current);
      case 'seen':
        return seeChosen();
      case 'keep':
        return keepChosen();
      case 'delete':
        return askToDelete(chosen());
      case 'select':
        return current === undefined ? undefined : selection.toggle(current, false);
      case 'note':
        return noteField.current?.focus();
      case 'all-seen':
        return setAllSeenAsked(newest !== undefined);
      case 'download':
        return current === undefined ? undefined : location.assign(clipUrl(eventOfKey(current)));
      case 'timeline':
        return currentEvent === undefined ? undefined : navigate(timelineLink(currentEvent));
      case 'escape':
        if (selection.keys.size > 0) return selection.clear();
        return openedKey === undefined ? undefined : close();
      case 'help':
        return setHelpOpen(true);
    }
  };
  usePageKeys(eventCommandOf, onCommand);

  const { causes, zones } = useMemo(() => labelsOf(events.slice(0, LOOKED_THROUGH)), [events]);
  const keepColumns = useCallback((count: number) => {
    columns.current = count;
  }, []);
  const isEmpty = events.length === 0;

  return (
    <div className="relative flex h-full flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 border-b border-line px-4 py-1.5">
        <h1 className="text-lg font-semibold">{text.title}</h1>
        <FilterBar
          filter={filter}
          cameras={place.cameras}
          causes={causes}
          zones={zones}
          onChange={setFilter}
          className="order-last -mx-4 basis-full px-4 sm:order-none sm:mx-0 sm:grow sm:basis-0 sm:px-0"
        />
        {state.isLoading && events.length > 0 && (
          <span className="text-note text-faint tabular-nums">
            {text.loaded(format.number(events.length))}
          </span>
        )}
        <span className="ml-auto flex items-center">
          <Button look="quiet" disabled={isEmpty} onClick={() => setAllSeenAsked(true)}>
            <CheckCheck aria-hidden="true" className="size-4" />
            {text.allSeen}
          </Button>
          <span className="hidden pointer-fine:block">
            <IconButton icon={Keyboard} label={ui.keys} side="bottom" onClick={() => setHelpOpen(true)} />
          </span>
        </span>
      </header>
      {selection.keys.size > 0 && (
        <SelectionBar
          count={selection.keys.size}
          mayChange={mayChange}
          onAll={selection.selectAll}
          onSeen={() => void setSeen(chosen(), true)}
          onKeep={(isKept) => void setKept(chosen(), isKept)}
          onDelete={() => askToDelete(chosen())}
          onClear={selection.clear}
        />
      )}
      <div className="flex min-h-0 grow lg:relative">
        <div className="flex min-h-0 min-w-0 grow flex-col">
          {isEmpty && state.error !== undefined && <ErrorState error={state.error} onRetry={loadMore} />}
          {isEmpty && state.error === undefined && !state.isWhole && <LoadingEvents />}
          {isEmpty && state.isWhole && (
            <NoEvents filter={filter} onClear={() => setFilter(parseFilter(''))} />
          )}
          {!isEmpty && (
            <EventGrid
              list={state}
              time={time}
              format={format}
              nowMs={nowMs}
              current={current}
              takesFocus={takesFocus && deleting === undefined}
              selected={selection.keys}
              hrefOf={hrefOf}
              onOpen={(key) => {
                setTakesFocus(false);
                open(key);
              }}
              onSelect={selection.toggle}
              onEnd={loadMore}
              onColumns={keepColumns}
              onTop={setAtTop}
              hasNewer={hasNewer}
            />
          )}
        </div>
        {opened !== undefined && (
          <EventDetail
            eventKey={opened}
            listed={openedEvent}
            format={format}
            mayChange={mayChange}
            hasNewer={currentIndex > 0}
            hasOlder={currentIndex >= 0 && currentIndex < events.length - 1}
            player={player}
            noteField={noteField}
            onGo={go}
            onSeen={(isSeen) => void setSeen([opened], isSeen)}
            onKeep={(isKept) => void setKept([opened], isKept)}
            onDelete={() => askToDelete([opened])}
            onNote={(note) => setNote(opened, note)}
            onClose={close}
          />
        )}
      </div>
      <ConfirmDialog
        title={text.deleteTitle(deleting?.size ?? 1)}
        description={text.deleteHint}
        action={text.delete}
        isOpen={deleting !== undefined}
        onConfirm={confirmDelete}
        onClose={() => setDeleting(undefined)}
      />
      <ConfirmDialog
        title={text.allSeenTitle}
        description={text.allSeenHint}
        action={text.allSeen}
        isOpen={isAllSeenAsked}
        onConfirm={confirmAllSeen}
        onClose={() => setAllSeenAsked(false)}
      />
      <EventKeys isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

interface NoEventsProps {
  readonly filter: EventFilter;
  readonly onClear: () => void;
}

function NoEvents({ filter, onClear }: NoEventsProps): ReactNode {
  const text = useText('events');
  if (!isFiltered(filter)) {
    return (
      <EmptyState icon={Film} title={text.none}>
        {text.noneHint}
      </EmptyState>
    );
  }
  const areAllSeen = filter.show === 'unseen' && !isFiltered({ ...filter, show: 'all' });
  return (
    <EmptyState
      icon={areAllSeen ? CheckCheck : Film}
      title={areAllSeen ? text.noneUnseen : text.noneFound}
      action={<Button onClick={onClear}>{text.clearFilter}</Button>}
    />
  );
}

/** What time it is, to a minute. */
function useMinute(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

/** What is looked at is seen; marked as unseen by hand then, it stays so. */
function useSeeing(
  event: EventSummaryJson | undefined,
  setSeen: (events: readonly EventName[], isSeen: boolean) => Promise<void>,
): void {
  const key = event && keyOf(event);
  const isSeen = event?.isSeen ?? true;
  const latest = useRef({ isSeen, setSeen });
  useEffect(() => {
    latest.current = { isSeen, setSeen };
  });
  useEffect(() => {
    if (key !== undefined && !latest.current.isSeen) void latest.current.setSeen([eventOfKey(key)], true);
  }, [key]);
}

function openedOf(params: Readonly<Record<string, string | undefined>> | null): EventName | undefined {
  const triggerMs = Number(params?.trigger);
  const camera = params?.camera;
  return camera !== undefined && Number.isSafeInteger(triggerMs) ? { camera, triggerMs } : undefined;
}

/** What can be chosen: the usual causes, and what there is beside them. */
function labelsOf(events: readonly EventSummaryJson[]) {
  return {
    causes: [...new Set([...CAUSES, ...events.flatMap(({ causes }) => causes)])],
    zones: [...new Set(events.flatMap(({ zones }) => zones))].toSorted(),
  };
}
