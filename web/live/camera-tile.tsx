import { X } from 'lucide-react';
import { useState, type ComponentProps, type CSSProperties, type ReactNode } from 'react';
import type { LiveView } from '../player/live/live-view.ts';
import { useText } from '../text/text-provider.tsx';
import { classNames } from '../ui/class-names.ts';
import type { TileBox } from './fit-tiles.ts';
import { LargeTileBar } from './large-tile-bar.tsx';
import { LevelMeter } from './level-meter.tsx';
import { MotionOverlay } from './motion-overlay.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { StillPictures } from './still-pictures.tsx';
import { TileActions } from './tile-actions.tsx';
import { isUnplayable, TileBadges, TileNote, type CameraState } from './tile-state.tsx';
import { useInView } from './use-in-view.ts';
import { useLivePlayer } from './use-live-player.ts';
import { useMoving } from './use-moving.ts';
import { useSoundLevel } from './use-sound-level.ts';
import { NO_ZOOM } from './zoom.ts';
import { Zoomable } from './zoomable.tsx';

const VOLUME = 1;
const SMALL_STILL_PX = 640;
const LARGE_STILL_PX = 1920;

/** From a camera that is shown large to another one, or back to all. */
export type Step = 'previous' | 'next' | 'all';

/** How a tile is shown: among others, alone and as large as can be, or not while another one is. */
export type TileRank = 'one-of-all' | 'large' | 'hidden';

export interface CameraTileProps {
  readonly status: CameraState;
  readonly box: TileBox;
  readonly rank: TileRank;
  readonly hasOverlay: boolean;
  readonly isHeard: boolean;
  readonly onHear: (isHeard: boolean) => void;
  readonly onStep: (to: Step) => void;
  /** Undefined where it cannot be taken out. */
  readonly onRemove: (() => void) | undefined;
  /** Of the button that covers the picture. */
  readonly handle: ComponentProps<'button'>;
  /** While it is dragged: how far. */
  readonly drag: { readonly xPx: number; readonly yPx: number } | undefined;
}

/** A camera's live picture, with its state over it. The same element, and player, whether small or large. */
export function CameraTile(props: CameraTileProps): ReactNode {
  const { status, box, rank, hasOverlay, isHeard, drag } = props;
  const text = useText('live');
  const [tile, setTile] = useState<HTMLDivElement | null>(null);
  const [zoom, setZoom] = useState(NO_ZOOM);
  const isLarge = rank === 'large';
  const isVisible = useInView(tile) && rank !== 'hidden';
  const { videoRef, video, player, view } = useLivePlayer({
    camera: status.camera,
    stream: isLarge ? 'auto' : 'sub',
    isVisible,
    volume: isHeard ? VOLUME : 0,
  });
  const hasStills = useHasStills(view);
  const level = useSoundLevel(video, isHeard);
  const isMoving = useMoving(status.camera, isVisible);
  const aspect = aspectOf(status);
  const picture = pictureBox(box, aspect);
  return (
    <div
      ref={setTile}
      role="group"
      aria-label={status.camera}
      data-camera={status.camera}
      data-activity={view?.activity.kind}
      data-rank={rank}
      className={classNames(
        'group/tile absolute bg-picture',
        rank === 'hidden' && 'invisible',
        isLarge ? 'z-10' : 'overflow-hidden rounded-sm',
        drag === undefined ? 'transition-[left,top] duration-150' : 'z-20 opacity-80 shadow-raised',
      )}
      style={{ ...placed(box), ...(drag && { transform: `translate(${drag.xPx}px, ${drag.yPx}px)` }) }}
    >
      <Zoomable isOn={isLarge} zoom={isLarge ? zoom : NO_ZOOM} onZoom={setZoom} onSwipe={props.onStep}>
        <div className="absolute" style={placed(picture)}>
          <video ref={videoRef} muted playsInline aria-hidden="true" className="size-full object-fill" />
          {isVisible && hasStills && (
            <StillPictures
              camera={status.camera}
              widthPx={isLarge ? LARGE_STILL_PX : SMALL_STILL_PX}
              isAsking={isUnplayable(view)}
            />
          )}
          {hasOverlay && isVisible && <MotionOverlay camera={status.camera} aspect={aspect} />}
        </div>
      </Zoomable>
      {view !== undefined && <TileNote status={status} view={view} shownWallMs={player?.shownWallMs} />}
      {level !== undefined && <LevelMeter level={level} />}
      {isLarge ? (
        <LargeTileBar
          status={status}
          shownWallMs={() => player?.shownWallMs}
          isMoving={isMoving}
          isHeard={isHeard}
          onHear={props.onHear}
          onStep={props.onStep}
          zoom={zoom}
          onZoom={setZoom}
        />
      ) : (
        <>
          <button
            type="button"
            {...props.handle}
            aria-label={text.enlarge(status.camera)}
            className="absolute inset-0 rounded-sm focus-visible:-outline-offset-2"
          />
          <div className="pointer-events-none absolute inset-x-0 bottom-0 flex items-center justify-between gap-2 bg-gradient-to-t from-black/75 to-transparent px-2 pt-5 pb-1.5 text-note text-[#e9ecf0]">
            <span className="truncate font-medium [text-shadow:0_0_3px_#000]">{status.camera}</span>
            <TileBadges status={status} isMoving={isMoving} />
          </div>
          <div className="absolute top-1.5 right-1.5 flex gap-1 opacity-0 transition-opacity group-focus-within/tile:opacity-100 group-hover/tile:opacity-100 pointer-coarse:hidden">
            {box.widthPx > 260 && (
              <TileActions
                status={status}
                shownWallMs={() => player?.shownWallMs}
                isHeard={isHeard}
                onHear={props.onHear}
              />
            )}
          </div>
          {props.onRemove !== undefined && (
            <IconButton
              ground="picture"
              icon={X}
              label={text.removeCamera(status.camera)}
              onClick={props.onRemove}
              className="absolute top-1.5 left-1.5"
            />
          )}
        </>
      )}
    </div>
  );
}

/** Whether the picture is a single one: also while the server is away, until something plays. */
function useHasStills(view: LiveView | undefined): boolean {
  const [hasStills, setHasStills] = useState(false);
  const kind = view?.activity.kind;
  const plays = kind === 'live' || kind === 'behind';
  const isNeeded = isUnplayable(view) || (hasStills && !plays);
  if (isNeeded !== hasStills) setHasStills(isNeeded);
  return isNeeded;
}

/** Width by height of a camera's pictures; of most cameras where it has not told yet. */
export function aspectOf({ video }: CameraState): number {
  return video === null || video.height === 0 ? 16 / 9 : video.width / video.height;
}

/** The largest of this shape in the middle of the box. */
function pictureBox({ widthPx, heightPx }: TileBox, aspect: number): TileBox {
  const width = Math.min(widthPx, heightPx * aspect);
  const height = width / aspect;
  return {
    leftPx: (widthPx - width) / 2,
    topPx: (heightPx - height) / 2,
    widthPx: width,
    heightPx: height,
  };
}

function placed({ leftPx, topPx, widthPx, heightPx }: TileBox): CSSProperties {
  return { left: leftPx, top: topPx, width: widthPx, height: heightPx };
}
