import { CameraOff, TriangleAlert } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import type { CameraView, PlaybackGap } from '../player/playback/player.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { useGapText } from './cause-text.ts';
import { momentText } from './moment-format.ts';

interface CameraBoxProps {
  readonly camera: string;
  readonly view: CameraView | undefined;
  /** Whether its picture is still on its way. */
  readonly isSeeking: boolean;
  readonly format: Format;
  readonly onSeek: (ms: number) => void;
  /** Where the player puts the picture. */
  readonly boxRef: Ref<HTMLDivElement>;
}

/** A camera's picture, or why there is none. */
export function CameraBox({ camera, view, isSeeking, format, onSeek, boxRef }: CameraBoxProps): ReactNode {
  const text = useText('timeline');
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
      {view?.problem !== undefined && <ProblemNote problem={view.problem} />}
      {view?.problem === undefined && view?.gap !== undefined && (
        <GapNote gap={view.gap} format={format} onSeek={onSeek} />
      )}
      <p className="absolute bottom-1.5 left-1.5 max-w-[70%] truncate rounded-sm bg-black/60 px-1.5 py-0.5 text-xs text-white">
        {camera}
      </p>
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
      {detail !== '' && <p className="wrap-anywhere text-white/60">{detail}</p>}
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

function ProblemNote({ problem }: { readonly problem: NonNullable<CameraView['problem']> }): ReactNode {
  const { problems } = useText('timeline');
  return (
    <Note
      icon={TriangleAlert}
      title={problem.kind === 'codec' ? problems.codec(problem.detail) : problems[problem.kind]}
    />
  );
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
      className="absolute inset-0 flex flex-col items-center justify-center gap-1 overflow-y-auto px-4 py-2 text-center text-[13px] text-white/80"
    >
      <Icon aria-hidden="true" className="mb-1 size-7 shrink-0 text-white/50" strokeWidth={1.5} />
      <p className="text-sm font-medium text-white">{title}</p>
      {children}
    </div>
  );
}
