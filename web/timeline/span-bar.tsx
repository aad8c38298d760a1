import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import type { LocalTime } from './canvas/local-time.ts';
import { isInOrder, type Selection } from './canvas/selection.ts';
import { localField, momentOfField } from './local-field.ts';

interface SpanBarProps {
  readonly selection: Selection;
  readonly time: LocalTime;
  readonly format: Format;
  readonly onMove: (end: 'from' | 'to', ms: number) => void;
  /** Shows the picture at an end. */
  readonly onLook: (ms: number) => void;
  /** Undefined where it may not be exported. */
  readonly onExport: (() => void) | undefined;
  readonly onClear: () => void;
}

/** `2026-11-28T` */
const DATE_LETTERS = 11;

/** The marked span in writing: the times of its ends can be typed and stepped, and the picture is the one at the end that has the focus. */
export function SpanBar(props: SpanBarProps): ReactNode {
  const { selection, time, format, onMove, onLook, onExport, onClear } = props;
  const text = useText('timeline');
  const field = (end: 'from' | 'to', ms: number): ReactNode => (
    <EndField
      label={end === 'from' ? text.spanFrom : text.spanTo}
      ms={ms}
      time={time}
      isInOrder={(moved) => isInOrder(selection, end, moved)}
      onLook={onLook}
      onMove={(moved) => onMove(end, moved)}
    />
  );
  const [fromDay, toDay] = [format.day(selection.fromMs), format.day(selection.toMs)];
  return (
    <div
      role="group"
      aria-label={text.span}
      className="flex flex-wrap items-center justify-center gap-x-2 gap-y-1.5 border-t border-line bg-accent-soft px-3 py-1.5"
    >
      <span className="basis-full text-center text-muted sm:basis-auto">{fromDay}</span>
      {field('from', selection.fromMs)}
      <span aria-hidden="true">–</span>
      {toDay !== fromDay && <span className="text-muted">{toDay}</span>}
      {field('to', selection.toMs)}
      <span className="min-w-16 text-center tabular-nums" data-testid="span-length">
        {format.duration(selection.toMs - selection.fromMs)}
      </span>
      {onExport !== undefined && (
        <Button look="primary" onClick={onExport}>
          {text.exportSpan}
        </Button>
      )}
      <IconButton icon={X} label={text.clearSpan} onClick={onClear} />
    </div>
  );
}

interface EndFieldProps {
  readonly label: string;
  readonly ms: number;
  readonly time: LocalTime;
  /** Whether it can be moved there without moving the other end. */
  readonly isInOrder: (ms: number) => boolean;
  readonly onLook: (ms: number) => void;
  readonly onMove: (ms: number) => void;
}

/**
 * A half-typed time can lie beyond the other end, which would be pushed away: it counts when the field is left or Enter pressed,
 * others at once.
 */
function EndField(props: EndFieldProps): ReactNode {
  const { label, ms, time, onLook, onMove } = props;
  const [typed, setTyped] = useState<string>();
  const shown = localField(time, ms);
  const momentOf = (value: string): number | undefined =>
    momentOfField(time, shown.slice(0, DATE_LETTERS) + value);
  const finish = (): void => {
    const moved = typed === undefined ? undefined : momentOf(typed);
    setTyped(undefined);
    if (moved !== undefined) onMove(moved);
  };
  return (
    <input
      type="time"
      step={1}
      aria-label={label}
      value={typed ?? shown.slice(DATE_LETTERS)}
      onFocus={() => onLook(ms)}
      onBlur={finish}
      onKeyDown={({ key }) => key === 'Enter' && finish()}
      onChange={({ target }) => {
        const moved = momentOf(target.value);
        if (moved === undefined) return;
        const counts = props.isInOrder(moved);
        setTyped(counts ? undefined : target.value);
        if (counts) onMove(moved);
      }}
      className="min-h-9 rounded-md border border-control bg-surface px-2 tabular-nums pointer-coarse:min-h-11"
    />
  );
}
