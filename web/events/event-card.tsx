import { ArchiveRestore, Film, Pin } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { useCauseText } from '../timeline/cause-text.ts';
import { Badge } from '../ui/badge.tsx';
import { classNames } from '../ui/class-names.ts';
import { thumbnailUrl } from './events-api.ts';
import { usePreview } from './use-preview.ts';

interface EventCardProps {
  readonly event: EventSummaryJson;
  readonly isChosen: boolean;
  readonly onOpen: () => void;
}

/** An event in the list: its picture, and more of its pictures while a pointer rests on it or it has the focus. */
export function EventCard({ event, isChosen, onOpen }: EventCardProps): ReactNode {
  const text = useText('events');
  const format = useFormat();
  const causeText = useCauseText();
  const [isPreviewed, setPreviewed] = useState(false);
  const preview = usePreview(event, isPreviewed && !event.isOpen);
  const { camera, triggerMs, startMs, endMs, isOpen, isKept, isSeen, causes, note } = event;
  return (
    <button
      type="button"
      id={`event-${triggerMs}-${camera}`}
      onClick={onOpen}
      onPointerEnter={({ pointerType }) => pointerType === 'mouse' && setPreviewed(true)}
      onPointerLeave={() => setPreviewed(false)}
      onFocus={() => setPreviewed(true)}
      onBlur={() => setPreviewed(false)}
      className={classNames(
        'group flex w-full flex-col overflow-hidden rounded-lg border bg-surface text-left transition-colors',
        isChosen ? 'border-accent ring-2 ring-accent' : 'border-line hover:border-control',
      )}
    >
      <span className="relative block aspect-video w-full overflow-hidden bg-picture">
        {/* Made anew when it has ended: at its beginning there may be no footage yet. */}
        <Thumbnail key={String(isOpen)} event={event} />
        {preview !== undefined && (
          <img src={preview} alt="" className="absolute inset-0 size-full object-contain" />
        )}
        {!isSeen && (
          <span
            aria-hidden="true"
            className="absolute top-2 left-2 size-2.5 rounded-full bg-accent ring-2 ring-black/60"
          />
        )}
        <span className="absolute right-1.5 bottom-1.5 rounded-sm bg-black/70 px-1.5 text-xs text-white tabular-nums">
          {isOpen ? text.goingOn : format.duration(endMs - startMs)}
        </span>
        {isKept && (
          <span
            className="absolute top-1.5 right-1.5 rounded-sm bg-black/70 p-1 text-white"
            title={text.kept}
          >
            <Pin className="size-3.5" aria-label={text.kept} />
          </span>
        )}
      </span>
      <span className="flex min-w-0 flex-col gap-1 px-2.5 py-2">
        <span className="flex items-baseline justify-between gap-2">
          <span className={classNames('truncate', isSeen ? 'text-muted' : 'font-medium')}>{camera}</span>
          <span className="shrink-0 text-muted tabular-nums">{format.timeWithSeconds(triggerMs)}</span>
        </span>
        <span className="flex min-w-0 flex-wrap gap-1">
          {causes.map((cause) => (
            <Badge key={cause} tone={cause === 'motion' ? 'warning' : 'neutral'}>
              {causeText(cause)}
            </Badge>
          ))}
          {event.zones.map((zone) => (
            <Badge key={zone}>{zone}</Badge>
          ))}
        </span>
        {note !== null && <span className="truncate text-xs text-muted">{note.text}</span>}
        {/* What the place in the list and the dot tell those who see them. */}
        <span className="sr-only">{`${format.day(triggerMs)}${isSeen ? '' : `, ${text.newEvent}`}`}</span>
      </span>
    </button>
  );
}

function Thumbnail({ event }: { readonly event: EventSummaryJson }): ReactNode {
  const [failed, setFailed] = useState(false);
  if (failed) {
    return (
      <span className="flex size-full items-center justify-center text-faint">
        {event.isOpen ? <Film className="size-7" /> : <ArchiveRestore className="size-7" />}
      </span>
    );
  }
  return (
    <img
      src={thumbnailUrl(event)}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setFailed(true)}
      className="size-full object-contain"
    />
  );
}
