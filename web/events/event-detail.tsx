import {
  Bookmark,
  ChartNoAxesGantt,
  ChevronDown,
  ChevronUp,
  Download,
  Eye,
  EyeOff,
  Scissors,
  Trash2,
  X,
} from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { useChanges } from '../api/changes.tsx';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { IconLink } from '../ui/icon-link.tsx';
import { ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { clipUrl, useEvent } from './events-api.ts';
import { EventFacts } from './event-facts.tsx';
import { keyOf, type EventName } from './event-key.ts';
import { exportLink, timelineLink } from './event-links.ts';
import { EventNote } from './event-note.tsx';
import { EventPlayer, type EventPlayerHandle } from './event-player.tsx';

export interface EventDetailProps {
  readonly eventKey: EventName;
  /** As the list has it, which is quicker. */
  readonly listed: EventSummaryJson | undefined;
  readonly format: Format;
  readonly mayChange: boolean;
  readonly hasNewer: boolean;
  readonly hasOlder: boolean;
  /** For the keyboard. */
  readonly player: RefObject<EventPlayerHandle | null>;
  readonly noteField: RefObject<HTMLTextAreaElement | null>;
  readonly onGo: (by: 1 | -1) => void;
  readonly onSeen: (isSeen: boolean) => void;
  readonly onKeep: (isKept: boolean) => void;
  readonly onDelete: () => void;
  readonly onNote: (text: string) => Promise<boolean>;
  readonly onClose: () => void;
}

/** An event, played, and what is known of it. */
export function EventDetail(props: EventDetailProps): ReactNode {
  const { eventKey, listed, format, mayChange, onClose } = props;
  const text = useText('events');
  const query = useEvent(eventKey);
  const event = listed ?? query.data;
  useChanges((notice) => {
    if (notice.type === 'event' && notice.camera === eventKey.camera && event?.isOpen === true)
      void query.refetch();
  });
  return (
    <section
      aria-label={`${eventKey.camera}, ${format.dateTime(eventKey.triggerMs)}`}
      className="absolute inset-0 z-10 flex min-w-0 flex-col overflow-y-auto bg-ground lg:static lg:w-[56%] lg:shrink-0 lg:border-l lg:border-line"
    >
      <header className="flex min-h-12 shrink-0 items-center gap-1 py-1 pr-1 pl-4">
        <h2 className="flex min-w-0 grow flex-col font-semibold sm:flex-row sm:items-baseline sm:gap-2">
          <span className="truncate">{eventKey.camera}</span>
          <span className="shrink-0 truncate text-note font-normal text-muted tabular-nums">
            {format.dateTime(eventKey.triggerMs)}
          </span>
        </h2>
        <IconButton
          icon={ChevronUp}
          label={text.previous}
          side="bottom"
          disabled={!props.hasNewer}
          onClick={() => props.onGo(-1)}
        />
        <IconButton
          icon={ChevronDown}
          label={text.next}
          side="bottom"
          disabled={!props.hasOlder}
          onClick={() => props.onGo(1)}
        />
        <IconButton icon={X} label={text.close} side="left" onClick={onClose} />
      </header>
      {event === undefined && query.isError && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {event === undefined && !query.isError && (
        <Loading>
          <Skeleton className="mx-4 aspect-video" />
        </Loading>
      )}
      {event !== undefined && (
        <>
          <EventPlayer key={event.camera} event={event} format={format} handle={props.player}>
            <EventActions {...props} event={event} />
          </EventPlayer>
          <EventFacts event={event} detail={query.data?.detail} format={format} />
          <EventNote
            key={keyOf(event)}
            eventKey={keyOf(event)}
            field={props.noteField}
            note={event.note}
            format={format}
            mayChange={mayChange}
            onSave={props.onNote}
          />
        </>
      )}
    </section>
  );
}

function EventActions(props: EventDetailProps & { readonly event: EventSummaryJson }): ReactNode {
  const { event, mayChange, onSeen, onKeep, onDelete } = props;
  const text = useText('events');
  return (
    <>
      <IconButton
        icon={event.isSeen ? EyeOff : Eye}
        label={event.isSeen ? text.markUnseen : text.markSeen}
        onClick={() => onSeen(!event.isSeen)}
      />
      {mayChange && (
        <IconButton
          icon={Bookmark}
          label={event.isKept ? text.unkeep : text.keep}
          isPressed={event.isKept}
          onClick={() => onKeep(!event.isKept)}
        />
      )}
      <IconLink icon={ChartNoAxesGantt} label={text.toTimeline} href={timelineLink(event)} />
      <IconLink icon={Download} label={text.download} href={clipUrl(event)} isDownload />
      {mayChange && <IconLink icon={Scissors} label={text.export} href={exportLink(event)} />}
      {mayChange && (
        <IconButton
          icon={Trash2}
          label={text.delete}
          disabled={event.isKept || event.isOpen}
          onClick={onDelete}
        />
      )}
    </>
  );
}
