import type { EventLook } from './bars.ts';
import { RULER_PX } from './lanes.ts';
import type { LaneScene, Scene } from './scene.ts';
import type { Theme } from './theme.ts';
import type { Tick } from './ticks.ts';
import { timeAt } from './view.ts';

/** How moments are written, in the language and the time zone of the timeline. */
export interface Labels {
  /** `14:05` */
  time(ms: number): string;
  /** `14:05:09` */
  timeWithSeconds(ms: number): string;
  /** `Fri 27 Nov` */
  day(ms: number): string;
  duration(ms: number): string;
}

const EVENT_PX = 5;
/** Events at least as wide colour the whole of their lane. */
const WASHED_PX = 6;
/** Where the days stand in the ruler, and the times. */
const DAY_Y = 12;
const TIME_Y = 28;

/** Draws scenes. One canvas of the window's own pixels. */
export class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #labels: Labels;
  #theme: Theme;
  #hatches = new Map<string, CanvasPattern | string>();

  constructor(context: CanvasRenderingContext2D, theme: Theme, labels: Labels) {
    this.#context = context;
    this.#theme = theme;
    this.#labels = labels;
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    this.#hatches = new Map();
  }

  /** @param playheadMs as the scene has it, for its label. */
  paint(scene: Scene, playheadMs: number | undefined, showsNames: boolean): void {
    const { view, heightPx, lanes } = scene;
    const context = this.#context;
    context.clearRect(0, 0, view.widthPx, heightPx);
    this.#future(scene);
    this.#grid(scene);
    for (const lane of lanes) this.#lane(lane, scene);
    this.#selection(scene);
    this.#ruler(scene);
    if (showsNames) for (const lane of lanes) this.#name(lane);
    this.#present(scene);
    this.#playhead(scene, playheadMs);
  }

  #future({ view, heightPx, presentPx }: Scene): void {
    if (presentPx >= view.widthPx) return;
    const context = this.#context;
    context.globalAlpha = 0.5;
    context.fillStyle = this.#hatch(this.#theme.line, 8);
    context.fillRect(
      Math.max(0, presentPx),
      RULER_PX,
      view.widthPx - Math.max(0, presentPx),
      heightPx - RULER_PX,
    );
    context.globalAlpha = 1;
  }

  #grid({ ticks, heightPx }: Scene): void {
    const context = this.#context;
    context.fillStyle = this.#theme.line;
    for (const { kind, xPx } of ticks) {
      if (kind === 'between') continue;
      context.globalAlpha = kind === 'day' ? 1 : 0.55;
      context.fillRect(Math.round(xPx), RULER_PX, 1, heightPx - RULER_PX);
    }
    context.globalAlpha = 1;
  }

  #lane(lane: LaneScene, { view, presentPx }: Scene): void {
    const context = this.#context;
    const theme = this.#theme;
    const { topPx, heightPx } = lane;
    // A base line as far as time has come: where nothing lies on it nothing was recorded.
    context.fillStyle = theme.line;
    context.fillRect(0, topPx + heightPx - 1, Math.min(view.widthPx, Math.max(0, presentPx)), 1);
    for (const { xPx, widthPx, look } of lane.gaps) {
      if (look === 'quiet') continue;
      const colour = look === 'trouble' ? theme.danger : theme.faint;
      context.globalAlpha = look === 'trouble' ? 0.75 : 0.3;
      context.fillStyle = this.#hatch(colour, 5);
      context.fillRect(xPx, topPx, widthPx, heightPx - 1);
      context.globalAlpha = look === 'trouble' ? 1 : 0.5;
      context.fillStyle = colour;
      context.fillRect(xPx, topPx + heightPx - 2, widthPx, 2);
    }
    context.fillStyle = theme.accent;
    for (const { xPx, widthPx, share } of lane.recorded) {
      context.globalAlpha = 0.08 + 0.14 * share;
      context.fillRect(xPx, topPx, widthPx, heightPx);
      context.globalAlpha = 0.35 + 0.65 * share;
      context.fillRect(xPx, topPx + heightPx - 2, widthPx, 2);
    }
    this.#motion(lane);
    for (const { xPx, widthPx, look, isKept } of lane.events) {
      context.fillStyle = this.#colourOf(look);
      if (widthPx >= WASHED_PX) {
        context.globalAlpha = 0.12;
        context.fillRect(xPx, topPx, widthPx, heightPx - 2);
      }
      context.globalAlpha = 1;
      context.fillRect(xPx, topPx, widthPx, Math.min(EVENT_PX, heightPx / 3));
      if (isKept) {
        context.fillStyle = theme.text;
        context.fillRect(xPx, topPx, Math.min(3, widthPx), Math.min(EVENT_PX, heightPx / 3));
      }
    }
    context.globalAlpha = 1;
  }

  #motion({ topPx, heightPx, motion }: LaneScene): void {
    const context = this.#context;
    const bottomPx = topPx + heightPx - 2;
    const most = heightPx - EVENT_PX - 4;
    context.fillStyle = this.#theme.motion;
    context.globalAlpha = 0.6;
    // Rectangles of whole pixels: one path of thousands takes a hundred times as long.
    for (const { xPx, widthPx, part } of motion) {
      const leftPx = Math.round(xPx);
      const columnPx = Math.max(1, Math.round(part * most));
      context.fillRect(leftPx, bottomPx - columnPx, Math.round(xPx + widthPx) - leftPx, columnPx);
    }
    context.globalAlpha = 1;
  }

  #colourOf(look: EventLook): string {
    if (look === 'motion') return this.#theme.motion;
    return look === 'unwatched' ? this.#theme.danger : this.#theme.accent;
  }

  #name({ camera, topPx, heightPx }: LaneScene): void {
    const context = this.#context;
    this.#font(11, 500);
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    const widthPx = Math.min(160, context.measureText(camera).width);
    context.globalAlpha = 0.78;
    context.fillStyle = this.#theme.surface;
    const boxPx = Math.min(18, heightPx);
    const yPx = heightPx > 30 ? topPx + EVENT_PX + 3 : topPx + (heightPx - boxPx) / 2;
    roundRect(context, 6, yPx, widthPx + 10, boxPx, 4);
    context.globalAlpha = 1;
    context.fillStyle = this.#theme.text;
    context.fillText(camera, 11, yPx + boxPx / 2 + 0.5, 160);
  }

  #ruler({ view, ticks, clockChanges }: Scene): void {
    const context = this.#context;
    const theme = this.#theme;
    context.fillStyle = theme.line;
    context.fillRect(0, RULER_PX - 1, view.widthPx, 1);
    for (const { kind, xPx } of ticks) {
      const lengthPx = kind === 'between' ? 4 : kind === 'day' ? 10 : 6;
      context.fillStyle = kind === 'between' ? theme.line : theme.faint;
      context.fillRect(Math.round(xPx), RULER_PX - 1 - lengthPx, 1, lengthPx);
    }
    context.textBaseline = 'alphabetic';
    context.textAlign = 'center';
    for (const tick of ticks) this.#tickLabel(tick);
    this.#day(view.fromMs, ticks);
    this.#font(10, 500);
    for (const { xPx, byMs } of clockChanges) {
      const hours = byMs / 3_600_000;
      context.fillStyle = theme.accent;
      context.fillRect(Math.round(xPx), RULER_PX - 14, 2, 14);
      context.textAlign = 'left';
      context.fillText(`${hours > 0 ? '+' : '−'}${Math.abs(hours)} h`, xPx + 5, RULER_PX - 3);
    }
  }

  #tickLabel({ ms, xPx, label, isAgain }: Tick): void {
    const context = this.#context;
    if (label === 'none' || label === 'day') return;
    this.#font(11, 400);
    context.fillStyle = this.#theme.muted;
    const text = label === 'seconds' ? this.#labels.timeWithSeconds(ms) : this.#labels.time(ms);
    context.fillText(isAgain ? `${text}²` : text, xPx, TIME_Y);
  }

  /** The day at the left edge stays in sight until the next one pushes it out. */
  #day(fromMs: number, ticks: readonly Tick[]): void {
    const context = this.#context;
    this.#font(11, 600);
    context.textAlign = 'left';
    context.fillStyle = this.#theme.text;
    const days = ticks.filter(({ kind }) => kind === 'day').toSorted((a, b) => a.xPx - b.xPx);
    let lastEndPx = -Infinity;
    const label = (text: string, xPx: number) => {
      context.fillText(text, xPx, DAY_Y);
      lastEndPx = xPx + context.measureText(text).width + 12;
    };
    const first = this.#labels.day(fromMs);
    const next = days.find(({ xPx }) => xPx > 0);
    const roomPx = (next?.xPx ?? Infinity) - context.measureText(first).width - 14;
    if (!days.some(({ xPx }) => xPx >= 0 && xPx < 8)) label(first, Math.min(8, roomPx));
    for (const { ms, xPx } of days) if (xPx >= 0 && xPx + 4 > lastEndPx) label(this.#labels.day(ms), xPx + 4);
  }

  #selection({ selection, heightPx, view }: Scene): void {
    if (selection === undefined) return;
    const context = this.#context;
    const { fromPx, toPx } = selection;
    const theme = this.#theme;
    context.fillStyle = theme.accent;
    context.globalAlpha = 0.18;
    context.fillRect(fromPx, RULER_PX, toPx - fromPx, heightPx - RULER_PX);
    context.globalAlpha = 1;
    for (const xPx of [fromPx, toPx]) {
      context.fillRect(Math.round(xPx) - 1, RULER_PX, 2, heightPx - RULER_PX);
      roundRect(context, xPx - 5, (RULER_PX + heightPx) / 2 - 14, 10, 28, 5);
      context.fillStyle = theme.onAccent;
      context.fillRect(xPx - 1, (RULER_PX + heightPx) / 2 - 7, 2, 14);
      context.fillStyle = theme.accent;
    }
    // Beside the ends, where a short span has room for them too.
    const gapPx = 12;
    const [from, to] = [fromPx, toPx].map((xPx) => this.#labels.timeWithSeconds(timeAt(view, xPx)));
    const topPx = (RULER_PX + heightPx) / 2 - 9;
    this.#pill(from ?? '', fromPx - gapPx, topPx, theme.accent, theme.onAccent, 'right');
    this.#pill(to ?? '', toPx + gapPx, topPx, theme.accent, theme.onAccent, 'left');
  }

  #present({ view, heightPx, presentPx }: Scene): void {
    if (presentPx < 0 || presentPx > view.widthPx) return;
    const context = this.#context;
    context.fillStyle = this.#theme.recording;
    context.fillRect(Math.round(presentPx), RULER_PX - 6, 1.5, heightPx - RULER_PX + 6);
    context.beginPath();
    context.arc(presentPx + 0.75, RULER_PX - 6, 3, 0, 2 * Math.PI);
    context.fill();
  }

  #playhead({ playheadPx, heightPx, view }: Scene, playheadMs: number | undefined): void {
    if (playheadPx === undefined || playheadMs === undefined) return;
    if (playheadPx < -60 || playheadPx > view.widthPx + 60) return;
    const context = this.#context;
    const theme = this.#theme;
    context.fillStyle = theme.text;
    context.fillRect(Math.round(playheadPx) - 1, RULER_PX - 12, 2, heightPx - RULER_PX + 12);
    this.#pill(this.#labels.timeWithSeconds(playheadMs), playheadPx, 18, theme.text, theme.ground);
  }

  /** A text on a ground of its own. @param align which of its edges lies at `xPx`. */
  #pill(
    text: string,
    xPx: number,
    topPx: number,
    ground: string,
    colour: string,
    align: 'left' | 'center' | 'right' = 'center',
  ): void {
    const context = this.#context;
    this.#font(11, 600);
    const widthPx = context.measureText(text).width + 14;
    const middlePx = align === 'center' ? xPx : xPx + (align === 'left' ? widthPx : -widthPx) / 2;
    context.fillStyle = ground;
    roundRect(context, middlePx - widthPx / 2, topPx, widthPx, 18, 9);
    context.fillStyle = colour;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(text, middlePx, topPx + 9.5);
    context.textBaseline = 'alphabetic';
  }

  #font(sizePx: number, weight: number): void {
    this.#context.font = `${weight} ${sizePx}px ${this.#theme.font}`;
  }

  /** Slanted lines, so that a gap is not told by its colour alone. */
  #hatch(colour: string, sizePx: number): CanvasPattern | string {
    const key = `${colour} ${sizePx}`;
    const known = this.#hatches.get(key);
    if (known !== undefined) return known;
    const made = makeHatch(this.#context, colour, sizePx) ?? colour;
    this.#hatches.set(key, made);
    return made;
  }
}

function makeHatch(context: CanvasRenderingContext2D, colour: string, sizePx: number): CanvasPattern | null {
  const tile = document.createElement('canvas');
  tile.width = sizePx;
  tile.height = sizePx;
  const pen = tile.getContext('2d');
  if (pen === null) return null;
  pen.strokeStyle = colour;
  pen.lineWidth = 1.2;
  pen.beginPath();
  // The corners as well, so that tiles join.
  for (const shiftPx of [-sizePx, 0, sizePx]) {
    pen.moveTo(shiftPx - 1, sizePx + 1);
    pen.lineTo(shiftPx + sizePx + 1, -1);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat');
}

function roundRect(
  context: CanvasRenderingContext2D,
  xPx: number,
  yPx: number,
  widthPx: number,
  heightPx: number,
  radiusPx: number,
): void {
  context.beginPath();
  context.roundRect(xPx, yPx, widthPx, heightPx, radiusPx);
  context.fill();
}
