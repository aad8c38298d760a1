import type { TimelineAnswer } from '../../../src/http/api/timeline.ts';
import { followGestures, type GestureTarget } from './gestures.ts';
import { eased, thrown } from './kinetics.ts';
import type { LocalTime } from './local-time.ts';
import { Painter, type Labels } from './painter.ts';
import { hitAt, sceneOf, type Hit, type SceneInput } from './scene.ts';
import type { Selection } from './selection.ts';
import { followTheme, readTheme } from './theme.ts';
import { Tiles, type TileQuestion } from './tiles.ts';
import {
  bounded,
  following,
  panned,
  resized,
  showing,
  spanMs,
  timeAt,
  xOf,
  zoomed,
  type View,
} from './view.ts';

export interface TimelineOptions {
  /** Filled with a canvas. */
  readonly host: HTMLElement;
  /** Asks the server. */
  readonly ask: (question: TileQuestion, signal: AbortSignal) => Promise<TimelineAnswer>;
  readonly time: LocalTime;
  readonly labels: Labels;
  /** How much larger than ordinary all is to be drawn, as letters are on large screens; asked when the host's size changes. */
  readonly enlargement: () => number;
  /** Where the player's clock stands; read once a picture. */
  readonly playheadMs: () => number | undefined;
  /** Whether that goes on by itself, so that the view follows it. */
  readonly isPlaying: () => boolean;
  /** The play head is dragged; `onSeek` follows. */
  readonly onScrub: (ms: number) => void;
  readonly onSeek: (ms: number) => void;
  readonly onSelect: (selection: Selection) => void;
  /** What lies under the pointer, and where that is within the host. */
  readonly onHover: (hit: Hit | undefined, xPx: number, yPx: number) => void;
  /** Answers have come, or could not be had. */
  readonly onAnswer: (error: unknown) => void;
}

/** How much a press of a key zooms. */
const KEY_ZOOM = Math.LN2;

/** The timeline on its canvas: what is shown, moved by hands, keys and time. Knows no framework. */
export class TimelineCanvas {
  readonly #options: TimelineOptions;
  readonly #canvas: HTMLCanvasElement;
  readonly #painter: Painter;
  readonly #tiles: Tiles;
  readonly #endings: (() => void)[] = [];
  readonly #isStill = matchMedia('(prefers-reduced-motion: reduce)');
  #cameras: readonly string[] = [];
  #view: View = showing(1, 86_400_000, Date.now(), 0.8);
  #heightPx = 1;
  /** Of the window's pixels one of the timeline's takes so many. */
  #scale = 1;
  #selection: Selection | undefined;
  /** While it is dragged, before the player has followed. */
  #scrubMs: number | undefined;
  #zoomLeft = 0;
  #zoomAtPx = 0;
  #speed = 0;
  #wasInSight = true;
  #frame = 0;
  #lastFrameMs = 0;
  /** What was painted last. */
  #painted = '';
  #version = 0;

  constructor(options: TimelineOptions) {
    this.#options = options;
    const { host, labels } = options;
    this.#canvas = document.createElement('canvas');
    // Fingers are ours; the browser would scroll the page.
    this.#canvas.style.cssText = 'display:block;width:100%;height:100%;touch-action:none';
    this.#canvas.setAttribute('aria-hidden', 'true');
    host.append(this.#canvas);
    const context = this.#canvas.getContext('2d');
    if (context === null) throw new Error('This browser gives no canvas to draw the timeline on.');
    this.#painter = new Painter(context, readTheme(host), labels);
    this.#tiles = new Tiles({
      ask: options.ask,
      nowMs: () => Date.now(),
      onChange: () => {
        this.#version += 1;
        options.onAnswer(this.#tiles.error);
      },
    });
  }

