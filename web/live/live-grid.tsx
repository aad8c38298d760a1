import {
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { useText } from '../text/text-provider.tsx';
import { classNames } from '../ui/class-names.ts';
import { moved } from './arrangement.ts';
import { aspectOf, CameraTile, type Step } from './camera-tile.tsx';
import { fitTiles, type TileBox } from './fit-tiles.ts';
import { neighbour, type Direction } from './neighbour.ts';
import type { CameraState } from './tile-state.tsx';
import { useSize } from '../ui/use-size.ts';

const GAP_PX = 3;
/** A pointer that moved less has pressed. */
const DRAG_FROM_PX = 8;

const DIRECTIONS: Readonly<Partial<Record<string, Direction>>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

const STEPS: Readonly<Partial<Record<string, Step>>> = {
  Escape: 'all',
  ArrowLeft: 'previous',
  ArrowRight: 'next',
};

interface LiveGridProps {
  /** All that are on the page, in the order in which they stay in the document: a `<video>` that is moved there stops. */
  readonly statuses: readonly CameraState[];
  /** Their names in the order of the layout. */
  readonly cameras: readonly string[];
  readonly large: string | undefined;
  readonly isArranging: boolean;
  readonly hasOverlay: boolean;
  readonly onEnlarge: (camera: string | undefined) => void;
  readonly onArrange: (cameras: readonly string[]) => void;
  /** Undefined where none can be taken out. */
  readonly onRemove: ((camera: string) => void) | undefined;
}

interface Drag {
  readonly camera: string;
  readonly pointerId: number;
  readonly from: { readonly xPx: number; readonly yPx: number };
  /** Where the tile lay. */
  readonly box: TileBox;
  readonly xPx: number;
  readonly yPx: number;
  readonly hasMoved: boolean;
  /** As it would be when dropped here. */
  readonly cameras: readonly string[];
}

/** All cameras of a layout in the window, or one of them as large as can be. */
export function LiveGrid(props: LiveGridProps): ReactNode {
  const { statuses, large, isArranging, onEnlarge, onArrange } = props;
  const text = useText('live');
  const area = useRef<HTMLDivElement>(null);
  const size = useSize(area);
  const [drag, setDrag] = useState<Drag>();
  const [heard, setHeard] = useState<string>();
  const [news, setNews] = useState('');
  const cameras = drag?.cameras ?? props.cameras;
  const shape = (camera: string): number => {
    const status = statuses.find((each) => each.camera === camera);
    return status === undefined ? 16 / 9 : aspectOf(status);
  };
  const space = { widthPx: 0, heightPx: 0, ...size, gapPx: GAP_PX, isWhole: isArranging };
  const fitted = fitTiles(cameras.map(shape), space);
  const boxes = new Map(cameras.map((camera, at) => [camera, fitted.boxes[at]]));
  const whole: TileBox = { leftPx: 0, topPx: 0, widthPx: 0, heightPx: 0, ...size };

  const focus = (camera: string | undefined): void => {
    const tile = Array.from(area.current?.children ?? []).find(
      (each) => each instanceof HTMLElement && each.dataset['camera'] === camera,
    );
    tile?.querySelector('button')?.focus();
  };

  const step = (camera: string, to: Step): void => {
    const at = cameras.indexOf(camera) + (to === 'previous' ? -1 : 1);
    onEnlarge(to === 'all' ? undefined : cameras.at(at % cameras.length));
    if (to === 'all') setTimeout(() => focus(camera));
  };

  // The button that was pressed is gone.
  useEffect(() => {
    if (large !== undefined) area.current?.focus({ preventScroll: true });
  }, [large]);

  const onKey = useEffectEvent((event: globalThis.KeyboardEvent) => {
    // What a dialog or a menu has understood is not meant for the picture behind it.
    if (large === undefined || event.defaultPrevented) return;
    const to = STEPS[event.key];
    if (to !== undefined) step(large, to);
  });
  useEffect(() => {
    const listener = (event: globalThis.KeyboardEvent): void => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);

  const arrange = (camera: string, arranged: readonly string[]): void => {
    if (arranged === props.cameras) return;
    onArrange(arranged);
    setNews(text.moved(camera, arranged.indexOf(camera) + 1, arranged.length));
  };

  const onKeyDown = (event: KeyboardEvent, camera: string): void => {
    const direction = DIRECTIONS[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    const next = neighbour(cameras, fitted.boxes, camera, direction);
    if (event.shiftKey) arrange(camera, moved(cameras, camera, next));
    else focus(next);
  };

  const onPointerDown = (event: PointerEvent, camera: string): void => {
    const box = boxes.get(camera);
    // A finger scrolls, but where one arranges.
    if (box === undefined || event.button !== 0 || (event.pointerType === 'touch' && !isArranging)) return;
    const from = { xPx: event.clientX, yPx: event.clientY };
    const { pointerId } = event;
    setDrag({
      camera,
      pointerId,
      from,
      box,
      xPx: 0,
      yPx: 0,
      hasMoved: false,
      cameras: props.cameras,
    });
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (drag === undefined || event.pointerId !== drag.pointerId) return;
    const [xPx, yPx] = [event.clientX - drag.from.xPx, event.clientY - drag.from.yPx];
    if (!drag.hasMoved && Math.hypot(xPx, yPx) < DRAG_FROM_PX) return;
    if (!drag.hasMoved) event.currentTarget.setPointerCapture(event.pointerId);
    const over = cameraAt(event);
    const arranged = over === undefined ? drag.cameras : moved(drag.cameras, drag.camera, over);
    setDrag({ ...drag, xPx, yPx, hasMoved: true, cameras: arranged });
  };

  const cameraAt = ({ clientX, clientY }: PointerEvent): string | undefined => {
    const element = area.current;
    if (element === null) return undefined;
    const { left, top } = element.getBoundingClientRect();
    const [xPx, yPx] = [clientX - left, clientY - top + element.scrollTop];
    return cameras.find((camera) => {
      const box = boxes.get(camera);
      return box !== undefined && isIn(box, xPx, yPx);
    });
  };

  const onPointerUp = (): void => {
    if (drag === undefined) return;
    if (drag.hasMoved) arrange(drag.camera, drag.cameras);
    // Until the click that follows has been looked at.
    setTimeout(() => setDrag(undefined));
  };

  return (
    <div
      ref={area}
      role="region"
      aria-label={large ?? text.title}
      tabIndex={-1}
      className={classNames(
        'relative grow outline-none',
        large === undefined ? 'overflow-y-auto' : 'overflow-hidden',
      )}
    >
      <div aria-hidden="true" style={{ height: large === undefined ? fitted.heightPx - 1 : 0 }} />
      {size !== undefined &&
        statuses.map((status) => {
          const { camera } = status;
          const box = boxes.get(camera);
          if (box === undefined) return null;
          const isLarge = camera === large;
          const isDragged = drag?.hasMoved === true && drag.camera === camera;
          const { onRemove } = props;
          return (
            <CameraTile
              key={camera}
              status={status}
              box={isLarge ? whole : isDragged ? { ...box, ...cornerOf(drag.box) } : box}
              rank={isLarge ? 'large' : large === undefined ? 'one-of-all' : 'hidden'}
              hasOverlay={props.hasOverlay}
              isHeard={heard === camera}
              onHear={(isHeard) => setHeard(isHeard ? camera : undefined)}
              onStep={(to) => step(camera, to)}
              onRemove={isArranging && onRemove !== undefined ? () => onRemove(camera) : undefined}
              drag={isDragged ? drag : undefined}
              handle={{
                'aria-keyshortcuts': 'Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown',
                style: { touchAction: isArranging ? 'none' : 'auto' },
                onClick: () => {
                  if (drag?.hasMoved !== true && !isArranging) onEnlarge(camera);
                },
                onKeyDown: (event) => onKeyDown(event, camera),
                onPointerDown: (event) => onPointerDown(event, camera),
                onPointerMove,
                onPointerUp,
                onPointerCancel: () => setDrag(undefined),
              }}
            />
          );
        })}
      <p role="status" className="sr-only">
        {news}
      </p>
    </div>
  );
}

/** Its place, whatever its size: the pointer holds it there. */
function cornerOf({ leftPx, topPx }: TileBox): Pick<TileBox, 'leftPx' | 'topPx'> {
  return { leftPx, topPx };
}

function isIn(box: TileBox, xPx: number, yPx: number): boolean {
  return (
    xPx >= box.leftPx && xPx < box.leftPx + box.widthPx && yPx >= box.topPx && yPx < box.topPx + box.heightPx
  );
}
