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
import { Link } from 'wouter';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { useChanges } from '../api/changes.tsx';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { clipUrl, useEvent } from './events-api.ts';
import { EventFacts } from './event-facts.tsx';
import type { EventName } from './event-key.ts';
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
  readonly onNote: (text: string) => Promise<void>;
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
      <header className="flex min-h-12 shrink-0 items-center gap-1 pr-1 pl-4">
        <h2 className="min-w-0 grow truncate font-semibold">
          {eventKey.camera}
          <span className="ml-2 font-normal text-muted tabular-nums">
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
            key={event.triggerMs}
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
  const iconLink =
    'inline-flex size-9 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text pointer-coarse:size-11';
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
      <Link
        href={timelineLink(event)}
        aria-label={text.toTimeline}
        title={text.toTimeline}
        className={iconLink}
      >
        <ChartNoAxesGantt aria-hidden="true" className="size-[18px]" />
      </Link>
      <a
        href={clipUrl(event)}
        download=""
        aria-label={text.download}
        title={text.download}
        className={iconLink}
      >
        <Download aria-hidden="true" className="size-[18px]" />
      </a>
      {mayChange && (
        <Link href={exportLink(event)} aria-label={text.export} title={text.export} className={iconLink}>
          <Scissors aria-hidden="true" className="size-[18px]" />
        </Link>
      )}
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
