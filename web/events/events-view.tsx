import { CheckCheck, Keyboard } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { useMay } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { LocalTime } from '../timeline/canvas/local-time.ts';
import { useMomentFormat } from '../timeline/moment-format.ts';
import type { Place } from '../timeline/timeline-api.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { ErrorState } from '../ui/states.tsx';
import { usePageKeys } from '../ui/use-page-keys.ts';
import { eventCommandOf, type EventCommand } from './event-command.ts';
import { EventDetail } from './event-detail.tsx';
import { filterSearch, parseFilter, type EventFilter } from './event-filter.ts';
import { EventGrid } from './event-grid.tsx';
import { eventOfKey, pathOf } from './event-key.ts';
import { EventKeys } from './event-keys.tsx';
import type { EventPlayerHandle } from './event-player.tsx';
import { timelineLink } from './event-links.ts';
import { clipUrl } from './events-api.ts';
import { FilterBar } from './filter-bar.tsx';
import { LoadingEvents } from './loading-events.tsx';
import { NoEvents } from './no-events.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useChosenEvents } from './use-chosen-events.ts';
import { useCurrentEvent } from './use-current-event.ts';
import { useEventActions } from './use-event-actions.ts';
import { useEventList } from './use-event-list.ts';
import { useSeeing } from './use-seeing.ts';
import { useSelection } from './use-selection.ts';

const CAUSES = ['motion', 'loud', 'schedule', 'manual', 'unwatched'];
/** Among so many of the newest events are the causes and zones that can be chosen. */
const LOOKED_THROUGH = 1_000;

/** The list of events, and beside it the one that is looked at. */
export function EventsView({ place }: { readonly place: Place }): ReactNode {
  const text = useText('events');
  const ui = useText('ui');
  const [, navigate] = useLocation();
  const search = useSearch();
  const format = useMomentFormat(place.timeZone);
  const time = useMemo(() => new LocalTime(place.timeZone), [place.timeZone]);
  const filter = useMemo(() => parseFilter(search), [search]);
  const mayChange = useMay('operator');
  const [isAtTop, setAtTop] = useState(true);
  const { list, state, hasNewer, loadMore } = useEventList(filter, { time, isHeld: !isAtTop });
  const { events } = state;
  const [newest] = events;
  const actions = useEventActions(list);
  const { setSeen, setKept, setNote, setAllSeen } = actions;
  const selection = useSelection(events);
  const current = useCurrentEvent(events, filter);
  const { opened, go } = current;
  const openedEvent = opened && current.event;
  const chosen = useChosenEvents({ events, current, selection, actions, mayChange });
  const { askToDelete } = chosen;
  const [isAllSeenAsked, setAllSeenAsked] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const nowMs = useMinute() + place.aheadMs;
  const columns = useRef(1);
  const player = useRef<EventPlayerHandle>(null);
  const noteField = useRef<HTMLTextAreaElement>(null);
  useSeeing(openedEvent, setSeen);

  const setFilter = (changed: EventFilter): void => {
    selection.clear();
    const shown = opened === undefined ? '' : `/${pathOf(opened)}`;
    navigate(`/events${shown}${filterSearch(changed)}`, { replace: true });
  };
  const confirmAllSeen = (): void => {
    setAllSeenAsked(false);
    if (newest !== undefined) void setAllSeen(newest.triggerMs + 1);
  };
  const openCurrent = (): void => (current.key === undefined ? go(0) : current.open(current.key));

  const onCommand = (command: EventCommand): void => {
    switch (command.kind) {
      case 'go':
        return go(command.by);
      case 'row':
        return go(command.by * (opened === undefined ? columns.current : 1));
      case 'first':
        return current.goTo(newest);
      case 'last':
        return void list.loadAll().then(current.goTo);
      case 'open':
        return openCurrent();
      case 'play':
        return opened === undefined ? openCurrent() : player.current?.toggle();
      case 'seen':
        return chosen.see();
      case 'keep':
        return chosen.keep();
      case 'delete':
        return askToDelete(chosen.all());
      case 'select':
        return current.key === undefined ? undefined : selection.toggle(current.key, false);
      case 'note':
        return noteField.current?.focus();
      case 'all-seen':
        return setAllSeenAsked(newest !== undefined);
      case 'download':
        return current.key === undefined ? undefined : location.assign(clipUrl(eventOfKey(current.key)));
      case 'timeline':
        return current.event === undefined ? undefined : navigate(timelineLink(current.event));
      case 'escape':
        if (selection.keys.size > 0) return selection.clear();
        return opened === undefined ? undefined : current.close();
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
          className="order-last -mx-4 grow basis-full px-4 sm:order-none sm:mx-0 sm:basis-0 sm:px-0"
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
          onSeen={() => void setSeen(chosen.all(), true)}
          onKeep={(isKept) => void setKept(chosen.all(), isKept)}
          onDelete={() => askToDelete(chosen.all())}
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
              current={current.key}
              takesFocus={current.takesFocus && chosen.asked === undefined}
              selected={selection.keys}
              hrefOf={current.hrefOf}
              onOpen={current.press}
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
            hasNewer={current.index > 0}
            hasOlder={current.index >= 0 && current.index < events.length - 1}
            player={player}
            noteField={noteField}
            onGo={go}
            onSeen={(isSeen) => void setSeen([opened], isSeen)}
            onKeep={(isKept) => void setKept([opened], isKept)}
            onDelete={() => askToDelete([opened])}
            onNote={(note) => setNote(opened, note)}
            onClose={current.close}
          />
        )}
      </div>
      <ConfirmDialog
        title={text.deleteTitle(chosen.asked ?? 1)}
        description={text.deleteHint}
        action={text.delete}
        isOpen={chosen.asked !== undefined}
        onConfirm={chosen.delete}
        onClose={chosen.cancel}
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

/** What time it is, to a minute. */
function useMinute(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

/** What can be chosen: the usual causes, and what there is beside them. */
function labelsOf(events: readonly EventSummaryJson[]) {
  return {
    causes: [...new Set([...CAUSES, ...events.flatMap(({ causes }) => causes)])],
    zones: [...new Set(events.flatMap(({ zones }) => zones))].toSorted(),
  };
}