  /** Begins to draw. */
  start(): void {
    const { host } = this.#options;
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(host);
    this.#resize();
    this.#endings.push(
      () => observer.disconnect(),
      followGestures(this.#canvas, this.#gestureTarget()),
      followTheme(() => {
        this.#painter.setTheme(readTheme(host));
        this.#version += 1;
      }),
    );
    this.#frame = requestAnimationFrame((ms) => this.#draw(ms));
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const end of this.#endings.splice(0)) end();
    this.#tiles.dispose();
    this.#canvas.remove();
  }

  get view(): View {
    return this.#view;
  }

  /** By the recorder's clock. */
  get presentMs(): number {
    return this.#tiles.presentMs;
  }

  get isLoading(): boolean {
    return this.#tiles.isLoading(this.#view);
  }

  setCameras(cameras: readonly string[]): void {
    this.#cameras = cameras;
    this.#tiles.setCameras(cameras);
    this.#version += 1;
  }

  setSelection(selection: Selection | undefined): void {
    this.#selection = selection;
    this.#version += 1;
  }

  /** Something has changed at the present. */
  invalidate(): void {
    this.#tiles.invalidate();
  }

  /** Shows so much time with a moment at a place. @param place 0 is the left edge, 1 the right one. */
  show(spanOfMs: number, atMs: number, place = 0.5): void {
    this.#stand();
    this.#setView(showing(this.#view.widthPx, spanOfMs, atMs, place));
  }

