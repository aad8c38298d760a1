import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { askFile } from '../api/client.ts';

/** From one picture to the asking for the next: it costs the server the decoding of a GOP. */
const EVERY_MS = 2_000;

interface StillPicturesProps {
  readonly camera: string;
  /** The greatest width. */
  readonly widthPx: number;
  /** Whether it is asked for further ones; without that the last one stands. */
  readonly isAsking: boolean;
}

/** Pictures of now, one after the other, where the browser plays nothing of what the camera sends. */
export function StillPictures({ camera, widthPx, isAsking }: StillPicturesProps): ReactNode {
  const { data: picture } = useQuery({
    queryKey: ['still', camera, widthPx],
    queryFn: ({ signal }) =>
      askFile(`api/cameras/${encodeURIComponent(camera)}/snapshot?width=${widthPx}`, { signal }),
    enabled: isAsking,
    refetchInterval: EVERY_MS,
    gcTime: 0,
  });
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    if (image.current === null || picture === undefined) return undefined;
    const address = URL.createObjectURL(picture);
    image.current.src = address;
    // It stays on screen until the next one is there.
    return () => URL.revokeObjectURL(address);
  }, [picture]);
  return <img ref={image} alt="" data-still="" className="absolute inset-0 size-full object-fill" />;
}
