import { useEffect, useRef, type PointerEvent, type ReactNode } from 'react';
import { moveZoom, NO_ZOOM, swipeOf, wheelFactor, zoomAt, type Zoom } from './zoom.ts';

interface ZoomableProps {
  /** Without it nothing happens to the wheel and to fingers. */
  readonly isOn: boolean;
  readonly zoom: Zoom;
  readonly onZoom: (change: (zoom: Zoom) => Zoom) => void;
  /** A finger has swept over what is not enlarged: to the left is on. */
  readonly onSwipe: (to: 'previous' | 'next') => void;
  readonly children: ReactNode;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const DOUBLE_PRESS_FACTOR = 2.5;

/** Enlarges what is in it by wheel, by two fingers or a double press, and moves it by dragging; tells of swipes. */
export function Zoomable({ isOn, zoom, onZoom, onSwipe, children }: ZoomableProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const pointers = useRef(new Map<number, Point>());
  /** Where the one finger was put down that may swipe, in pixels. */
  const swipeFrom = useRef<Point>(undefined);

  // React listens to wheels without being able to keep the page from scrolling.
  useEffect(() => {
    const element = box.current;
    if (element === null || !isOn) return undefined;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const at = within(element, event);
      onZoom((before) => zoomAt(before, wheelFactor(event.deltaY), at));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [isOn, onZoom]);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (!isOn) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, within(event.currentTarget, event));
    const maySwipe = event.pointerType === 'touch' && pointers.current.size === 1 && zoom.scale === 1;
    swipeFrom.current = maySwipe ? { x: event.clientX, y: event.clientY } : undefined;
  };

  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const now = within(event.currentTarget, event);
    const others = [...pointers.current].filter(([id]) => id !== event.pointerId);
    const other = others[0]?.[1];
    pointers.current.set(event.pointerId, now);
    if (other === undefined) {
      onZoom((zoomed) => moveZoom(zoomed, now.x - before.x, now.y - before.y));
      return;
    }
    const factor = distance(now, other) / Math.max(0.01, distance(before, other));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const by = { x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 };
    onZoom((zoomed) => moveZoom(zoomAt(zoomed, factor, middle), by.x, by.y));
  };

  const onPointerUp = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
    const from = swipeFrom.current;
    swipeFrom.current = undefined;
    const to = from && swipeOf(event.clientX - from.x, event.clientY - from.y);
    if (to !== undefined && event.type === 'pointerup') onSwipe(to);
  };

  return (
    // Everything that it does is done by buttons too.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={box}
      className={isOn ? 'absolute inset-0 touch-none overflow-hidden' : 'absolute inset-0 overflow-hidden'}
      style={isOn && zoom.scale > 1 ? { cursor: 'grab' } : undefined}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onDoubleClick={(event) => {
        if (!isOn) return;
        const at = within(event.currentTarget, event);
        onZoom((before) => (before.scale > 1 ? NO_ZOOM : zoomAt(before, DOUBLE_PRESS_FACTOR, at)));
      }}
    >
      <div
        className="absolute inset-0"
        style={
          zoom.scale === 1
            ? undefined
            : { transform: `translate(${zoom.x * 100}%, ${zoom.y * 100}%) scale(${zoom.scale})` }
        }
      >
        {children}
      </div>
    </div>
  );
}

/** In parts of the element, from its centre. */
function within(
  element: HTMLElement,
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: (clientX - left) / width - 0.5, y: (clientY - top) / height - 0.5 };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
