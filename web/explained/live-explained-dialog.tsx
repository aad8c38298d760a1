import { useEffect, useState, type ReactNode } from 'react';
import type { ExplainedNotice } from '../../src/http/api/explained.ts';
import { socketUrlOf } from '../api/client.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ExplainedPicture } from './explained-picture.tsx';
import { PictureSocket } from './picture-socket.ts';
import { ProblemNote } from './problem-note.tsx';

interface LiveExplainedDialogProps {
  readonly camera: string;
  readonly onClose: () => void;
}

interface Explained {
  readonly notice: ExplainedNotice;
  readonly address: string;
}

/** The four pictures of the laboratory, live: how the detector sees what the camera shows. */
export function LiveExplainedDialog({ camera, onClose }: LiveExplainedDialogProps): ReactNode {
  const text = useText('explained');
  const [attempt, setAttempt] = useState(0);
  return (
    <Dialog title={text.live} description={text.description} isOpen onClose={onClose} size="wide">
      <LiveExplanation key={attempt} camera={camera} onRetry={() => setAttempt(attempt + 1)} />
    </Dialog>
  );
}

interface LiveExplanationProps {
  readonly camera: string;
  readonly onRetry: () => void;
}

function LiveExplanation({ camera, onRetry }: LiveExplanationProps): ReactNode {
  const text = useText('explained');
  const format = useFormat();
  const { explained, isLost } = useExplained(camera);
  return (
    <div className="flex flex-col gap-3 pb-4">
      {isLost && <ProblemNote problem="lost" onRetry={onRetry} />}
      {(explained !== undefined || !isLost) && (
        <ExplainedPicture address={explained?.address} waiting={text.waiting} />
      )}
      {explained !== undefined && (
        <p className="flex items-center gap-3 text-muted tabular-nums">
          <Badge tone={explained.notice.isMotion ? 'warning' : 'neutral'}>
            {explained.notice.isMotion ? text.motion : text.still}
          </Badge>
          {text.score} {format.number(explained.notice.score)}
          <span className="ml-auto text-faint">{format.timeWithSeconds(explained.notice.wallMs)}</span>
        </p>
      )}
    </div>
  );
}

function useExplained(camera: string): {
  readonly explained: Explained | undefined;
  readonly isLost: boolean;
} {
  const [explained, setExplained] = useState<Explained>();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    let notice: ExplainedNotice | undefined;
    let address: string | undefined;
    const path = `api/cameras/${encodeURIComponent(camera)}/explained`;
    const socket = new PictureSocket<ExplainedNotice>(socketUrlOf(path), {
      onNotice: (told) => (notice = told),
      onPicture: (jpeg) => {
        if (notice === undefined) return;
        if (address !== undefined) URL.revokeObjectURL(address);
        address = URL.createObjectURL(jpeg);
        setExplained({ notice, address });
      },
      onLost: () => setLost(true),
    });
    return () => {
      socket.close();
      if (address !== undefined) URL.revokeObjectURL(address);
    };
  }, [camera]);
  return { explained, isLost };
}
