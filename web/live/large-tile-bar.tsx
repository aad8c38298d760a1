import { ArrowLeft, ChevronLeft, ChevronRight, ScanEye, ZoomIn, ZoomOut } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { LiveExplainedDialog } from '../explained/live-explained-dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { TileActions } from './tile-actions.tsx';
import { TileBadges, type CameraState } from './tile-state.tsx';
import { zoomAt, type Zoom } from './zoom.ts';

const STEP = 1.5;
const CENTRE = { x: 0, y: 0 };

interface LargeTileBarProps {
  readonly status: CameraState;
  readonly shownWallMs: () => number | undefined;
  readonly isMoving: boolean;
  readonly isHeard: boolean;
  readonly onHear: (isHeard: boolean) => void;
  readonly onStep: (to: 'previous' | 'next' | 'all') => void;
  readonly zoom: Zoom;
  readonly onZoom: (change: (zoom: Zoom) => Zoom) => void;
}

/** What can be done with the one camera that is shown large, above and below its picture. */
export function LargeTileBar(props: LargeTileBarProps): ReactNode {
  const { status, onStep, zoom, onZoom } = props;
  const text = useText('live');
  const explained = useText('explained');
  const [isExplained, setIsExplained] = useState(false);
  return (
    <>
      <div className="pointer-events-none absolute inset-x-0 top-0 flex items-center gap-3 bg-gradient-to-b from-black/70 to-transparent p-2 pb-6 text-[#e9ecf0]">
        <IconButton
          ground="picture"
          icon={ArrowLeft}
          label={text.back}
          className="pointer-events-auto"
          onClick={() => onStep('all')}
        />
        <h2 className="min-w-0 truncate text-base font-medium [text-shadow:0_0_3px_#000]">{status.camera}</h2>
        <TileBadges status={status} isMoving={props.isMoving} />
      </div>
      <div className="pointer-events-none absolute inset-x-0 bottom-0 flex flex-wrap items-center justify-center gap-1 bg-gradient-to-t from-black/70 to-transparent p-2 pt-6 *:pointer-events-auto">
        <IconButton
          ground="picture"
          icon={ChevronLeft}
          label={text.previous}
          onClick={() => onStep('previous')}
        />
        <IconButton
          ground="picture"
          icon={ZoomOut}
          className="pointer-coarse:hidden"
          label={text.zoomOut}
          disabled={zoom.scale === 1}
          onClick={() => onZoom((before) => zoomAt(before, 1 / STEP, CENTRE))}
        />
        <IconButton
          ground="picture"
          icon={ZoomIn}
          className="pointer-coarse:hidden"
          label={text.zoomIn}
          onClick={() => onZoom((before) => zoomAt(before, STEP, CENTRE))}
        />
        <TileActions
          status={status}
          shownWallMs={props.shownWallMs}
          isHeard={props.isHeard}
          onHear={props.onHear}
        />
        <IconButton
          ground="picture"
          icon={ScanEye}
          label={explained.live}
          onClick={() => setIsExplained(true)}
        />
        <IconButton ground="picture" icon={ChevronRight} label={text.next} onClick={() => onStep('next')} />
      </div>
      {isExplained && <LiveExplainedDialog camera={status.camera} onClose={() => setIsExplained(false)} />}
    </>
  );
}
