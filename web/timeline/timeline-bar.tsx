import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useErrorText } from '../api/error-text.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { enlargement, useEnlargement } from '../ui/rem.ts';
import { heightFor } from './canvas/lanes.ts';
import { LocalTime } from './canvas/local-time.ts';
import type { Selection } from './canvas/selection.ts';
import { TimelineCanvas } from './canvas/timeline-canvas.ts';
import { timeAt, toMs } from './canvas/view.ts';
import { HoverNote, type Hover } from './hover-note.tsx';
import type { PlaybackSession } from './playback-session.ts';
import { askTimeline } from './timeline-api.ts';

interface TimelineBarProps {
  readonly cameras: readonly string[];
  readonly timeZone: string;
  readonly format: Format;
  readonly session: PlaybackSession;
  /** What it shows first. */
  readonly spanMs: number;
  readonly selection: Selection | undefined;
  readonly onSelect: (selection: Selection) => void;
  /** Gives the canvas when it is there, and undefined when it has gone. */
  readonly onCanvas: (canvas: TimelineCanvas | undefined) => void;
}

/** How much of a window's height the timeline takes at most. */
const HIGHEST_PART = 0.42;
const SPOKEN_EVERY_MS = 500;

/** The canvas, what is told under the pointer, and for those who do not see it a slider. */
export function TimelineBar(props: TimelineBarProps): ReactNode {
  const { cameras, timeZone, format, session, spanMs, selection, onCanvas } = props;
  const text = useText('timeline');
  const host = useRef<HTMLDivElement>(null);
  const [canvas, setCanvas] = useState<TimelineCanvas>();
  const [hover, setHover] = useState<Hover>();
  const [error, setError] = useState<unknown>();
  const queries = useQueryClient();
  const errorText = useErrorText();
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useLayoutEffect(() => {
    if (host.current === null) return undefined;
    const made = new TimelineCanvas({
      host: host.current,
      // Through the client of queries, which sees to those who are no longer signed in.
      ask: (question) =>
        queries.fetchQuery({
          queryKey: ['timeline-tile', question],
          queryFn: ({ signal }) => askTimeline(question, signal),
          staleTime: 0,
          gcTime: 0,
          retry: false,
        }),
      time: new LocalTime(timeZone),
      labels: format,
      enlargement,
      playheadMs: () => session.nowMs,
      isPlaying: () => session.state().isPlaying,
      onScrub: (ms) => session.scrub(ms),
      onSeek: (ms) => session.seek(ms),
      onSelect: (marked) => latest.current.onSelect(marked),
      onHover: (hit, xPx, yPx) => setHover(hit && { hit, xPx, yPx }),
      onAnswer: setError,
    });
    made.start();
    made.show(spanMs, session.nowMs, 0.7);
    setCanvas(made);
    onCanvas(made);
    return () => {
      onCanvas(undefined);
      made.dispose();
    };
    // The first span is where it begins only.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [timeZone, format, session, queries, onCanvas]);

  useLayoutEffect(() => canvas?.setCameras(cameras), [canvas, cameras]);
  useLayoutEffect(() => canvas?.setSelection(selection), [canvas, selection]);

  const scale = useEnlargement();
  const mostPx = Math.max(140, (window.innerHeight / scale) * HIGHEST_PART);
  const heightPx = scale * heightFor(cameras.length, mostPx);
  return (
    <div className="relative">
      {hover !== undefined && canvas !== undefined && (
        <HoverNote
          hover={hover}
          format={format}
          presentMs={canvas.presentMs}
          widthPx={host.current?.clientWidth ?? 0}
        />
      )}
      <div
        ref={host}
        data-testid="timeline-canvas"
        className="relative w-full overflow-hidden border-t border-line bg-ground select-none"
        style={{ height: heightPx }}
      />
      {error !== undefined && (
        <p
          role="alert"
          className="absolute right-2 bottom-2 left-2 truncate rounded-md bg-danger-soft px-3 py-1.5 text-center text-danger"
        >
          {errorText(error)}
        </p>
      )}
      <MomentSlider session={session} canvas={canvas} format={format} label={text.slider} />
    </div>
  );
}

interface MomentSliderProps {
  readonly session: PlaybackSession;
  readonly canvas: TimelineCanvas | undefined;
  readonly format: Format;
  readonly label: string;
}

/** The play head as a control: its keys are those of the page. It frames the canvas when it has the focus. */
function MomentSlider({ session, canvas, format, label }: MomentSliderProps): ReactNode {
  const slider = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tell = (): void => {
      const element = slider.current;
      if (element === null || canvas === undefined) return;
      const { view } = canvas;
      const nowMs = session.nowMs;
      const attributes = {
        'aria-valuemin': Math.min(timeAt(view, 0), nowMs),
        'aria-valuemax': Math.max(toMs(view), nowMs),
        'aria-valuenow': nowMs,
      };
      for (const [name, ms] of Object.entries(attributes)) element.setAttribute(name, String(Math.floor(ms)));
      element.setAttribute('aria-valuetext', format.dateTime(nowMs));
    };
    tell();
    const timer = setInterval(tell, SPOKEN_EVERY_MS);
    return () => clearInterval(timer);
  }, [session, canvas, format]);
  return (
    <div
      ref={slider}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuenow={0}
      className="pointer-events-none absolute inset-0 -outline-offset-2"
    />
  );
}
