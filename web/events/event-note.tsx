import { useState, type ReactNode, type RefObject } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { TextArea } from '../ui/text-field.tsx';

interface EventNoteProps {
  readonly note: EventSummaryJson['note'];
  /** What it is written in. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly format: Format;
  readonly mayChange: boolean;
  readonly onSave: (text: string) => Promise<void>;
}

/** What somebody has written about an event. Ctrl+Enter saves it, Escape leaves it. */
export function EventNote({ note, field, format, mayChange, onSave }: EventNoteProps): ReactNode {
  const text = useText('events');
  const [typed, setTyped] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const shown = typed ?? note?.text ?? '';
  const isChanged = shown.trim() !== (note?.text ?? '');
  const by = note === null ? undefined : text.noteBy(note.author, format.dateTime(note.atMs));
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await onSave(shown.trim());
      setTyped(undefined);
    } finally {
      setBusy(false);
    }
  };
  if (!mayChange) {
    if (note === null) return null;
    return (
      <p className="px-4 pb-6 wrap-anywhere whitespace-pre-line">
        {note.text} <span className="block text-[13px] text-faint">{by}</span>
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
        onChange={(change) => setTyped(change.target.value)}
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
