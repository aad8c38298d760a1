import { SpeedMeter } from './kinetics.ts';
import { RULER_PX } from './lanes.ts';

/** What hands do to a timeline, in pixels of it. */
export interface GestureTarget {
  /** Something was taken hold of: what moved by itself stands. */
  grabbed(): void;
  panned(deltaPx: number): void;
  /** The hand let go while it moved. */
  thrown(pxPerMs: number): void;
  /** At once, as fingers do. @param factor of the time shown. */
  pinched(factor: number, xPx: number): void;
  /** Softly, as wheels do. @param amount the logarithm of the factor. */
  wheeled(amount: number, xPx: number): void;
  scrubbed(xPx: number): void;
  /** A scrub or the marking of a span ended, or something was pressed. */
  sought(xPx: number): void;
  /** A span is marked between an end that stays and one that moves. */
  selecting(anchorPx: number, xPx: number): void;
  hovered(place: { readonly xPx: number; readonly yPx: number } | undefined): void;
  /** How many of the window's pixels one of the timeline's takes. */
  scale(): number;
  /** Where things lie that can be taken hold of; undefined where they are not. */
  playheadPx(): number | undefined;
  selectionPx(): { readonly fromPx: number; readonly toPx: number } | undefined;
}

type Drag =
  | { readonly kind: 'pan' }
  | { readonly kind: 'scrub' }
  /** @property anchorPx the end that stays. */
  | { readonly kind: 'select'; readonly anchorPx: number };

interface Finger {
  readonly xPx: number;
  readonly yPx: number;
}

/** A press that moves less is no drag. */
const SLACK_PX = 4;
const MOUSE_REACH_PX = 7;
const FINGER_REACH_PX = 20;
/** Of a wheel's pixel, as a logarithm: a notch of 100 px is a quarter nearer or farther. */
const WHEEL = 0.0023;
/** Trackpads tell pinches as small turns of a wheel. */
const PINCH_WHEEL = 0.012;
const LINE_PX = 33;

/** Listens to pointers and wheels over an element. @returns ends that. */
export function followGestures(element: HTMLElement, target: GestureTarget): () => void {
  const hands = new Hands(element, target);
  const aborter = new AbortController();
  const { signal } = aborter;
  element.addEventListener('pointerdown', (event) => hands.down(event), { signal });
  element.addEventListener('pointermove', (event) => hands.move(event), { signal });
  element.addEventListener('pointerup', (event) => hands.up(event), { signal });
  element.addEventListener('pointercancel', (event) => hands.cancel(event), { signal });
  element.addEventListener('pointerleave', () => target.hovered(undefined), { signal });
  element.addEventListener('wheel', (event) => hands.wheel(event), { signal, passive: false });
  return () => aborter.abort();
}

class Hands {
  readonly #element: HTMLElement;
  readonly #target: GestureTarget;
  readonly #fingers = new Map<number, Finger>();
  #drag: Drag | undefined;
  #startPx = 0;
  #hasMoved = false;
  #meter = new SpeedMeter();

  constructor(element: HTMLElement, target: GestureTarget) {
    this.#element = element;
    this.#target = target;
  }

  down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#element.setPointerCapture(event.pointerId);
    const finger = this.#placeOf(event);
    this.#fingers.set(event.pointerId, finger);
    this.#target.grabbed();
    this.#target.hovered(undefined);
    this.#meter = new SpeedMeter();
    this.#hasMoved = this.#fingers.size > 1;
    if (this.#fingers.size > 1) {
      this.#drag = undefined;
      return;
    }
    this.#startPx = finger.xPx;
    this.#drag = this.#dragAt(finger, event);
    if (this.#drag.kind === 'scrub') this.#target.scrubbed(finger.xPx);
  }

