import { Pause, Play } from 'lucide-react';
import { useEffect, useImperativeHandle, useRef, useState, type ReactNode, type RefObject } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { urlOf } from '../api/client.ts';
import { createPlayer } from '../player/playback/multi-player.ts';
import type { Player } from '../player/playback/player.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { IconButton } from '../ui/icon-button.tsx';

/** What the page does with the player of an event. */
export interface EventPlayerHandle {
  toggle(): void;
}

interface EventPlayerProps {
  readonly event: EventSummaryJson;
  readonly handle: RefObject<EventPlayerHandle | null>;
}

const LOOK_EVERY_MS = 100;

/** An event's footage, which begins to play by itself and stops at the event's end. */
export function EventPlayer({ event, handle }: EventPlayerProps): ReactNode {
  const text = useText('events');
  const format = useFormat();
  const box = useRef<HTMLDivElement>(null);
  const player = useRef<Player | undefined>(undefined);
  const [atMs, setAtMs] = useState(event.startMs);
  const [isPlaying, setPlaying] = useState(true);
  const [hasFootage, setHasFootage] = useState(true);
  const { camera, startMs, isOpen } = event;
  const endMs = useEndOf(event);
  const latestEndMs = useRef(endMs);
  useEffect(() => {
    latestEndMs.current = endMs;
  });

  useEffect(() => {
    if (box.current === null) return undefined;
    const made = createPlayer({ places: [{ camera, box: box.current }], apiUrl: urlOf('api/') });
    player.current = made;
    const showFirst = async (): Promise<void> => {
      if (!(await made.seek(startMs))) return;
      const [view] = made.view.cameras;
      setHasFootage(view?.problem === undefined && view?.gap === undefined);
    };
    void showFirst();
    made.play();
    const timer = setInterval(() => {
      if (made.view.activity === 'seeking' || made.view.activity === 'idle') return;
      const nowMs = made.nowMs();
      setAtMs(Math.min(nowMs, latestEndMs.current));
      if (nowMs < latestEndMs.current && made.view.activity !== 'end') return;
      made.pause();
      setPlaying(false);
    }, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      made.dispose();
      player.current = undefined;
    };
  }, [camera, startMs]);

  const toggle = (): void => {
    const made = player.current;
    if (made === undefined) return;
    if (isPlaying) made.pause();
    else {
      if (made.nowMs() >= endMs) void made.seek(startMs);
      made.play();
    }
    setPlaying(!isPlaying);
  };
  useImperativeHandle(handle, () => ({ toggle }));

  return (
    <div className="flex flex-col">
      <div className="relative aspect-video w-full overflow-hidden rounded-md bg-picture">
        <div ref={box} className="absolute inset-0" />
        {!hasFootage && !isOpen && (
          <p className="absolute inset-0 flex items-center justify-center text-white">{text.noFootage}</p>
        )}
      </div>
      <div className="flex items-center gap-2 pt-1">
        <IconButton
          icon={isPlaying ? Pause : Play}
          label={isPlaying ? text.pause : text.play}
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
            player.current?.scrub(Number(target.value));
            setAtMs(Number(target.value));
          }}
          onPointerUp={() => void player.current?.seek(atMs)}
          onKeyUp={() => void player.current?.seek(atMs)}
          className="h-6 grow accent-accent"
        />
        <span className="text-muted tabular-nums">{format.timeWithSeconds(atMs)}</span>
      </div>
    </div>
  );
}

/** Of one that goes on: now. */
function useEndOf({ isOpen, endMs }: EventSummaryJson): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    if (!isOpen) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isOpen]);
  return isOpen ? Math.max(endMs, nowMs) : endMs;
}
