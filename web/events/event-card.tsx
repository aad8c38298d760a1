import { Bookmark, Check, ImageOff, StickyNote, Volume2 } from 'lucide-react';
import { memo, useEffect, useRef, useState, type MouseEvent, type ReactNode } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { useCauseText } from '../timeline/cause-text.ts';
import { classNames } from '../ui/class-names.ts';
import { keyOf } from './event-key.ts';
import { thumbnailUrl } from './events-api.ts';
import { useAskingAgain } from './use-asking-again.ts';
import { usePreview } from './use-preview.ts';

/** What is done with the card of a key. */
export interface CardActions {
  readonly open: (key: string) => void;
  /** @param isRange from the one before to this one. */
  readonly select: (key: string, isRange: boolean) => void;
}

interface EventCardProps {
  readonly event: EventSummaryJson;
  /** Where the link leads. */
  readonly href: string;
  readonly format: Format;
  readonly isCurrent: boolean;
  /** Whether the Tab key comes here: of all cards one. */
  readonly isTabStop: boolean;
  /** The keyboard has brought it here: it takes the focus. */
  readonly takesFocus: boolean;
  readonly isSelected: boolean;
  readonly actions: CardActions;
}

const LONG_PRESS_MS = 350;
/** At its trigger somebody has only just come in. */
const COME_IN_MS = 2_000;

/** An event in the list: its picture, which moves while it is pointed at, and what is told of it in a line or two. */
export const EventCard = memo(function EventCard(props: EventCardProps): ReactNode {
  const { event, href, format, isCurrent, isTabStop, takesFocus, isSelected, actions } = props;
  const key = keyOf(event);
  const text = useText('events');
  const causeText = useCauseText();
  const link = useRef<HTMLAnchorElement>(null);
  const [isPointedAt, setPointedAt] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  const press = useLongPress(setPointedAt);

  useEffect(() => {
    if (takesFocus) link.current?.focus({ preventScroll: true });
  }, [takesFocus]);

  const what = [...event.causes.map(causeText), ...event.zones].join(' · ');
  const states = [
    event.isSeen ? undefined : text.unseen,
    event.isKept ? text.kept : undefined,
    event.isOpen ? text.goesOn : undefined,
  ].filter((state) => state !== undefined);
  const time = format.timeWithSeconds(event.triggerMs);
  const open = (click: MouseEvent): void => {
    if (click.ctrlKey || click.metaKey) return;
    click.preventDefault();
    if (press.wasLong()) return;
    if (click.shiftKey) actions.select(key, true);
    else actions.open(key);
  };

  return (
    <article
      data-event-key={key}
      data-unseen={!event.isSeen || undefined}
      className={classNames(
        'group relative min-w-0 rounded-lg p-1',
        isSelected ? 'bg-accent-soft' : isCurrent ? 'bg-hover' : undefined,
      )}
      onPointerEnter={(pointer) => pointer.pointerType === 'mouse' && setPointedAt(true)}
      onPointerLeave={() => setPointedAt(false)}
      {...press.handlers}
    >
      <a
        ref={link}
        href={href}
        aria-current={isCurrent || undefined}
        tabIndex={isTabStop ? 0 : -1}
        draggable={false}
        onClick={open}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
        className="block rounded-md after:absolute after:inset-0 after:rounded-lg"
      >
        <CardPicture
          event={event}
          isPlaying={isPointedAt || hasFocus}
          duration={format.duration(event.endMs - event.startMs)}
        />
        <span className="mt-1 flex items-center gap-1.5 px-0.5 text-note">
          <span className={classNames('tabular-nums', event.isSeen ? 'text-muted' : 'font-semibold')}>
            {time}
          </span>
          {event.causes.includes('loud') && (
            <Volume2 aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
          )}
          {event.isOpen && <span className="truncate text-xs text-recording">{text.goesOn}</span>}
          {event.note !== null && (
            <StickyNote aria-hidden="true" className="ml-auto size-3.5 shrink-0 text-faint" />
          )}
        </span>
        <span className="block truncate px-0.5 text-xs text-faint">{event.note?.text ?? what}</span>
        <span className="sr-only">{[format.day(event.triggerMs), ...states].join(', ')}</span>
      </a>
      <button
        type="button"
        role="checkbox"
        aria-checked={isSelected}
        aria-label={`${text.select}: ${event.camera}, ${time}`}
        tabIndex={-1}
        onClick={(click) => actions.select(key, click.shiftKey)}
        className={classNames(
          'absolute top-2.5 left-2.5 flex size-6 items-center justify-center pointer-coarse:top-0 pointer-coarse:left-0 pointer-coarse:size-11',
          isSelected
            ? 'text-on-accent'
            : 'text-transparent opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-80',
        )}
      >
        <span
          className={classNames(
            'flex size-6 items-center justify-center rounded-md border',
            isSelected ? 'border-accent bg-accent' : 'border-white/70 bg-black/55',
          )}
        >
          <Check aria-hidden="true" className="size-4" strokeWidth={3} />
        </span>
      </button>
    </article>
  );
});

