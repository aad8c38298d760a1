import { useEffect, useRef, useState, type ReactNode } from 'react';
import { urlOf } from '../api/client.ts';
import { MomentPreview } from '../player/playback/moment-preview.ts';
import { classNames } from '../ui/class-names.ts';

interface HoverPictureProps {
  readonly camera: string;
  readonly atMs: number;
}

/** Wide enough for sharp pixels where the note is largest. */
const WIDTH_PX = 480;

/** What a camera saw at the moment under the pointer, small; takes no room before there is a picture. */
export function HoverPicture({ camera, atMs }: HoverPictureProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const preview = useRef<MomentPreview>(undefined);
  const [shown, setShown] = useState<HoverPictureProps>();
  useEffect(() => {
    if (canvas.current === null) return undefined;
    const made = new MomentPreview(canvas.current, urlOf('api/'), setShown);
    preview.current = made;
    return () => made[Symbol.dispose]();
  }, []);
  useEffect(() => preview.current?.show({ camera, atMs }), [camera, atMs]);
  return (
    <canvas
      ref={canvas}
      width={WIDTH_PX}
      aria-hidden="true"
      data-shown-ms={shown && Math.round(shown.atMs)}
      // Of another camera it would deceive; of another moment it is replaced soon.
      className={classNames('my-1.5 w-full rounded-sm', shown?.camera !== camera && 'hidden')}
    />
  );
}
