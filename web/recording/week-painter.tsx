import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { classNames } from '../ui/class-names.ts';
import { MODE_LOOK } from './mode-look.ts';
import {
  clockText,
  DAY_MINUTES,
  DAYS,
  paint,
  stretchesOfDay,
  type Mode,
  type PaintedArea,
  type Week,
} from './week.ts';

const SLOT_MINUTES = 30;
const SLOTS = DAY_MINUTES / SLOT_MINUTES;
const HOURS = [0, 6, 12, 18, 24];

/** Half an hour of a day of the week. */
interface Slot {
  readonly day: number;
  readonly slot: number;
}

interface WeekPainterProps {
  readonly week: Week;
  /** Where nothing else is painted. */
  readonly ownMode: Mode;
  /** What is painted; undefined takes away. */
  readonly brush: Mode | undefined;
  readonly disabled: boolean;
  readonly onPaint: (week: Week) => void;
}

/** The week, painted by dragging over it, or with arrow keys, Shift and Space. */
export function WeekPainter({ week, ownMode, brush, disabled, onPaint }: WeekPainterProps): ReactNode {
  const text = useText('recording');
  const grid = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<Slot>({ day: 0, slot: 16 });
  const [anchor, setAnchor] = useState<Slot>();
  const area = anchor === undefined ? undefined : areaOf(anchor, current);
  const shown = area === undefined ? week : paint(week, area, brush);
  const finish = (): void => {
    if (area !== undefined) onPaint(shown);
    setAnchor(undefined);
  };
  const go = (slot: Slot): void => {
    setCurrent(slot);
    grid.current?.querySelector<HTMLElement>(`[data-slot="${slot.day}-${slot.slot}"]`)?.focus();
  };
  const press = (event: PointerEvent): void => {
    const slot = slotAt(event.clientX, event.clientY);
    if (disabled || event.button !== 0 || slot === undefined) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setAnchor(slot);
    go(slot);
  };
  const drag = (event: PointerEvent): void => {
    const slot = anchor === undefined ? undefined : nearestSlot(event.currentTarget, event);
    if (slot !== undefined) setCurrent(slot);
  };
  const type = (event: KeyboardEvent): void => {
    const next = neighbour(current, event.key);
    if (next !== undefined) {
      event.preventDefault();
      if (!event.shiftKey) setAnchor(undefined);
      else if (!disabled) setAnchor(anchor ?? current);
      go(next);
    } else if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      if (disabled) return;
      if (area === undefined) onPaint(paint(week, areaOf(current, current), brush));
      else finish();
    } else if (event.key === 'Escape' && anchor !== undefined) {
      event.stopPropagation();
      setAnchor(undefined);
    }
  };
  return (
    <div className="select-none">
      <div
        ref={grid}
        role="grid"
        aria-label={text.week}
        aria-disabled={disabled || undefined}
        tabIndex={-1}
        className={classNames(
          'touch-pan-y overflow-hidden rounded-lg border border-line bg-surface',
          disabled ? 'opacity-55' : 'cursor-crosshair',
        )}
        onPointerDown={press}
        onPointerMove={drag}
        onPointerUp={finish}
        onPointerCancel={() => setAnchor(undefined)}
        onKeyDown={type}
        onFocus={({ target }) => setCurrent(slotOf(target) ?? current)}
      >
        {DAYS.map((name, day) => (
          <div key={name} role="row" className="flex border-line not-first:border-t">
            <div role="rowheader" className="w-11 shrink-0 self-center pl-2 text-note text-muted">
              {text.days[day]}
            </div>
            <div className="relative flex h-9 grow">
              {Array.from({ length: SLOTS }, (_, slot) => (
                <div
                  key={slot}
                  role="gridcell"
                  data-slot={`${day}-${slot}`}
                  tabIndex={current.day === day && current.slot === slot ? 0 : -1}
                  aria-selected={area !== undefined && isIn(area, day, slot)}
                  aria-label={`${text.dayNames[day] ?? name} ${timesOf(slot)}: ${text.modes[modeAt(shown, day, slot) ?? ownMode]}`}
                  className={classNames(
                    'relative grow border-line -outline-offset-2 focus-visible:z-10',
                    slot % 2 === 0 && slot > 0 && 'border-l',
                    slot % 12 === 0 && slot > 0 && 'border-l-control',
                  )}
                />
              ))}
              <Stretches week={shown} day={day} />
            </div>
          </div>
        ))}
      </div>
      <div aria-hidden="true" className="relative mt-1 ml-11 h-4 text-tiny text-faint tabular-nums">
        {HOURS.map((hour) => (
          <span
            key={hour}
            className={classNames(
              'absolute',
              hour === 24 ? '-translate-x-full' : hour > 0 && '-translate-x-1/2',
            )}
            style={{ left: `${(hour / 24) * 100}%` }}
          >
            {clockText(hour * 60)}
          </span>
        ))}
      </div>
      <p aria-live="polite" className="min-h-5 text-note text-faint">
        {area === undefined
          ? text.paintHint
          : text.painting(
              dayRange(area, text.dayNames),
              `${clockText(area.startMinute)}–${clockText(area.endMinute)}`,
              brush === undefined ? text.ownMode : text.modes[brush],
            )}
      </p>
    </div>
  );
}

