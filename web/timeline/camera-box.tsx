import { CameraOff, ScanEye, TriangleAlert } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import type { CameraView, PlaybackGap } from '../player/playback/player.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { useGapDetailText, useGapText } from './cause-text.ts';
import { momentText } from './moment-format.ts';

interface CameraBoxProps {
  readonly camera: string;
  readonly view: CameraView | undefined;
  /** Whether the picture that is wanted is still on its way. */
  readonly isSeeking: boolean;
  readonly format: Format;
  readonly onSeek: (ms: number) => void;
  /** Why there is or is not an event is asked. */
  readonly onExplain: () => void;
  /** Where the player puts the picture. */
  readonly boxRef: Ref<HTMLDivElement>;
}

/** A camera's picture, or why there is none. */
export function CameraBox(props: CameraBoxProps): ReactNode {
  const { camera, view, isSeeking, format, onSeek, onExplain, boxRef } = props;
  const text = useText('timeline');
  const explained = useText('explained');
  const isWaiting = isSeeking && view?.pictureMs === undefined && view?.gap === undefined;
  return (
    <section
      aria-label={camera}
      data-camera={camera}
      data-picture-ms={view?.pictureMs === undefined ? undefined : Math.round(view.pictureMs)}
      className="relative min-h-0 min-w-0 overflow-hidden rounded-md bg-picture"
    >
      <div ref={boxRef} className="absolute inset-0" />
      {isWaiting && (
        <p role="status" className="absolute inset-0 flex items-center justify-center text-white/60">
          {text.loadingPicture}
        </p>
      )}
      {isSeeking && !isWaiting && <LateNote />}
      {view?.problem === undefined && view?.isServed === true && (
        <p
          role="status"
          className="pointer-events-none absolute top-1.5 left-1.5 max-w-[90%] rounded-sm bg-black/60 px-1.5 py-0.5 text-xs text-white"
        >
          {text.served}
        </p>
      )}
      {view?.problem !== undefined && <ProblemNote problem={view.problem} />}
      {view?.problem === undefined && view?.gap !== undefined && (
        <GapNote gap={view.gap} format={format} onSeek={onSeek} />
      )}
      <p className="absolute bottom-1.5 left-1.5 max-w-[70%] truncate rounded-sm bg-black/60 px-1.5 py-0.5 text-xs text-white">
        {camera}
      </p>
      <IconButton
        ground="picture"
        icon={ScanEye}
        label={explained.momentButton}
        className="absolute right-1 bottom-1"
        onClick={onExplain}
      />
    </section>
  );
}

interface GapNoteProps {
  readonly gap: PlaybackGap;
  readonly format: Format;
  readonly onSeek: (ms: number) => void;
}

function GapNote({ gap, format, onSeek }: GapNoteProps): ReactNode {
  const text = useText('timeline');
  const gapText = useGapText();
  const gapDetailText = useGapDetailText();
  const { fromMs, toMs, cause, detail } = gap;
  const hasBegin = Number.isFinite(fromMs) && fromMs > 0;
  const hasEnd = Number.isFinite(toMs);
  const until = momentText(format, toMs, hasBegin ? fromMs : undefined);
  const since = momentText(format, fromMs, undefined);
  const span = hasBegin
    ? hasEnd
      ? text.sinceUntil(since, until)
      : text.since(since)
    : hasEnd
      ? text.until(until)
      : '';
  return (
    <Note icon={CameraOff} title={text.noFootage}>
      <p>{gapText(!hasBegin && cause === 'unknown' ? 'before' : cause)}</p>
      {span !== '' && <p className="tabular-nums">{span}</p>}
      {detail !== '' && <p className="wrap-anywhere text-white/60">{gapDetailText(gap)}</p>}
      {hasEnd && (
        <Button className="mt-2" onClick={() => onSeek(toMs)}>
          {text.toNextFootage}
        </Button>
      )}
      {!hasEnd && hasBegin && (
        <Button className="mt-2" onClick={() => onSeek(fromMs - 1)}>
          {text.toLastFootage}
        </Button>
      )}
    </Note>
  );
}

/** Over an older picture, when the one that is wanted takes long. */
function LateNote(): ReactNode {
  const { loadingPicture } = useText('timeline');
  return (
    <p
      aria-hidden="true"
      className="pointer-events-none absolute top-2 right-2 rounded-md bg-black/60 px-2 py-0.5 text-xs text-white opacity-100 transition-opacity delay-[1500ms] starting:opacity-0"
    >
      {loadingPicture}
    </p>
  );
}

function ProblemNote({ problem }: { readonly problem: NonNullable<CameraView['problem']> }): ReactNode {
  const { problems } = useText('timeline');
  return <Note icon={TriangleAlert} title={problems[problem.kind]} />;
}

function Note({
  icon: Icon,
  title,
  children,
}: {
  readonly icon: typeof CameraOff;
  readonly title: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div
      role="status"
      className="absolute inset-0 flex flex-col items-center justify-center gap-1 overflow-y-auto bg-black/60 px-4 py-2 text-center text-note text-white/80"
    >
      <Icon aria-hidden="true" className="mb-1 size-7 shrink-0 text-white/50" strokeWidth={1.5} />
      <p className="text-sm font-medium text-white">{title}</p>
      {children}
    </div>
  );
}
