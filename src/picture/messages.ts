import type { MediaTicks } from '../base/time.ts';
import type { VideoPacket, VideoTrack } from '../media/packet.ts';

/** A picture to be made of packets that a key picture begins. */
export interface PictureOrder {
  readonly track: VideoTrack;
  readonly packets: readonly Pick<VideoPacket, 'isKey' | 'pts' | 'dts' | 'data'>[];
  /** Which of them is wanted; without it the one that is shown last. */
  readonly shownPts?: MediaTicks;
  /** The greatest width, above 0; a smaller picture stays as it is. */
  readonly maxWidthPx: number;
}

/** From the web process to a picture maker, over the child's own channel. */
export type ToPictureMaker =
  { readonly type: 'make'; readonly id: number; readonly order: PictureOrder } | { readonly type: 'stop' };

/** The answer to each order, in turn. */
export type FromPictureMaker =
  { readonly id: number; readonly jpeg: Uint8Array } | { readonly id: number; readonly problem: string };
