import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';

interface ExplainedPictureProps {
  /** Undefined while there is none. */
  readonly address: string | undefined;
  /** Said meanwhile. */
  readonly waiting: string;
}

/** The detector's four pictures. */
export function ExplainedPicture({ address, waiting }: ExplainedPictureProps): ReactNode {
  const text = useText('explained');
  return (
    <div className="flex aspect-video items-center justify-center overflow-hidden rounded-md bg-picture text-[#a9b2bd]">
      {address === undefined ? (
        waiting
      ) : (
        <img src={address} alt={text.description} className="size-full object-contain" />
      )}
    </div>
  );
}
