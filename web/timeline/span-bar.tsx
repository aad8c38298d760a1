import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import type { LocalTime } from './canvas/local-time.ts';
import type { Selection } from './canvas/selection.ts';
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
    <input
      type="time"
      step={1}
      aria-label={end === 'from' ? text.spanFrom : text.spanTo}
      value={localField(time, ms).slice(DATE_LETTERS)}
      onFocus={() => onLook(ms)}
      onChange={({ target }) => {
        const moved = momentOfField(time, localField(time, ms).slice(0, DATE_LETTERS) + target.value);
        if (moved !== undefined) onMove(end, moved);
      }}
      className="min-h-9 rounded-md border border-control bg-surface px-2 tabular-nums pointer-coarse:min-h-11"
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
