import { Move } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useFormat, useText } from '../../text/text-provider.tsx';
import { classNames } from '../../ui/class-names.ts';
import {
  edgeMiddle,
  LEAST_CORNERS,
  movedArea,
  movedCorner,
  withCorner,
  withoutCorner,
  type Area,
  type Corner,
} from './areas.ts';

interface AreaHandlesProps {
  readonly area: Area;
  readonly label: string;
  /** The corner that was pressed or focused last. */
  readonly corner: number | undefined;
  readonly onCorner: (corner: number | undefined) => void;
  /** @param gesture the same for all changes that are taken back at once. */
  readonly onChange: (area: Area, gesture: string | undefined) => void;
  readonly onSettled: () => void;
}

const STEP = 0.01;
const LONG_STEP = 0.05;
const ARROWS: Readonly<Record<string, Corner>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
/** Shorter edges, in parts of the picture, have no room for a handle in their middle. */
const SHORT_EDGE = 0.12;

/** What an area is drawn by: its corners, the middles of its edges, and its middle, by pointer and by keys. */
export function AreaHandles(props: AreaHandlesProps): ReactNode {
  const { area, label, corner, onCorner, onChange, onSettled } = props;
  const text = useText('motion');
  const format = useFormat();
  const keysId = useId();
  const startAt = useRef<Corner>({ x: 0, y: 0 });
  /** The edge whose middle was dragged last: from the first move on, that is the corner behind the edge's first one. */
  const [drawn, setDrawn] = useState<number>();

  /** Where in the picture, which is what handles are positioned in. */
  const placeOf = (event: PointerEvent<HTMLElement>): Corner => {
    const box = event.currentTarget.offsetParent?.getBoundingClientRect();
    if (box === undefined) return { x: 0, y: 0 };
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const grab = (event: PointerEvent<HTMLElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    startAt.current = placeOf(event);
  };
  const isGrabbed = (event: PointerEvent<HTMLElement>): boolean =>
    event.currentTarget.hasPointerCapture(event.pointerId);
  /** By an arrow key. */
  const stepOf = (event: KeyboardEvent): Corner | undefined => {
    const arrow = ARROWS[event.key];
    if (arrow === undefined) return undefined;
    event.preventDefault();
    const step = event.shiftKey ? LONG_STEP : STEP;
    return { x: arrow.x * step, y: arrow.y * step };
  };
  const removeCorner = (at: number): void => {
    if (area.corners.length <= LEAST_CORNERS) return;
    onChange(withoutCorner(area, at), undefined);
    onCorner(Math.max(0, at - 1));
  };
  const addCorner = (at: number): void => {
    onChange(withCorner(area, at), undefined);
    onCorner(at + 1);
  };
  const drawCorner = (at: number, place: Corner): void => {
    const { x, y } = startAt.current;
    const isDrawn = drawn === at;
    // A finger that presses moves a little.
    if (!isDrawn && Math.hypot(place.x - x, place.y - y) < STEP) return;
    setDrawn(at);
    onCorner(at + 1);
    const changed = isDrawn ? movedCorner(area, at + 1, place) : withCorner(area, at, place);
    onChange(changed, `corner ${area.id} ${at + 1}`);
  };

  const middle = middleOf(area);
  return (
    <>
      <span id={keysId} hidden>
        {text.cornerKeys}
      </span>
      <button
        type="button"
        aria-label={text.move(label)}
        style={placed(middle)}
        className={classNames(HANDLE, 'cursor-move text-[#e9ecf0]')}
        onPointerDown={grab}
        onPointerMove={(event) => {
          if (!isGrabbed(event)) return;
          const place = placeOf(event);
          const by = { x: place.x - startAt.current.x, y: place.y - startAt.current.y };
          startAt.current = place;
          onChange(movedArea(area, by), `move ${area.id}`);
        }}
        onPointerUp={onSettled}
        onKeyDown={(event) => {
          const step = stepOf(event);
          if (step !== undefined) onChange(movedArea(area, step), `move ${area.id} by keys`);
        }}
        onBlur={onSettled}
      >
        <span className="rounded-full bg-black/65 p-1.5">
          <Move aria-hidden="true" className="size-4" />
        </span>
      </button>
      {area.corners.map((_, at) => {
        const place = edgeMiddle(area, at);
        const next = area.corners[(at + 1) % area.corners.length] ?? place;
        const from = area.corners[at] ?? place;
        // What is being dragged stays there to be dragged on.
        if (drawn !== at && Math.hypot(next.x - from.x, next.y - from.y) < SHORT_EDGE) return null;
        return (
          <button
            // Corners have no names but their order.
            key={`edge ${at}`}
            type="button"
            aria-label={text.addCorner(format.number(at + 1))}
            style={placed(place)}
            className={classNames(HANDLE, 'group/edge cursor-copy')}
            onPointerDown={(event) => {
              grab(event);
              setDrawn(undefined);
            }}
            onPointerMove={(event) => {
              if (isGrabbed(event)) drawCorner(at, placeOf(event));
            }}
            onPointerUp={onSettled}
            onClick={({ detail }) => {
              // Dragging with a mouse ends with a click; one by a key has no detail.
              if (detail === 0 || drawn !== at) addCorner(at);
            }}
          >
            <span className="size-2.5 rounded-full border border-black/60 bg-[#e9ecf0]/70 group-hover/edge:scale-150" />
          </button>
        );
      })}
      {area.corners.map((place, at) => (
        <button
          key={`corner ${at}`}
          type="button"
          aria-label={text.corner(format.number(at + 1), format.percent(place.x), format.percent(place.y))}
          aria-describedby={keysId}
          aria-pressed={corner === at}
          data-corner={at}
          style={placed(place)}
          className={classNames(HANDLE, 'cursor-grab active:cursor-grabbing')}
          onFocus={() => onCorner(at)}
          onBlur={onSettled}
          onPointerDown={(event) => {
            grab(event);
            onCorner(at);
          }}
          onPointerMove={(event) => {
            if (isGrabbed(event)) onChange(movedCorner(area, at, placeOf(event)), `corner ${area.id} ${at}`);
          }}
          onPointerUp={onSettled}
          onKeyDown={(event) => {
            const step = stepOf(event);
            if (step !== undefined) {
              const to = { x: place.x + step.x, y: place.y + step.y };
              onChange(movedCorner(area, at, to), `corner ${area.id} ${at} by keys`);
            }
            if (event.key === 'Delete' || event.key === 'Backspace') removeCorner(at);
            if (event.key === 'Insert') addCorner(at);
          }}
        >
          <span
            className={classNames(
              'size-3.5 rounded-full border-2 border-black/70',
              corner === at ? 'bg-[#4cc3d9]' : 'bg-white',
            )}
          />
        </button>
      ))}
    </>
  );
}

const HANDLE =
  'absolute flex size-7 -translate-1/2 touch-none items-center justify-center rounded-full pointer-coarse:size-10';

function placed({ x, y }: Corner): { readonly left: string; readonly top: string } {
  return { left: `${x * 100}%`, top: `${y * 100}%` };
}

function middleOf({ corners }: Area): Corner {
  const sum = corners.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / corners.length, y: sum.y / corners.length };
}
