import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, type ReactNode } from 'react';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import type { LocalTime } from '../timeline/canvas/local-time.ts';
import { Button } from '../ui/button.tsx';
import { useEnlargement } from '../ui/rem.ts';
import { MoreFailed } from '../ui/states.tsx';
import { useSize } from '../ui/use-size.ts';
import { cardSizes } from './card-sizes.ts';
import { EventCard, type CardActions } from './event-card.tsx';
import { eventOfKey, indexOfEvent, keyOf } from './event-key.ts';
import type { EventListState } from './event-list.ts';
import { layOutRows, rowOf } from './event-rows.ts';

const OVERSCAN = 2;
/** Further events are asked for when so many rows are left. */
const ROWS_AHEAD = 12;

export interface EventGridProps {
  readonly list: EventListState;
  readonly time: LocalTime;
  readonly format: Format;
  readonly nowMs: number;
  readonly current: string | undefined;
  /** Whether the current one takes the focus. */
  readonly takesFocus: boolean;
  readonly selected: ReadonlySet<string>;
  readonly hrefOf: (key: string) => string;
  readonly onOpen: (key: string) => void;
  readonly onSelect: (key: string, isRange: boolean) => void;
  readonly onEnd: () => void;
  readonly onColumns: (columns: number) => void;
  /** Whether the newest are in sight. */
  readonly onTop: (isAtTop: boolean) => void;
  /** There are newer ones than those of the list. */
  readonly hasNewer: boolean;
}

/** Events in rows by day. Only those in sight are there, however many there are. */
export function EventGrid(props: EventGridProps): ReactNode {
  const { list, time, format, nowMs, current, takesFocus, selected, hrefOf, onEnd, onColumns, onTop } = props;
  const actions = useSteady({ open: props.onOpen, select: props.onSelect });
  const { events, isWhole, isLoading, error } = list;
  const text = useText('events');
  const scroller = useRef<HTMLDivElement>(null);
  const widthPx = useSize(scroller)?.widthPx ?? 0;
  const { columns, rowPx, dayPx, gapPx, paddingPx } = cardSizes(widthPx, useEnlargement());
  const rows = useMemo(
    () => layOutRows(events, columns, (ms) => time.startOfDay(ms)),
    [events, columns, time],
  );
  // oxlint-disable-next-line react/incompatible-library -- none of its functions is handed to what is memoized.
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'day' ? dayPx : rowPx),
    overscan: OVERSCAN,
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowPx, rows]);
  useEffect(() => onColumns(columns), [onColumns, columns]);
  const isAtTop = (virtualizer.scrollOffset ?? 0) < rowPx;
  useEffect(() => onTop(isAtTop), [onTop, isAtTop]);
  useEffect(() => () => onTop(true), [onTop]);

  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? -1;
  const isNearEnd = widthPx > 0 && !isWhole && !isLoading && lastShown >= rows.length - ROWS_AHEAD;
  useEffect(() => {
    if (isNearEnd && error === undefined) onEnd();
  }, [isNearEnd, error, onEnd, events]);

  const currentIndex = useMemo(
    () => (current === undefined ? -1 : indexOfEvent(events, eventOfKey(current))),
    [events, current],
  );
  const currentRow = currentIndex < 0 ? -1 : rowOf(rows, currentIndex);
  useEffect(() => {
    if (currentRow >= 0) virtualizer.scrollToIndex(currentRow, { align: 'auto' });
    // Only when another one is current, or lies elsewhere.
  }, [virtualizer, current, currentRow]);

  const today = time.startOfDay(nowMs);
  const dayName = (dayMs: number): string => {
    if (dayMs === today) return text.today;
    return dayMs === time.startOfDay(today - 1) ? text.yesterday : format.day(dayMs);
  };

  return (
    <div
      ref={scroller}
      data-testid="events"
      className="min-h-0 grow overflow-y-auto contain-strict"
      tabIndex={-1}
    >
      {props.hasNewer && (
        <Button
          look="primary"
          className="sticky top-2 left-1/2 z-10 -mb-9 -translate-x-1/2 rounded-full shadow-raised"
          onClick={() => virtualizer.scrollToOffset(0)}
        >
          <ArrowUp aria-hidden="true" className="size-4" />
          {text.newer}
        </Button>
      )}
      <div className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const place = { transform: `translateY(${start}px)`, paddingInline: paddingPx };
          if (row.kind === 'day') {
            return (
              <h2
                key={index}
                className="absolute inset-x-0 top-0 flex h-10 items-end pb-1.5 font-semibold"
                style={place}
              >
                <span className="px-1">{dayName(row.dayMs)}</span>
              </h2>
            );
          }
          return (
            <div
              key={index}
              className="absolute inset-x-0 top-0 grid items-start contain-strict"
              style={{
                ...place,
                height: rowPx,
                gap: gapPx,
                gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              }}
            >
              {events.slice(row.first, row.first + row.count).map((event, i) => {
                const key = keyOf(event);
                return (
                  <EventCard
                    key={key}
                    event={event}
                    href={hrefOf(key)}
                    format={format}
                    isCurrent={key === current}
                    isTabStop={current === undefined ? row.first + i === 0 : key === current}
                    takesFocus={takesFocus && key === current}
                    isSelected={selected.has(key)}
                    actions={actions}
                  />
                );
              })}
            </div>
          );
        })}
      </div>
      {error !== undefined && events.length > 0 && <MoreFailed error={error} onRetry={onEnd} />}
    </div>
  );
}

/** The same object always, so that cards are drawn again only when something of their own has changed. */
function useSteady({ open, select }: CardActions): CardActions {
  const latest = useRef({ open, select });
  useEffect(() => {
    latest.current = { open, select };
  });
  return useMemo(
    () => ({
      open: (key) => latest.current.open(key),
      select: (key, isRange) => latest.current.select(key, isRange),
    }),
    [],
  );
}
