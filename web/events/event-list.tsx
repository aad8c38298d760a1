import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { useSize } from '../ui/use-size.ts';
import { EventCard } from './event-card.tsx';
import { eventId, eventRows } from './event-rows.ts';

interface EventListProps {
  readonly events: readonly EventSummaryJson[];
  readonly chosenId: string | undefined;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly onOpen: (event: EventSummaryJson) => void;
}

const CARD_WIDTH_PX = 260;
const GAP_PX = 12;
const DAY_HEIGHT_PX = 40;
/** What stands below a card's picture. */
const CARD_TEXT_PX = 68;
const ROWS_AHEAD = 4;

/** Events as cards, day by day; only those in sight are on the page. */
export function EventList({ events, chosenId, hasMore, onMore, onOpen }: EventListProps): ReactNode {
  const text = useText('events');
  const format = useFormat();
  const scroller = useRef<HTMLDivElement>(null);
  const { widthPx } = useSize(scroller) ?? { widthPx: 0 };
  const columns = Math.max(1, Math.floor((widthPx + GAP_PX) / (CARD_WIDTH_PX + GAP_PX)));
  const rows = useMemo(() => eventRows(events, columns), [events, columns]);
  const cardHeightPx = ((widthPx - (columns - 1) * GAP_PX) / columns) * (9 / 16) + CARD_TEXT_PX + GAP_PX;
  // oxlint-disable-next-line react/incompatible-library -- none of its functions is handed to what is memoized.
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'day' ? DAY_HEIGHT_PX : cardHeightPx),
    overscan: ROWS_AHEAD,
  });
  const shown = virtual.getVirtualItems();

  useEffect(() => virtual.measure(), [virtual, columns, cardHeightPx]);
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= rows.length - 1 - ROWS_AHEAD) onMore();
  }, [hasMore, lastShown, rows.length, onMore]);
  useEffect(() => {
    const index = rows.findIndex(
      (row) => row.kind === 'events' && row.events.some((event) => eventId(event) === chosenId),
    );
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
  }, [virtual, rows, chosenId]);

  return (
    <div ref={scroller} className="min-h-0 grow overflow-y-auto px-4 pb-4 sm:px-6">
      <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start, key }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              {row.kind === 'day' ? (
                <h2 className="flex h-10 items-end pb-2 font-medium text-muted">{format.day(row.dayMs)}</h2>
              ) : (
                <div
                  className="grid pb-3"
                  style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, gap: GAP_PX }}
                >
                  {row.events.map((event) => (
                    <EventCard
                      key={eventId(event)}
                      event={event}
                      isChosen={eventId(event) === chosenId}
                      onOpen={() => onOpen(event)}
                    />
                  ))}
                </div>
              )}
            </div>
          );
        })}
      </div>
      {hasMore && <p className="py-3 text-center text-muted">{text.loadMore}</p>}
    </div>
  );
}
