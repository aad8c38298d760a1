import { useEffect, useState, type ReactNode } from 'react';
import type { ExplainedNotice } from '../../src/http/api/explained.ts';
import { socketUrlOf } from '../api/client.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface ExplainedDialogProps {
  readonly camera: string;
  readonly onClose: () => void;
}

interface Explained {
  readonly notice: ExplainedNotice;
  readonly address: string;
}

/** The four pictures of the laboratory, live: how the detector sees what the camera shows. */
export function ExplainedDialog({ camera, onClose }: ExplainedDialogProps): ReactNode {
  const text = useText('live');
  const format = useFormat();
  const explained = useExplained(camera);
  return (
    <Dialog
      title={text.howMotionIsSeen}
      description={text.pictures.description}
      isOpen
      onClose={onClose}
      size="wide"
    >
      <div className="flex flex-col gap-3 pb-4">
        <div className="flex aspect-video items-center justify-center overflow-hidden rounded-md bg-picture text-[#a9b2bd]">
          {explained === undefined ? (
            text.pictures.waiting
          ) : (
            <img
              src={explained.address}
              alt={text.pictures.description}
              className="size-full object-contain"
            />
          )}
        </div>
        {explained !== undefined && (
          <p className="flex items-center gap-3 text-muted tabular-nums">
            <Badge tone={explained.notice.isMotion ? 'warning' : 'neutral'}>
              {explained.notice.isMotion ? text.pictures.motion : text.pictures.still}
            </Badge>
            {text.pictures.score} {format.number(explained.notice.score)}
            <span className="ml-auto text-faint">{format.timeWithSeconds(explained.notice.wallMs)}</span>
          </p>
        )}
      </div>
    </Dialog>
  );
}

function useExplained(camera: string): Explained | undefined {
  const [explained, setExplained] = useState<Explained>();
  useEffect(() => {
    const socket = new WebSocket(socketUrlOf(`api/cameras/${encodeURIComponent(camera)}/explained`));
    let notice: ExplainedNotice | undefined;
    let address: string | undefined;
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      // The server is ours: a notice, then its picture.
      if (typeof data === 'string') notice = JSON.parse(data) as ExplainedNotice;
      else if (data instanceof Blob && notice !== undefined) {
        if (address !== undefined) URL.revokeObjectURL(address);
        address = URL.createObjectURL(new Blob([data], { type: 'image/jpeg' }));
        setExplained({ notice, address });
      }
    });
    return () => {
      socket.close();
      if (address !== undefined) URL.revokeObjectURL(address);
    };
  }, [camera]);
  return explained;
}
