import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import type { LocalTime } from './canvas/local-time.ts';
import { localField, momentOfField } from './local-field.ts';
import type { PlaybackSession } from './playback-session.ts';

interface MomentFieldProps {
  readonly session: PlaybackSession;
  readonly time: LocalTime;
  readonly format: Format;
  readonly onSeek: (ms: number) => void;
}

const SHOWN_EVERY_MS = 200;

/** The moment shown; pressed, a field to go to another one. Its times are those of the place where the cameras are. */
export function MomentField({ session, time, format, onSeek }: MomentFieldProps): ReactNode {
  const text = useText('timeline');
  const [nowMs, setNowMs] = useState(session.nowMs);
  const [isEditing, setEditing] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const timer = setInterval(() => setNowMs(Math.floor(session.nowMs / 1_000) * 1_000), SHOWN_EVERY_MS);
    return () => clearInterval(timer);
  }, [session]);
  useEffect(() => {
    if (isEditing) field.current?.focus();
  }, [isEditing]);

  const goTo = (value: string): void => {
    const ms = momentOfField(time, value);
    if (ms !== undefined) onSeek(ms);
    setEditing(false);
  };

  if (!isEditing) {
    return (
      <button
        type="button"
        title={text.goToTime}
        onClick={() => setEditing(true)}
        className="min-h-9 rounded-md px-2 text-left leading-tight whitespace-nowrap tabular-nums hover:bg-hover"
      >
        <span className="block font-medium" data-testid="moment">
          {format.timeWithSeconds(nowMs)}
        </span>
        <span className="block text-tiny text-faint">{format.day(nowMs)}</span>
      </button>
    );
  }
  return (
    <input
      ref={field}
      type="datetime-local"
      step={1}
      aria-label={text.goToTime}
      defaultValue={localField(time, nowMs)}
      onBlur={({ target }) => goTo(target.value)}
      onKeyDown={({ key, currentTarget }) => {
        // Chromium submits no form that has such a field and no button.
        if (key === 'Enter') goTo(currentTarget.value);
        if (key === 'Escape') setEditing(false);
      }}
      className="min-h-9 rounded-md border border-control bg-ground px-2"
    />
  );
}