  /** Brings a moment into sight, if it is not. */
  reveal(ms: number): void {
    const xPx = xOf(this.#view, ms);
    if (xPx >= 0 && xPx <= this.#view.widthPx) return;
    this.show(spanMs(this.#view), ms);
  }

  /** @param steps positive is closer. Around the play head where that is in sight. */
  zoomBy(steps: number): void {
    const { widthPx } = this.#view;
    const playheadPx = this.#playheadPx ?? -1;
    this.#wheeled(-steps * KEY_ZOOM, playheadPx >= 0 && playheadPx <= widthPx ? playheadPx : widthPx / 2);
  }

  /** @param parts of what is shown; positive is later. */
  panBy(parts: number): void {
    this.#stand();
    this.#setView(panned(this.#view, -parts * this.#view.widthPx));
  }

  hit(xPx: number, yPx: number): Hit {
    return hitAt(this.#input(), xPx, yPx);
  }

  get #playheadMs(): number | undefined {
    return this.#scrubMs ?? this.#options.playheadMs();
  }

  get #playheadPx(): number | undefined {
    const ms = this.#playheadMs;
    return ms === undefined ? undefined : xOf(this.#view, ms);
  }

  #gestureTarget(): GestureTarget {
    const { onScrub, onSeek, onSelect, onHover } = this.#options;
    const momentAt = (xPx: number) => Math.min(timeAt(this.#view, xPx), this.presentMs);
    return {
      grabbed: () => this.#stand(),
      panned: (deltaPx) => this.#setView(panned(this.#view, deltaPx)),
      thrown: (pxPerMs) => {
        this.#speed = this.#isStill.matches ? 0 : pxPerMs;
      },
      pinched: (factor, xPx) => this.#setView(zoomed(this.#view, factor, xPx)),
      wheeled: (amount, xPx) => this.#wheeled(amount, xPx),
      scrubbed: (xPx) => {
        this.#scrubMs = momentAt(xPx);
        onScrub(this.#scrubMs);
      },
      sought: (xPx) => {
        this.#scrubMs = undefined;
        onSeek(momentAt(xPx));
      },
      selecting: (anchorPx, xPx) => {
        const [anchorMs, movedMs] = [momentAt(anchorPx), momentAt(xPx)];
        const marked = { fromMs: Math.min(anchorMs, movedMs), toMs: Math.max(anchorMs, movedMs) };
        this.setSelection(marked);
        onSelect(marked);
        // The picture at the end that moves is shown.
        this.#scrubMs = movedMs;
        onScrub(movedMs);
      },
      hovered: (place) => {
        if (place === undefined) onHover(undefined, 0, 0);
        else onHover(this.hit(place.xPx, place.yPx), place.xPx * this.#scale, place.yPx * this.#scale);
      },
      scale: () => this.#scale,
      playheadPx: () => this.#playheadPx,
      selectionPx: () =>
        this.#selection && {
          fromPx: xOf(this.#view, this.#selection.fromMs),
          toPx: xOf(this.#view, this.#selection.toMs),
        },
    };
  }

  #wheeled(amount: number, xPx: number): void {
    this.#speed = 0;
    this.#zoomAtPx = xPx;
    this.#zoomLeft += amount;
    if (this.#isStill.matches) this.#zoomOn(Infinity);
  }

  #stand(): void {
    this.#speed = 0;
    this.#zoomLeft = 0;
  }

  #setView(view: View): void {
    this.#view = bounded(view, this.presentMs);
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#options.host;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.#scale = this.#options.enlargement();
    const ratio = window.devicePixelRatio;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    const devicePx = this.#scale * ratio;
    this.#canvas.getContext('2d')?.setTransform(devicePx, 0, 0, devicePx, 0, 0);
    this.#heightPx = clientHeight / this.#scale;
    this.#view = resized(this.#view, clientWidth / this.#scale);
    this.#version += 1;
  }

  #draw(atMs: number): void {
    this.#frame = requestAnimationFrame((ms) => this.#draw(ms));
    const ms = Math.min(100, atMs - this.#lastFrameMs);
    this.#lastFrameMs = atMs;
    this.#zoomOn(ms);
    this.#glideOn(ms);
    this.#follow();
    const input = this.#input();
    const key = this.#keyOf(input);
    if (key === this.#painted) return;
    this.#painted = key;
    this.#painter.paint(sceneOf(input), input.playheadMs, this.#cameras.length > 1);
  }

  /** Asks for what comes into sight, too. */
  #input(): SceneInput {
    return {
      view: this.#view,
      heightPx: this.#heightPx,
      cameras: this.#cameras,
      slices: this.#tiles.slices(this.#view),
      time: this.#options.time,
      presentMs: this.presentMs,
      playheadMs: this.#playheadMs,
      selection: this.#selection,
    };
  }

  /** What differs when something else is to be painted: halves of pixels are not told apart, seconds are. */
  #keyOf({ view, playheadMs, presentMs }: SceneInput): string {
    const half = (ms: number) => Math.round(2 * xOf(view, ms));
    const playhead = playheadMs === undefined ? '' : `${half(playheadMs)} ${Math.floor(playheadMs / 1_000)}`;
    return [this.#version, view.fromMs, view.msPerPx, half(presentMs), playhead].join(' ');
  }

  #zoomOn(ms: number): void {
    if (this.#zoomLeft === 0) return;
    const { now, left } = eased(this.#zoomLeft, ms);
    this.#zoomLeft = left;
    this.#setView(zoomed(this.#view, Math.exp(now), this.#zoomAtPx));
  }

  #glideOn(ms: number): void {
    if (this.#speed === 0) return;
    const { deltaPx, pxPerMs } = thrown(this.#speed, ms);
    this.#speed = pxPerMs;
    const before = this.#view;
    this.#setView(panned(this.#view, deltaPx));
    if (this.#view.fromMs === before.fromMs) this.#speed = 0;
  }

  /** What plays takes the view along, unless somebody has looked elsewhere. */
  #follow(): void {
    const ms = this.#playheadMs;
    if (ms === undefined) return;
    const isMoved = this.#speed !== 0 || this.#zoomLeft !== 0 || this.#scrubMs !== undefined;
    if (this.#wasInSight && !isMoved && this.#options.isPlaying()) {
      const view = following(this.#view, ms);
      if (view !== this.#view) this.#setView(view);
    }
    const xPx = xOf(this.#view, ms);
    this.#wasInSight = xPx >= 0 && xPx <= this.#view.widthPx;
  }
}
