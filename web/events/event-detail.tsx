import {
  ChevronLeft,
  ChevronRight,
  Download,
  Pin,
  PinOff,
  Scissors,
  SquareStack,
  Trash2,
} from 'lucide-react';
import { useState, type ReactNode, type RefObject } from 'react';
import { useLocation } from 'wouter';
import type { EventAnswer, EventSummaryJson } from '../../src/http/api/events.ts';
import { useMay } from '../api/session.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { useCauseText } from '../timeline/cause-text.ts';
import { momentLink } from '../timeline/moment-link.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import { EventPlayer, type EventPlayerHandle } from './event-player.tsx';
import { clipUrl, useChangeEvents, useEvent } from './events-api.ts';
import { eventId } from './event-rows.ts';

interface EventDetailProps {
  readonly event: EventSummaryJson;
  readonly player: RefObject<EventPlayerHandle | null>;
  readonly onStep: (by: 1 | -1) => void;
  readonly onKeep: () => void;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

/** An event with its footage, why there is one, and what can be done with it. */
export function EventDetail(props: EventDetailProps): ReactNode {
  const { event, player, onStep, onKeep, onDelete, onClose } = props;
  const text = useText('events');
  const format = useFormat();
  const [, navigate] = useLocation();
  const mayChange = useMay('operator');
  const { camera, triggerMs, startMs, endMs, isKept } = event;
  const exportSearch = new URLSearchParams({ camera, from: String(startMs), to: String(endMs) });
  return (
    <Dialog
      title={`${camera}, ${format.dateTime(triggerMs)}`}
      isOpen
      onClose={onClose}
      size="wide"
      actions={
        <div className="flex w-full flex-wrap items-center gap-1">
          <IconButton icon={ChevronLeft} label={text.previous} onClick={() => onStep(-1)} />
          <IconButton icon={ChevronRight} label={text.next} onClick={() => onStep(1)} />
          <span className="grow" />
          <IconButton
            icon={SquareStack}
            label={text.toTimeline}
            onClick={() =>
              navigate(`/timeline${momentLink({ cameras: [camera], atMs: triggerMs, spanMs: 600_000 })}`)
            }
          />
          {mayChange && (
            <IconButton
              icon={Scissors}
              label={text.export}
              onClick={() => navigate(`/exports?${exportSearch.toString()}`)}
            />
          )}
          <a
            href={clipUrl(event)}
            download
            aria-label={text.download}
            title={text.download}
            className="inline-flex size-9 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text pointer-coarse:size-11"
          >
            <Download aria-hidden="true" className="size-[18px]" />
          </a>
          {mayChange && (
            <>
              <IconButton
                icon={isKept ? PinOff : Pin}
                label={isKept ? text.keepNoLonger : text.keep}
                isPressed={isKept}
                onClick={onKeep}
              />
              <IconButton
                icon={Trash2}
                label={text.delete}
                disabled={isKept || event.isOpen}
                onClick={onDelete}
              />
            </>
          )}
        </div>
      }
    >
      <div className="flex flex-col gap-4">
        <EventPlayer key={eventId(event)} event={event} handle={player} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Why event={event} />
          <Note key={eventId(event)} event={event} mayChange={mayChange} />
        </div>
      </div>
    </Dialog>
  );
}

function Why({ event }: { readonly event: EventSummaryJson }): ReactNode {
  const text = useText('events');
  const format = useFormat();
  const causeText = useCauseText();
  const { data } = useEvent(event);
  const sentences = [
    text.becauseOf(event.causes.map(causeText).join(', ')),
    ...(event.causes.includes('unwatched') ? [text.unwatched] : []),
    ...(event.zones.length > 0 ? [text.inZones(event.zones.join(', '))] : []),
    ...(data === undefined ? [] : scoreOf(data, text, format)),
    ...(event.isOpen ? [] : [text.lasted(format.duration(event.endMs - event.startMs))]),
  ];
  return (
    <section className="flex flex-col gap-1">
      <h3 className="font-medium">{text.why}</h3>
      {sentences.map((sentence) => (
        <p key={sentence} className="text-muted">
          {sentence}
        </p>
      ))}
    </section>
  );
}

function scoreOf(
  { score, peakScore, detail }: EventAnswer,
  text: ReturnType<typeof useText<'events'>>,
  format: ReturnType<typeof useFormat>,
): readonly string[] {
  const lastMotionMs = Date.parse(String(detail['lastMotion']));
  return [
    ...(score === null || peakScore === null
      ? []
      : [text.score(format.number(score), format.number(peakScore))]),
    ...(Number.isNaN(lastMotionMs) ? [] : [text.motionUntil(format.timeWithSeconds(lastMotionMs))]),
  ];
}

function Note({
  event,
  mayChange,
}: {
  readonly event: EventSummaryJson;
  readonly mayChange: boolean;
}): ReactNode {
  const text = useText('events');
  const format = useFormat();
  const toast = useToast();
  const change = useChangeEvents();
  const [written, setWritten] = useState<string>();
  const { note } = event;
  const shown = written ?? note?.text ?? '';
  const save = (): void =>
    change.mutate(
      { kind: 'note', event, text: shown },
      {
        onSuccess: () => {
          toast(text.noteSaved);
          setWritten(undefined);
        },
      },
    );
  if (!mayChange) {
    if (note === null) return null;
    return (
      <section>
        <h3 className="font-medium">{text.note}</h3>
        <p className="wrap-anywhere whitespace-pre-wrap text-muted">{note.text}</p>
      </section>
    );
  }
  return (
    <section className="flex flex-col gap-2">
      <TextArea
        label={text.note}
        hint={note === null ? text.noteHint : text.noteBy(note.author, format.dateTime(note.atMs))}
        value={shown}
        maxLength={2_000}
        onChange={({ target }) => setWritten(target.value)}
      />
      {written !== undefined && written !== (note?.text ?? '') && (
        <Button className="self-start" isBusy={change.isPending} onClick={save}>
          {text.saveNote}
        </Button>
      )}
    </section>
  );
}
