import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { useLocation } from 'wouter';
import { useChanges } from '../api/changes.tsx';
import { urlOf } from '../api/client.ts';
import { useErrorText } from '../api/error-text.ts';
import { useMay } from '../api/session.ts';
import { MomentDialog } from '../explained/moment-dialog.tsx';
import { isUnderWay } from '../player/playback/player.ts';
import { useText } from '../text/text-provider.tsx';
import { useToast } from '../ui/toasts.tsx';
import { usePageKeys } from '../ui/use-page-keys.ts';
import { useSize } from '../ui/use-size.ts';
import { CameraBox } from './camera-box.tsx';
import { CameraMenu } from './camera-menu.tsx';
import { commandOf, isAboutMoment, type Command } from './canvas/keys.ts';
import { LocalTime } from './canvas/local-time.ts';
import { selectionAround, selectionWith, type Selection } from './canvas/selection.ts';
import type { TimelineCanvas } from './canvas/timeline-canvas.ts';
import { spanMs } from './canvas/view.ts';
import { gridColumns } from './grid-columns.ts';
import { useMomentFormat } from './moment-format.ts';
import { MomentField } from './moment-field.tsx';
import { momentLink, type MomentLink } from './moment-link.ts';
import { PlaybackSession } from './playback-session.ts';
import { savePicture } from './save-picture.ts';
import { SpanBar } from './span-bar.tsx';
import { TimelineBar } from './timeline-bar.tsx';
import { TimelineKeys } from './timeline-keys.tsx';
import { askNeighbour, type Place } from './timeline-api.ts';
import { Transport } from './transport.tsx';

interface TimelineViewProps {
  readonly place: Place;
  /** What the address asked for. */
  readonly link: MomentLink;
}

const FIRST_SPAN_MS = 3 * 3_600_000;
/** More are chosen by hand: each is decoded. */
const FIRST_CAMERAS = 4;
/** How far behind the present the newest footage can be seen: fragments end every two seconds and are told then. */
const NEWEST_MS = 6_000;
const ADDRESS_EVERY_MS = 500;
/** An event is shown from a little before what triggered it. */
const BEFORE_TRIGGER_MS = 1_000;

