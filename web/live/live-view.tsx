import { LayoutGrid, Minimize } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Arrangement } from '../../src/http/api/layouts.ts';
import { storedChoice } from '../preferences/stored-choice.ts';
import { useChoice } from '../preferences/use-choice.ts';
import { useText } from '../text/text-provider.tsx';
import { EmptyState } from '../ui/states.tsx';
import { useToast } from '../ui/toasts.tsx';
import { camerasOf, layoutNamed, rearranged, withLayout, withoutLayout } from './arrangement.ts';
import { LiveGrid } from './live-grid.tsx';
import { liveLink, parseLiveLink } from './live-link.ts';
import { LiveToolbar } from './live-toolbar.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import type { CameraState } from './tile-state.tsx';
import { useArrange } from './use-arrangement.ts';
import { useFullScreen } from './use-full-screen.ts';

const overlayChoice = storedChoice('live-overlay', ['off', 'on'], 'off');

interface LiveViewProps {
  readonly statuses: readonly CameraState[];
  readonly arrangement: Arrangement;
}

/** The live page of somebody who has cameras. What it shows is in its address. */
export function LiveView({ statuses, arrangement }: LiveViewProps): ReactNode {
  const text = useText('live');
  const toast = useToast();
  const arrange = useArrange();
  const fullScreen = useFullScreen();
  const [, goTo] = useLocation();
  const { layout, camera } = parseLiveLink(useSearch());
  const [isArranging, setIsArranging] = useState(false);
  const [overlay, setOverlay] = useChoice(overlayChoice);

  const all = statuses.map((status) => status.camera);
  const cameras = camerasOf(arrangement, layout, all);
  const isNamed = layoutNamed(arrangement.layouts, layout) !== undefined;
  const large = camera !== undefined && cameras.includes(camera) ? camera : undefined;
  const show = (chosen: readonly string[]): void => arrange(rearranged(arrangement, layout, chosen));

  return (
    <div className={fullScreen.isOn ? 'fixed inset-0 z-30 flex flex-col bg-black' : 'flex h-full flex-col'}>
      {!fullScreen.isOn && large === undefined && (
        <LiveToolbar
          layouts={arrangement.layouts}
          layout={layout}
          onLayout={(name) => goTo(liveLink({ layout: name, camera: undefined }))}
          onSaveLayout={(name) => {
            arrange(withLayout(arrangement, { name, cameras: [...cameras] }));
            goTo(liveLink({ layout: name, camera: undefined }));
            toast(text.layoutSaved(name));
          }}
          onDeleteLayout={(name) => {
            arrange(withoutLayout(arrangement, name));
            goTo(liveLink({ layout: undefined, camera: undefined }));
            toast(text.layoutDeleted(name));
          }}
          isArranging={isArranging}
          onArranging={setIsArranging}
          others={all.filter((each) => !cameras.includes(each))}
          onAdd={(added) => show([...cameras, added])}
          hasOverlay={overlay === 'on'}
          onOverlay={(hasOverlay) => setOverlay(hasOverlay ? 'on' : 'off')}
          onFullScreen={fullScreen.toggle}
        />
      )}
      {cameras.length === 0 ? (
        <EmptyState icon={LayoutGrid} title={text.emptyLayout}>
          {text.emptyLayoutHint}
        </EmptyState>
      ) : (
        <LiveGrid
          statuses={statuses}
          cameras={cameras}
          large={large}
          isArranging={isArranging}
          hasOverlay={overlay === 'on'}
          onEnlarge={(enlarged) => {
            // Going back leads to all of them, not through each that was looked at.
            const replace = large !== undefined && enlarged !== undefined;
            goTo(liveLink({ layout, camera: enlarged }), { replace });
          }}
          onArrange={show}
          onRemove={isNamed ? (removed) => show(cameras.filter((each) => each !== removed)) : undefined}
        />
      )}
      {fullScreen.isOn && fullScreen.toggle !== undefined && (
        <IconButton
          ground="picture"
          icon={Minimize}
          label={text.endFullScreen}
          onClick={fullScreen.toggle}
          className="fixed top-2 right-2 z-30 opacity-0 hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-60"
        />
      )}
    </div>
  );
}
