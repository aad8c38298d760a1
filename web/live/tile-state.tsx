import { CircleAlert, CircleDot, Film, PersonStanding, WifiOff, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CamerasAnswer } from '../../src/http/api/cameras.ts';
import type { LiveView } from '../player/live/live-view.ts';
import { useFormat, useText } from '../text/text-provider.tsx';

export type CameraState = CamerasAnswer['cameras'][number];

interface TileBadgesProps {
  readonly status: CameraState;
  readonly isMoving: boolean;
}

/** What goes on with a camera. */
export function TileBadges({ status, isMoving }: TileBadgesProps): ReactNode {
  const text = useText('live');
  return (
    <span className="flex shrink-0 items-center gap-1.5">
      {status.failure !== null && (
        <TileBadge icon={CircleAlert} label={`${text.failure}: ${status.failure}`} tone="text-[#ff8f8f]" />
      )}
      {isMoving && <TileBadge icon={PersonStanding} label={text.motion} tone="text-[#ffb84d]" />}
      {status.event !== null && (
        <TileBadge
          icon={Film}
          label={`${text.event}: ${status.event.causes.join(', ')}`}
          tone="text-[#4cc3d9]"
        />
      )}
      {status.recording && <TileBadge icon={CircleDot} label={text.recording} tone="text-[#ff6b6b]" />}
    </span>
  );
}

interface TileBadgeProps {
  readonly icon: LucideIcon;
  readonly label: string;
  /** Of the dark theme in both: it stands on a picture. */
  readonly tone: string;
}

function TileBadge({ icon: Icon, label, tone }: TileBadgeProps): ReactNode {
  return (
    <span title={label} className={tone}>
      <Icon aria-hidden="true" className="size-4" strokeWidth={2.25} />
      <span className="sr-only">{label}</span>
    </span>
  );
}

/** The camera plays, and the browser does not know how. */
export function isUnplayable(view: LiveView | undefined): boolean {
  return view?.activity.kind === 'refused' && view.activity.code === 'codec';
}

interface TileNoteProps {
  readonly status: CameraState;
  readonly view: LiveView;
  /** When the picture that still stands was taken. */
  readonly shownWallMs: number | undefined;
}

/** Why the picture is not what one expects, over it. */
export function TileNote(props: TileNoteProps): ReactNode {
  const { view } = props;
  const text = useText('live');
  switch (view.activity.kind) {
    case 'live':
    case 'behind':
      return <SlowNote view={view} />;
    case 'connecting':
      return view.hasPicture ? null : <LargeNote title={text.connecting} />;
    case 'resting':
      return <LargeNote title={text.resting} />;
    case 'server-away':
      return <LargeNote icon={WifiOff} title={text.serverAway} />;
    case 'refused':
      if (isUnplayable(view)) return <StillsNote {...props} />;
      return <LargeNote icon={CircleAlert} title={text.refused} detail={view.activity.reason} />;
    case 'camera-away':
      return <AwayNote {...props} reason={view.activity.reason} />;
    default:
      return view.activity satisfies never;
  }
}

function SlowNote({ view: { activity, track } }: Pick<TileNoteProps, 'view'>): ReactNode {
  const text = useText('live');
  if (track?.because === 'codec') return <SmallNote>{text.otherCodec}</SmallNote>;
  if (track?.because === 'slow-link') return <SmallNote>{text.slowLink}</SmallNote>;
  return activity.kind === 'behind' ? <SmallNote>{text.behind}</SmallNote> : null;
}

/** The player was refused and is told no more: that the camera is away is known of the recorder. */
function StillsNote(props: TileNoteProps): ReactNode {
  const text = useText('live');
  return props.status.stream.state === 'playing' ? (
    <SmallNote>{text.stills}</SmallNote>
  ) : (
    <AwayNote {...props} reason={undefined} />
  );
}

interface AwayNoteProps extends TileNoteProps {
  readonly reason: string | undefined;
}

function AwayNote({ status, shownWallMs, reason }: AwayNoteProps): ReactNode {
  const text = useText('live');
  const format = useFormat();
  const recordedMs = status.recorded?.toMs;
  const recorded = recordedMs === undefined ? undefined : text.lastRecorded(format.dateTime(recordedMs));
  return (
    <LargeNote
      icon={WifiOff}
      title={text.cameraAway}
      detail={status.stream.reason ?? reason}
      since={shownWallMs === undefined ? recorded : text.lastPicture(format.dateTime(shownWallMs))}
    />
  );
}

interface LargeNoteProps {
  readonly icon?: LucideIcon;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly since?: string | undefined;
}

function LargeNote({ icon: Icon, title, detail, since }: LargeNoteProps): ReactNode {
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-0 flex flex-col items-center justify-center gap-1 bg-black/60 p-3 text-center text-note text-[#e9ecf0]"
    >
      {Icon !== undefined && <Icon aria-hidden="true" className="size-6 text-[#a9b2bd]" strokeWidth={1.5} />}
      <p className="font-medium">{title}</p>
      {detail !== undefined && (
        <p className="line-clamp-2 max-w-full wrap-anywhere text-[#a9b2bd]">{detail}</p>
      )}
      {since !== undefined && <p className="text-[#a9b2bd] tabular-nums">{since}</p>}
    </div>
  );
}

function SmallNote({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <p
      role="status"
      className="pointer-events-none absolute top-2 left-2 group-data-[rank=large]/tile:top-14 rounded-md bg-black/60 px-2 py-0.5 text-xs text-[#e9ecf0]"
    >
      {children}
    </p>
  );
}