/** Pictures, controls and the timeline of the chosen cameras. */
export function TimelineView({ place, link }: TimelineViewProps): ReactNode {
  const text = useText('timeline');
  const errorText = useErrorText();
  const toast = useToast();
  const [, navigate] = useLocation();
  const format = useMomentFormat(place.timeZone);
  const time = useMemo(() => new LocalTime(place.timeZone), [place.timeZone]);
  const [session] = useState(() => {
    const nowMs = Date.now() + place.aheadMs;
    return new PlaybackSession(Math.min(link.atMs ?? nowMs - NEWEST_MS, nowMs));
  });
  const playback = useSyncExternalStore(session.subscribe, session.state);
  const [cameras, setCameras] = useState(() => camerasOf(link, place.cameras));
  const [selection, setSelection] = useState<Selection>();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [explained, setExplained] = useState<{ readonly camera: string; readonly atMs: number }>();
  const mayExport = useMay('operator');
  const page = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const size = useSize(grid);
  const canvas = useRef<TimelineCanvas>(undefined);
  const boxes = useRef(new Map<string, HTMLElement>());
  const lastSought = useRef(Promise.resolve());
  const presentMs = useCallback(
    () => canvas.current?.presentMs ?? Date.now() + place.aheadMs,
    [place.aheadMs],
  );

  const keepCanvas = useCallback((made: TimelineCanvas | undefined) => {
    canvas.current = made;
  }, []);

  useLayoutEffect(() => {
    const places = cameras.flatMap((camera) => {
      const box = boxes.current.get(camera);
      return box === undefined ? [] : [{ camera, box }];
    });
    session.show(places, urlOf('api/'));
    return () => session.hide();
  }, [session, cameras]);
  useAddress(session, canvas, cameras);
  useChanges((notice) => notice.type === 'event' && canvas.current?.invalidate());

  /** Up to now: what is still to come cannot be shown. */
  const seek = useCallback(
    (wantedMs: number) => {
      const ms = Math.min(wantedMs, presentMs());
      session.seek(ms);
      canvas.current?.reveal(ms);
    },
    [session, presentMs],
  );

  const seekEvent = async (direction: 1 | -1): Promise<void> => {
    try {
      // What is shown of an event begins before its trigger: the next one is after that.
      const found = await askNeighbour(session.nowMs + BEFORE_TRIGGER_MS, direction, cameras);
      if (found === null) toast(direction > 0 ? text.noEventAfter : text.noEventBefore);
      else seek(found.triggerMs - BEFORE_TRIGGER_MS);
    } catch (error) {
      toast(errorText(error), 'error');
    }
  };

  /** One after the other: somebody who presses three times goes three events on. */
  const goToEvent = (direction: 1 | -1): void => {
    lastSought.current = lastSought.current.then(() => seekEvent(direction));
  };

  const save = async (): Promise<void> => {
    const stamp = new Date(session.nowMs).toISOString().replaceAll(':', '-').replace(/\..*/, '');
    const saved = await Promise.all(
      [...boxes.current].map(([camera, box]) => savePicture(box, `${camera} ${stamp}.png`)),
    );
    if (!saved.includes(true)) toast(text.noPicture);
  };

  const copyLink = async (): Promise<void> => {
    const search = momentLink({
      cameras,
      atMs: session.nowMs,
      spanMs: canvas.current && spanMs(canvas.current.view),
    });
    try {
      await navigator.clipboard.writeText(new URL(search, location.href).href);
      toast(text.linkCopied);
    } catch {
      // Browsers give the clipboard to pages over TLS only.
      toast(text.linkNotCopied, 'error');
    }
  };

  const sight = () => ({
    spanMs: canvas.current === undefined ? FIRST_SPAN_MS : spanMs(canvas.current.view),
    presentMs: presentMs(),
  });
  const mark = (end: 'from' | 'to', ms: number): void =>
    setSelection((before) => selectionWith(before, end, ms, sight()));

  const newestMs = (): number => presentMs() - NEWEST_MS;
  const onCommand = (command: Command): void => {
    if (isAboutMoment(command, session.state().isPlaying)) canvas.current?.reveal(session.nowMs);
    switch (command.kind) {
      case 'toggle-play':
        return session.toggle();
      case 'frame':
        return session.step(command.direction);
      case 'event':
        return goToEvent(command.direction);
      case 'speed':
        return session.faster(command.direction);
      case 'zoom':
        return canvas.current?.zoomBy(command.direction);
      case 'page':
        return canvas.current?.panBy(command.direction * 0.8);
      case 'move':
        // Up to the newest footage, but not back to it.
        return seek(Math.min(session.nowMs + command.byMs, Math.max(session.nowMs, newestMs())));
      case 'start-of-day':
        return seek(time.startOfDay(session.nowMs));
      case 'live':
        return seek(newestMs());
      case 'mark':
        return mark(command.end, session.nowMs);
      case 'span':
        return setSelection(selection === undefined ? selectionAround(session.nowMs, sight()) : undefined);
      case 'mute':
        return session.setLoud(!playback.isLoud);
      case 'snapshot':
        return void save();
      case 'full-screen':
        return void toggleFullScreen(page.current);
      case 'help':
        return setHelpOpen(true);
      case 'escape':
        return setSelection(undefined);
    }
  };
  usePageKeys(commandOf, onCommand);

  const explain = (camera: string): void => {
    if (session.state().isPlaying) session.toggle();
    const shown = playback.view?.cameras.find((view) => view.camera === camera);
    setExplained({ camera, atMs: shown?.pictureMs ?? session.nowMs });
  };

  const exportSpan = ({ fromMs, toMs }: Selection): void => {
    const search = new URLSearchParams(cameras.map((camera) => ['camera', camera]));
    search.set('from', String(Math.floor(fromMs)));
    search.set('to', String(Math.ceil(toMs)));
    navigate(`/exports?${search.toString()}`);
  };

  return (
    <div ref={page} className="flex h-full flex-col bg-ground">
      <h1 className="sr-only">{text.title}</h1>
      <div
        ref={grid}
        className="grid min-h-0 grow auto-rows-fr gap-1 p-1"
        style={{
          gridTemplateColumns: `repeat(${gridColumns(cameras.length, size?.widthPx ?? 0, size?.heightPx ?? 0)}, minmax(0, 1fr))`,
        }}
      >
        {cameras.map((camera) => (
          <CameraBox
            key={camera}
            camera={camera}
            view={playback.view?.cameras.find((view) => view.camera === camera)}
            isSeeking={isUnderWay(playback.view)}
            format={format}
            onSeek={seek}
            onExplain={() => explain(camera)}
            boxRef={(box) => {
              if (box === null) boxes.current.delete(camera);
              else boxes.current.set(camera, box);
            }}
          />
        ))}
      </div>
      {selection !== undefined && (
        <SpanBar
          selection={selection}
          time={time}
          format={format}
          onMove={(end, ms) => {
            mark(end, ms);
            seek(ms);
          }}
          onLook={seek}
          onExport={mayExport ? () => exportSpan(selection) : undefined}
          onClear={() => setSelection(undefined)}
        />
      )}
      <Transport
        playback={playback}
        hasSpan={selection !== undefined}
        onCommand={onCommand}
        onRate={(rate) => session.setRate(rate)}
        onCopyLink={() => void copyLink()}
        onLive={() => navigate('/live')}
      >
        <CameraMenu all={place.cameras} chosen={cameras} onChange={setCameras} />
        <MomentField session={session} time={time} format={format} onSeek={seek} />
      </Transport>
      <TimelineBar
        cameras={cameras}
        timeZone={place.timeZone}
        format={format}
        session={session}
        spanMs={link.spanMs ?? FIRST_SPAN_MS}
        selection={selection}
        onSelect={setSelection}
        onCanvas={keepCanvas}
      />
      {explained !== undefined && (
        <MomentDialog {...explained} format={format} onClose={() => setExplained(undefined)} />
      )}
      <TimelineKeys isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

/** Those that the address names, as far as there are such; else the first. */
function camerasOf(link: MomentLink, all: readonly string[]): readonly string[] {
  const named = link.cameras.filter((camera) => all.includes(camera));
  return named.length > 0 ? named : all.slice(0, FIRST_CAMERAS);
}

/** Keeps the address at what is shown, so that it can be copied and comes back after loading again. */
function useAddress(
  session: PlaybackSession,
  canvas: { readonly current: TimelineCanvas | undefined },
  cameras: readonly string[],
): void {
  useEffect(() => {
    const write = (): void => {
      const view = canvas.current?.view;
      // While it plays only now and then: browsers refuse pages that change their address all the time.
      const atMs = session.state().isPlaying ? Math.floor(session.nowMs / 5_000) * 5_000 : session.nowMs;
      const search = momentLink({ cameras, atMs, spanMs: view && spanMs(view) });
      if (search !== location.search)
        history.replaceState(history.state, '', `${location.pathname}${search}`);
    };
    const timer = setInterval(write, ADDRESS_EVERY_MS);
    return () => clearInterval(timer);
  }, [session, canvas, cameras]);
}

async function toggleFullScreen(element: HTMLElement | null): Promise<void> {
  if (document.fullscreenElement === null) await element?.requestFullscreen();
  else await document.exitFullscreen();
}
