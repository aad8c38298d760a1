import {
  Camera,
  ChevronsRight,
  CircleHelp,
  Link2,
  Maximize,
  Pause,
  Play,
  Radio,
  Rewind,
  Scissors,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
  Volume2,
  VolumeX,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { RATES } from '../player/playback/player.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { leaveFocus } from '../ui/leave-focus.ts';
import { Menu, MenuChoice } from '../ui/menu.tsx';
import type { Command } from './canvas/keys.ts';
import type { PlaybackState } from './playback-session.ts';

interface TransportProps {
  readonly playback: PlaybackState;
  /** Whether a span is marked. */
  readonly hasSpan: boolean;
  /** Does what the keys do. */
  readonly onCommand: (command: Command) => void;
  readonly onRate: (rate: number) => void;
  readonly onCopyLink: () => void;
  /** Goes to the live pictures. */
  readonly onLive: () => void;
  /** Before the buttons: which cameras, and what time it is. */
  readonly children: ReactNode;
}

/** What can be done with a mouse or a finger; all of it can be done by keys too. */
export function Transport(props: TransportProps): ReactNode {
  const { playback, hasSpan, onCommand, onCopyLink, onLive, children } = props;
  const text = useText('timeline');
  const ui = useText('ui');
  const isPlaying = playback.isPlaying && playback.view?.activity !== 'end';
  return (
    <div
      role="toolbar"
      aria-label={text.title}
      tabIndex={-1}
      onMouseDown={leaveFocus}
      className="flex flex-wrap items-center justify-between gap-x-3 gap-y-0.5 border-t border-line bg-surface px-2 py-1 outline-none"
    >
      <div className="flex w-full min-w-0 items-center justify-between gap-1 sm:w-auto sm:justify-start">
        {children}
      </div>
      <div className="order-first flex w-full items-center justify-center sm:order-none sm:w-auto sm:gap-0.5">
        <Step
          icon={SkipBack}
          label={text.previousEvent}
          command={{ kind: 'event', direction: -1 }}
          {...props}
        />
        <Step icon={StepBack} label={text.frameBack} command={{ kind: 'frame', direction: -1 }} {...props} />
        <IconButton
          icon={Rewind}
          label={text.backward}
          isPressed={playback.rate < 0}
          onClick={() => props.onRate(-playback.rate)}
        />
        <IconButton
          icon={isPlaying ? Pause : Play}
          label={isPlaying ? text.pause : text.play}
          onClick={() => onCommand({ kind: 'toggle-play' })}
          className="bg-accent-soft text-accent!"
        />
        <SpeedMenu {...props} />
        <Step icon={StepForward} label={text.frameOn} command={{ kind: 'frame', direction: 1 }} {...props} />
        <Step
          icon={SkipForward}
          label={text.nextEvent}
          command={{ kind: 'event', direction: 1 }}
          {...props}
        />
      </div>
      <div className="flex w-full items-center justify-between overflow-x-auto sm:w-auto sm:justify-start">
        <IconButton
          icon={playback.isLoud ? Volume2 : VolumeX}
          label={playback.isLoud ? text.soundOff : text.soundOn}
          isPressed={playback.isLoud}
          onClick={() => onCommand({ kind: 'mute' })}
        />
        <Step icon={Camera} label={text.snapshot} command={{ kind: 'snapshot' }} {...props} />
        <IconButton
          icon={Scissors}
          label={text.markSpan}
          isPressed={hasSpan}
          onClick={() => onCommand({ kind: 'span' })}
        />
        <IconButton icon={Link2} label={text.copyLink} onClick={onCopyLink} />
        <span className="hidden sm:contents">
          <Step icon={ZoomOut} label={text.zoomOut} command={{ kind: 'zoom', direction: -1 }} {...props} />
          <Step icon={ZoomIn} label={text.zoomIn} command={{ kind: 'zoom', direction: 1 }} {...props} />
          <Step icon={Maximize} label={text.fullScreen} command={{ kind: 'full-screen' }} {...props} />
          <Step icon={CircleHelp} label={ui.keys} command={{ kind: 'help' }} {...props} />
        </span>
        <Step icon={ChevronsRight} label={text.keyNames.end} command={{ kind: 'live' }} {...props} />
        <Button look="quiet" className="text-recording!" aria-label={text.toLive} onClick={onLive}>
          <Radio aria-hidden="true" className="size-4" />
          {text.live}
        </Button>
      </div>
    </div>
  );
}

interface StepProps extends Pick<TransportProps, 'onCommand'> {
  readonly icon: typeof Play;
  readonly label: string;
  readonly command: Command;
}

function Step({ icon, label, command, onCommand }: StepProps): ReactNode {
  return <IconButton icon={icon} label={label} onClick={() => onCommand(command)} />;
}

function SpeedMenu({ playback, onRate }: TransportProps): ReactNode {
  const text = useText('timeline');
  const { rate } = playback;
  return (
    <Menu
      side="top"
      align="center"
      trigger={
        <Button
          look="quiet"
          className="min-w-11 px-2 tabular-nums sm:min-w-14"
          aria-label={`${text.speed}: ${rateText(rate)}`}
        >
          {rateText(rate)}
        </Button>
      }
    >
      <MenuChoice
        label={text.speed}
        value={String(Math.abs(rate))}
        choices={RATES.map((one) => ({ value: String(one), label: rateText(one) }))}
        onChange={(chosen) => onRate(Math.sign(rate) * Number(chosen))}
      />
    </Menu>
  );
}

/** `1/8×`, `−4×` */
function rateText(rate: number): string {
  const speed = Math.abs(rate);
  return `${rate < 0 ? '−' : ''}${speed < 1 ? `1/${Math.round(1 / speed)}` : speed}×`;
}
