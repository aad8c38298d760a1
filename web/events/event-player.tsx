import { Pause, Play, RotateCcw } from 'lucide-react';
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
  type RefObject,
} from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { urlOf } from '../api/client.ts';
import { MomentDialog } from '../explained/moment-dialog.tsx';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { isUnderWay } from '../player/playback/player.ts';
import { CameraBox } from '../timeline/camera-box.tsx';
import { PlaybackSession } from '../timeline/playback-session.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { leaveFocus } from '../ui/leave-focus.ts';

/** What the page does with the player of an event. */
export interface EventPlayerHandle {
  toggle(): void;
}

interface EventPlayerProps {
  readonly event: EventSummaryJson;
  readonly format: Format;
  readonly handle: RefObject<EventPlayerHandle | null>;
  /** Beside what plays and pauses. */
  readonly children: ReactNode;
}

const LOOK_EVERY_MS = 100;

/** Plays an event from its beginning to its end; another one of the same camera in the same player. */
export function EventPlayer({ event, format, handle, children }: EventPlayerProps): ReactNode {
  const text = useText('events');
  const { camera, startMs, endMs, isOpen } = event;
  const box = useRef<HTMLDivElement>(null);
  const [session] = useState(() => new PlaybackSession(startMs));
  const { isPlaying, view } = useSyncExternalStore(session.subscribe, session.state);
  const [atMs, setAtMs] = useState(startMs);
  const [explainedMs, setExplainedMs] = useState<number>();

  useLayoutEffect(() => {
    if (box.current === null) return undefined;
    session.show([{ camera, box: box.current }], urlOf('api/'));
    return () => session.hide();
  }, [session, camera]);
  useEffect(() => {
    session.seek(startMs);
    if (!session.state().isPlaying) session.toggle();
  }, [session, startMs]);
  useEffect(() => {
    const timer = setInterval(() => {
      setAtMs(Math.min(endMs, Math.max(startMs, session.nowMs)));
      // An event that goes on gets longer: it is played on.
      if (session.nowMs >= endMs && !isOpen && session.state().isPlaying) session.toggle();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [session, startMs, endMs, isOpen]);

  const isOver = atMs >= endMs && !isPlaying;
  const toggle = (): void => {
    if (isOver) session.seek(startMs);
    session.toggle();
  };
  const explain = (): void => {
    if (isPlaying) session.toggle();
    // The picture at its beginning may be from a moment before it, and it stops a moment after its end.
    const shownMs = view?.cameras[0]?.pictureMs ?? atMs;
    setExplainedMs(Math.max(startMs, Math.min(endMs - 1, shownMs)));
  };
  useImperativeHandle(handle, () => ({ toggle }));

  return (
    <div className="px-4">
      <div className="grid aspect-video max-h-[58dvh] w-full">
        <CameraBox
          camera={camera}
          view={view?.cameras[0]}
          isSeeking={isUnderWay(view)}
          format={format}
          onSeek={(ms) => session.seek(ms)}
          onExplain={explain}
          boxRef={box}
        />
      </div>
      <div
        role="toolbar"
        aria-label={camera}
        tabIndex={-1}
        onMouseDown={leaveFocus}
        className="flex flex-wrap items-center gap-1 py-1 outline-none"
      >
        <IconButton
          icon={isOver ? RotateCcw : isPlaying ? Pause : Play}
          label={isOver ? text.again : isPlaying ? text.pause : text.play}
          onClick={toggle}
        />
        <input
          type="range"
          aria-label={text.moment}
          aria-valuetext={format.timeWithSeconds(atMs)}
          min={startMs}
          max={endMs}
          step={100}
          value={atMs}
          onChange={({ target }) => {
            session.scrub(Number(target.value));
            setAtMs(Number(target.value));
          }}
          onPointerUp={() => session.seek(atMs)}
          onKeyUp={() => session.seek(atMs)}
          className="h-6 min-w-24 grow basis-24 accent-accent"
        />
        <span className="pr-2 text-muted tabular-nums">{format.timeWithSeconds(atMs)}</span>
        {children}
      </div>
      {explainedMs !== undefined && (
        <MomentDialog
          camera={camera}
          atMs={explainedMs}
          format={format}
          onClose={() => setExplainedMs(undefined)}
        />
      )}
    </div>
  );
}