  move(event: PointerEvent): void {
    const before = this.#fingers.get(event.pointerId);
    const finger = this.#placeOf(event);
    if (before === undefined) {
      this.#hover(finger, event);
      return;
    }
    if (this.#fingers.size === 2) this.#pinch(event.pointerId, before, finger);
    else this.#dragBy(before, finger, event);
  }

  up(event: PointerEvent): void {
    const finger = this.#fingers.get(event.pointerId);
    if (finger === undefined) return;
    this.#fingers.delete(event.pointerId);
    // Of two fingers the one that stays goes on dragging.
    if (this.#fingers.size === 1) this.#drag = { kind: 'pan' };
    if (this.#fingers.size > 0) return;
    const drag = this.#drag;
    this.#drag = undefined;
    const isMarked = drag?.kind === 'select' && this.#hasMoved;
    const isPressed = drag?.kind === 'pan' && !this.#hasMoved;
    if (drag?.kind === 'scrub' || isMarked || isPressed) this.#target.sought(finger.xPx);
    else if (drag?.kind === 'pan') this.#target.thrown(this.#meter.speed(event.timeStamp));
  }

  cancel(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    this.#drag = undefined;
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const unitPx = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (isSideways && !event.ctrlKey) {
      const deltaPx = (event.deltaX === 0 ? event.deltaY : event.deltaX) * unitPx;
      this.#target.grabbed();
      this.#target.panned(-deltaPx / this.#target.scale());
      return;
    }
    const amount = event.deltaY * unitPx * (event.ctrlKey ? PINCH_WHEEL : WHEEL);
    this.#target.wheeled(amount, this.#placeOf(event).xPx);
  }

  #dragAt({ xPx, yPx }: Finger, event: PointerEvent): Drag {
    const selectionPx = this.#target.selectionPx();
    const reachPx = event.pointerType === 'mouse' ? MOUSE_REACH_PX : FINGER_REACH_PX;
    const isNear = (px: number | undefined) => px !== undefined && Math.abs(px - xPx) <= reachPx;
    if (selectionPx !== undefined && yPx > RULER_PX) {
      if (isNear(selectionPx.fromPx)) return { kind: 'select', anchorPx: selectionPx.toPx };
      if (isNear(selectionPx.toPx)) return { kind: 'select', anchorPx: selectionPx.fromPx };
    }
    if (yPx <= RULER_PX || isNear(this.#target.playheadPx())) return { kind: 'scrub' };
    return event.shiftKey ? { kind: 'select', anchorPx: xPx } : { kind: 'pan' };
  }

  #dragBy(before: Finger, finger: Finger, event: PointerEvent): void {
    this.#hasMoved ||= Math.abs(finger.xPx - this.#startPx) > SLACK_PX;
    if (this.#drag === undefined || !this.#hasMoved) return;
    // What was held back by the slack comes with the first move.
    this.#fingers.set(event.pointerId, finger);
    const deltaPx = finger.xPx - before.xPx;
    if (this.#drag.kind === 'pan') {
      this.#meter.moved(deltaPx, event.timeStamp);
      this.#target.panned(deltaPx);
    } else if (this.#drag.kind === 'scrub') this.#target.scrubbed(finger.xPx);
    else {
      this.#target.selecting(this.#drag.anchorPx, finger.xPx);
    }
  }

  #pinch(pointerId: number, before: Finger, finger: Finger): void {
    const other = [...this.#fingers].find(([id]) => id !== pointerId)?.[1];
    if (other === undefined) return;
    this.#fingers.set(pointerId, finger);
    const apartPx = (one: Finger) => Math.max(10, Math.hypot(one.xPx - other.xPx, one.yPx - other.yPx));
    const middlePx = (one: Finger) => (one.xPx + other.xPx) / 2;
    this.#target.panned(middlePx(finger) - middlePx(before));
    this.#target.pinched(apartPx(before) / apartPx(finger), middlePx(finger));
  }

  #hover(place: Finger, event: PointerEvent): void {
    if (event.pointerType !== 'mouse') return;
    const kind = this.#dragAt(place, event).kind;
    this.#element.style.cursor = kind === 'pan' ? 'grab' : kind === 'scrub' ? 'ew-resize' : 'col-resize';
    this.#target.hovered(place);
  }

  #placeOf(event: MouseEvent): Finger {
    const { left, top } = this.#element.getBoundingClientRect();
    const scale = this.#target.scale();
    return { xPx: (event.clientX - left) / scale, yPx: (event.clientY - top) / scale };
  }
}
