import { EyeOff, MapPin, Redo2, Trash2, Undo2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Motion } from '../../api/changes.tsx';
import { useInView } from '../../live/use-in-view.ts';
import { useLivePlayer } from '../../live/use-live-player.ts';
import { useText } from '../../text/text-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { usePageKeys } from '../../ui/use-page-keys.ts';
import { AreaHandles } from './area-handles.tsx';
import { areaName } from './area-name.ts';
import { freeName, LEAST_CORNERS, withChanged, withNewArea, withoutCorner, type Area } from './areas.ts';
import { DrawnAreas } from './drawn-areas.tsx';
import type { Drawing } from './use-drawing.ts';

interface AreaEditorProps {
  readonly camera: string;
  readonly drawing: Drawing;
  readonly motion: Motion | undefined;
  /** Why masks, or zones, cannot be changed. */
  readonly lockOf: (kind: Area['kind']) => string | undefined;
}

const USUAL_ASPECT = 16 / 9;

/** The camera's live picture, on which masks and zones are drawn. */
export function AreaEditor({ camera, drawing, motion, lockOf }: AreaEditorProps): ReactNode {
  const text = useText('motion');
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const [corner, setCorner] = useState<number>();
  const isVisible = useInView(box);
  const { videoRef, view } = useLivePlayer({ camera, stream: 'auto', isVisible, volume: 0 });
  const { areas, selected, change, settle, select, undo, redo } = drawing;
  const { track } = view ?? {};
  const aspect = track === undefined ? USUAL_ASPECT : track.widthPx / track.heightPx;
  const canRemoveCorner =
    selected !== undefined && corner !== undefined && selected.corners.length > LEAST_CORNERS;

  const add = (kind: Area['kind']): void => {
    const added = withNewArea(areas, kind, kind === 'zone' ? freeName(areas, text.zone) : '');
    change(added);
    select(added.at(-1)?.id);
    setCorner(undefined);
  };
  const removeCorner = (): void => {
    if (selected === undefined || corner === undefined) return;
    change(withChanged(areas, selected.id, (area) => withoutCorner(area, corner)));
    setCorner(undefined);
  };
  usePageKeys(commandOf, (command) => (command === 'undo' ? undo : redo)?.());

  return (
    <div role="group" aria-label={text.picture} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <Button onClick={() => add('mask')} disabled={lockOf('mask') !== undefined}>
          <EyeOff aria-hidden="true" className="size-4" />
          {text.addMask}
        </Button>
        <Button onClick={() => add('zone')} disabled={lockOf('zone') !== undefined}>
          <MapPin aria-hidden="true" className="size-4" />
          {text.addZone}
        </Button>
        <span className="ml-auto flex">
          <IconButton
            icon={Trash2}
            label={text.removeCorner}
            disabled={!canRemoveCorner}
            onClick={removeCorner}
          />
          <IconButton icon={Undo2} label={text.undo} disabled={undo === undefined} onClick={undo} />
          <IconButton icon={Redo2} label={text.redo} disabled={redo === undefined} onClick={redo} />
        </span>
      </div>
      <div
        ref={setBox}
        data-camera={camera}
        data-activity={view?.activity.kind}
        // Not higher than the window, so that all of it is seen at once.
        style={{ aspectRatio: aspect, maxWidth: `calc(70vh * ${aspect})` }}
        className="relative w-full rounded-md bg-picture select-none"
      >
        <video
          ref={videoRef}
          muted
          playsInline
          aria-hidden="true"
          className="absolute size-full rounded-md object-fill"
        />
        {view?.hasPicture !== true && view?.activity.kind === 'camera-away' && (
          <p
            role="status"
            className="pointer-events-none absolute inset-x-0 bottom-0 p-3 text-center text-note text-[#a9b2bd]"
          >
            {text.cameraAway}
          </p>
        )}
        <DrawnAreas
          areas={areas}
          selectedId={selected?.id}
          aspect={aspect}
          motion={motion}
          onSelect={(id) => {
            select(id);
            setCorner(undefined);
          }}
        />
        {selected !== undefined && lockOf(selected.kind) === undefined && (
          <AreaHandles
            area={selected}
            label={areaName(selected, areas, text)}
            corner={corner}
            onCorner={setCorner}
            onChange={(area, gesture) =>
              change(
                withChanged(areas, area.id, () => area),
                gesture,
              )
            }
            onSettled={settle}
          />
        )}
      </div>
    </div>
  );
}

/** As everywhere: Ctrl+Z, or Cmd+Z, and with Shift the other way. */
function commandOf(event: KeyboardEvent): 'undo' | 'redo' | undefined {
  if (!(event.ctrlKey || event.metaKey)) return undefined;
  const key = event.key.toLowerCase();
  if (key === 'y') return 'redo';
  if (key !== 'z') return undefined;
  return event.shiftKey ? 'redo' : 'undo';
}