interface CardPictureProps {
  readonly event: EventSummaryJson;
  readonly isPlaying: boolean;
  readonly duration: string;
}

function CardPicture({ event, isPlaying, duration }: CardPictureProps): ReactNode {
  const { isMissing, setMissing, tries } = useAskingAgain(event);
  const preview = usePreview(event, isPlaying && !isMissing && !event.isOpen);
  return (
    <span className="relative block aspect-video overflow-hidden rounded-md bg-picture">
      <img
        key={tries}
        src={preview ?? pictureUrl(event)}
        alt=""
        decoding="async"
        draggable={false}
        onLoad={() => setMissing(false)}
        onError={() => setMissing(true)}
        className="size-full object-cover"
      />
      {isMissing && (
        <ImageOff
          aria-hidden="true"
          className="absolute inset-0 m-auto size-6 text-white/40"
          strokeWidth={1.5}
        />
      )}
      {!event.isSeen && (
        <span className="absolute top-1.5 right-1.5 size-2.5 rounded-full bg-[#4cc3d9] ring-2 ring-black/60" />
      )}
      <span className="absolute inset-x-1.5 bottom-1.5 flex items-center gap-1 text-xs text-white">
        <span className="max-w-[60%] truncate rounded-sm bg-black/60 px-1.5 py-0.5">{event.camera}</span>
        <span className="ml-auto flex items-center gap-1 rounded-sm bg-black/60 px-1.5 py-0.5 tabular-nums">
          {event.isKept && <Bookmark aria-hidden="true" className="size-3.5 fill-current" />}
          {duration}
        </span>
      </span>
    </span>
  );
}

/** Which picture shows most is known when it has ended: until then one of a little after its beginning. */
function pictureUrl(event: EventSummaryJson): string {
  const { isOpen, triggerMs, endMs } = event;
  return thumbnailUrl(event, isOpen ? Math.min(triggerMs + COME_IN_MS, endMs) : undefined);
}

/** A finger held on a card shows its preview; the click that follows opens nothing. */
function useLongPress(onChange: (isHeld: boolean) => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isLong = useRef(false);
  const end = (): void => {
    clearTimeout(timer.current);
    if (isLong.current) onChange(false);
  };
  return {
    wasLong: (): boolean => isLong.current,
    handlers: {
      onPointerDown: (pointer: { readonly pointerType: string }): void => {
        isLong.current = false;
        if (pointer.pointerType !== 'touch') return;
        timer.current = setTimeout(() => {
          isLong.current = true;
          onChange(true);
        }, LONG_PRESS_MS);
      },
      onPointerUp: end,
      onPointerCancel: end,
      onContextMenu: (menu: { preventDefault(): void }): void => {
        if (isLong.current) menu.preventDefault();
      },
    },
  };
}
