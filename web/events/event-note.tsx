import { useState, type ReactNode, type RefObject } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { useSession } from '../api/session.ts';
import { readStored, store } from '../preferences/storage.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { TextArea } from '../ui/text-field.tsx';

interface EventNoteProps {
  /** Of the event, as `keyOf` writes it; the same as long as the component lives. */
  readonly eventKey: string;
  readonly note: EventSummaryJson['note'];
  /** What it is written in. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly format: Format;
  readonly mayChange: boolean;
  /** @returns whether it was saved. */
  readonly onSave: (text: string) => Promise<boolean>;
}

/**
 * What somebody has written about an event. Ctrl+Enter saves it, Escape leaves it. What is not saved stays in the tab, also where
 * another event is looked at meanwhile, or the session ends.
 */
export function EventNote(props: EventNoteProps): ReactNode {
  const { eventKey, note, field, format, mayChange, onSave } = props;
  const text = useText('events');
  const draft = `note.${useSession().user.name}.${eventKey}`;
  const [typed, setTyped] = useState(() => readStored('sessionStorage', draft));
  const [isBusy, setBusy] = useState(false);
  const shown = typed ?? note?.text ?? '';
  const isChanged = shown.trim() !== (note?.text ?? '');
  const by = note === null ? undefined : text.noteBy(note.author, format.dateTime(note.atMs));
  const type = (written: string): void => {
    setTyped(written);
    const isSaved = written.trim() === (note?.text ?? '');
    store('sessionStorage', draft, isSaved ? undefined : written);
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    const isSaved = await onSave(shown.trim());
    // What was typed meanwhile stays.
    if (isSaved) {
      setTyped((now) => (now === typed ? undefined : now));
      if (readStored('sessionStorage', draft) === typed) store('sessionStorage', draft, undefined);
    }
    setBusy(false);
  };
  if (!mayChange) {
    if (note === null) return null;
    return (
      <p className="px-4 pb-6 wrap-anywhere whitespace-pre-line">
        {note.text} <span className="block text-note text-faint">{by}</span>
      </p>
    );
  }
  return (
    <form
      className="flex flex-col gap-2 px-4 pb-6"
      onSubmit={(submit) => {
        submit.preventDefault();
        void save();
      }}
    >
      <TextArea
        label={text.note}
        hint={by}
        rows={2}
        maxLength={2_000}
        placeholder={text.noteHint}
        ref={field}
        value={shown}
        onChange={(change) => type(change.target.value)}
        onKeyDown={(key) => {
          if (key.key === 'Escape') key.currentTarget.blur();
          if (key.key === 'Enter' && (key.ctrlKey || key.metaKey) && isChanged) void save();
        }}
      />
      {isChanged && (
        <Button type="submit" look="primary" isBusy={isBusy} className="self-end">
          {text.save}
        </Button>
      )}
    </form>
  );
}
