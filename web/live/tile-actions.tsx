import { Camera, ChartNoAxesGantt, CircleStop, Film, Volume2, VolumeX } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { ManualEvent } from '../../src/http/api/manual-event.ts';
import { ask } from '../api/client.ts';
import { useErrorText } from '../api/error-text.ts';
import { useMay } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { useToast } from '../ui/toasts.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { saveSnapshot } from './save-snapshot.ts';
import type { CameraState } from './tile-state.tsx';

interface TileActionsProps {
  readonly status: CameraState;
  /** When the picture on screen was taken. */
  readonly shownWallMs: () => number | undefined;
  readonly isHeard: boolean;
  readonly onHear: (isHeard: boolean) => void;
}

/** What can be done with what a camera shows. */
export function TileActions({ status, shownWallMs, isHeard, onHear }: TileActionsProps): ReactNode {
  const text = useText('live');
  const errorText = useErrorText();
  const toast = useToast();
  const mayOperate = useMay('operator');
  const [, goTo] = useLocation();
  const [isBusy, setIsBusy] = useState(false);
  const { camera } = status;
  const isHeld = status.held.includes('manual');

  const run = async (work: () => Promise<void>): Promise<void> => {
    setIsBusy(true);
    try {
      await work();
    } catch (error) {
      toast(errorText(error), 'error');
    } finally {
      setIsBusy(false);
    }
  };
  const hold = async (): Promise<void> => {
    const body: ManualEvent = { isOn: !isHeld };
    await ask(`api/cameras/${encodeURIComponent(camera)}/manual-event`, { method: 'PUT', body });
    toast(isHeld ? text.eventStopped(camera) : text.eventStarted(camera));
  };
  const toTimeline = (): void => {
    const at = new Date(Math.floor(shownWallMs() ?? Date.now())).toISOString();
    goTo(`/timeline?camera=${encodeURIComponent(camera)}&at=${at}`);
  };

  return (
    <>
      {status.audio !== null && (
        <IconButton
          ground="picture"
          icon={isHeard ? Volume2 : VolumeX}
          label={text.sound}
          isPressed={isHeard}
          onClick={() => onHear(!isHeard)}
        />
      )}
      <IconButton
        ground="picture"
        icon={Camera}
        label={text.snapshot}
        disabled={isBusy}
        onClick={() => void run(() => saveSnapshot(camera, new Date()))}
      />
      {mayOperate && (
        <IconButton
          ground="picture"
          icon={isHeld ? CircleStop : Film}
          label={isHeld ? text.stopEvent : text.startEvent}
          isPressed={isHeld}
          disabled={isBusy}
          onClick={() => void run(hold)}
        />
      )}
      <IconButton ground="picture" icon={ChartNoAxesGantt} label={text.toTimeline} onClick={toTimeline} />
    </>
  );
}
