import type { ReencodeConfig } from '../config/config.ts';
import type { TimeZone } from '../config/folder-template.ts';
import type { MediaTicks, WallMs } from '../base/time.ts';
import type { VideoPacket, VideoTrack } from '../media/packet.ts';

/** What a transcoder is told first. */
export interface ReencodeOrder {
  readonly reencode: ReencodeConfig;
  /** For the label. */
  readonly camera: string;
  readonly timeZone: TimeZone;
}

/** From the recorder to a transcoder, in order. */
export type ToTranscoder =
  | { readonly type: 'order'; readonly order: ReencodeOrder }
  /** The packets from here on are of this portion. Portions count up; the first one after `finish` has a track. */
  | {
      readonly type: 'portion';
      readonly portion: number;
      /** Told when it is another than that of the portion before. */
      readonly track: VideoTrack | undefined;
    }
  | { readonly type: 'packet'; readonly packet: CameraPacket }
  /** The run is over: answer all portions. Media time begins anew after it. */
  | { readonly type: 'finish' }
  /** Leave, in good order. */
  | { readonly type: 'stop' };

/** A packet of the portion told last. */
export interface CameraPacket extends Pick<VideoPacket, 'isKey' | 'pts' | 'dts' | 'data'> {
  readonly wallMs: WallMs;
}

/** From a transcoder to the recorder. */
export type FromTranscoder =
  /** Which of FFmpeg's encoders works now, and on what. */
  { readonly type: 'encoder'; readonly name: string } | ReencodedPortion;

/** All of a portion, in the order of the portions. */
export interface ReencodedPortion {
  readonly type: 'reencoded';
  readonly portion: number;
  /** Of its packets; told when it is another than that of the portion before. */
  readonly track: VideoTrack | undefined;
  /** In the order of decoding, which is that of showing; the first one is a key packet. */
  readonly packets: readonly ReencodedPacket[];
  /** How many of the camera's pictures could be decoded. */
  readonly decodedPictures: number;
}

export interface ReencodedPacket {
  readonly isKey: boolean;
  /** That of the camera's picture, and the decoding time as well. */
  readonly pts: MediaTicks;
  readonly data: Uint8Array;
}