function Stretches({ week, day }: { readonly week: Week; readonly day: number }): ReactNode {
  const text = useText('recording');
  return stretchesOfDay(week, day).map(({ startMinute, endMinute, mode }) => (
    <div
      key={startMinute}
      aria-hidden="true"
      className={classNames(
        'pointer-events-none absolute inset-y-0 overflow-hidden px-1 text-tiny leading-9 whitespace-nowrap text-text',
        MODE_LOOK[mode],
      )}
      style={{
        left: `${(startMinute / DAY_MINUTES) * 100}%`,
        width: `${((endMinute - startMinute) / DAY_MINUTES) * 100}%`,
      }}
    >
      {text.short[mode]}
    </div>
  ));
}

function slotAt(x: number, y: number): Slot | undefined {
  return document
    .elementsFromPoint(x, y)
    .map(slotOf)
    .find((slot) => slot !== undefined);
}

/** The slot at a pointer, or where it is beyond the week, the one beside it there: a quick drag ends at midnight, not before it. */
function nearestSlot(grid: Element, { clientX, clientY }: PointerEvent): Slot | undefined {
  const first = grid.querySelector('[data-slot]')?.getBoundingClientRect();
  const last = [...grid.querySelectorAll('[data-slot]')].at(-1)?.getBoundingClientRect();
  if (first === undefined || last === undefined) return undefined;
  const x = Math.min(Math.max(clientX, first.left + 1), last.right - 1);
  const y = Math.min(Math.max(clientY, first.top + 1), last.bottom - 1);
  return slotAt(x, y);
}

function slotOf(element: Element): Slot | undefined {
  const [day, slot] = element.getAttribute('data-slot')?.split('-').map(Number) ?? [];
  return day === undefined || slot === undefined ? undefined : { day, slot };
}

function neighbour({ day, slot }: Slot, key: string): Slot | undefined {
  switch (key) {
    case 'ArrowLeft':
      return { day, slot: Math.max(0, slot - 1) };
    case 'ArrowRight':
      return { day, slot: Math.min(SLOTS - 1, slot + 1) };
    case 'ArrowUp':
      return { day: Math.max(0, day - 1), slot };
    case 'ArrowDown':
      return { day: Math.min(DAYS.length - 1, day + 1), slot };
    case 'Home':
      return { day, slot: 0 };
    case 'End':
      return { day, slot: SLOTS - 1 };
    default:
      return undefined;
  }
}

function areaOf(a: Slot, b: Slot): PaintedArea {
  return {
    firstDay: Math.min(a.day, b.day),
    lastDay: Math.max(a.day, b.day),
    startMinute: Math.min(a.slot, b.slot) * SLOT_MINUTES,
    endMinute: (Math.max(a.slot, b.slot) + 1) * SLOT_MINUTES,
  };
}

function isIn(
  { firstDay, lastDay, startMinute, endMinute }: PaintedArea,
  day: number,
  slot: number,
): boolean {
  const minute = slot * SLOT_MINUTES;
  return day >= firstDay && day <= lastDay && minute >= startMinute && minute < endMinute;
}

function modeAt(week: Week, day: number, slot: number): Mode | undefined {
  return week[day * DAY_MINUTES + slot * SLOT_MINUTES];
}

function timesOf(slot: number): string {
  return `${clockText(slot * SLOT_MINUTES)}–${clockText((slot + 1) * SLOT_MINUTES)}`;
}

function dayRange({ firstDay, lastDay }: PaintedArea, names: readonly string[]): string {
  const [first = '', last = ''] = [names[firstDay], names[lastDay]];
  return firstDay === lastDay ? first : `${first} – ${last}`;
}
