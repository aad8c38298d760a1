import { z } from 'zod';

/*
 * What a player and the server say to each other on `api/live` (design/live.md). Text messages are JSON; binary ones are
 * a header of `LIVE_HEADER_BYTES` and a payload.
 */

const codecFamily = z.string().min(1).max(64);

/** Plays a camera from now on, instead of what was played before; also resumes after `pause`. */
const play = z.object({
  t: z.literal('play'),
  cam: z.string().min(1).max(200),
  /** `auto`: main, or sub while the link is too slow for main. A camera with one stream plays that in any case. */
  stream: z.enum(['auto', 'main', 'sub']),
  /** `mse`: fragments of MP4; `wc`: raw access units for WebCodecs. */
  mode: z.enum(['mse', 'wc']),
  /** Video codecs that the browser plays, as the first four letters of codec strings: `avc1`, `hvc1`. */
  v: z.array(codecFamily).max(16),
  /** The same of sound: `mp4a`, `opus`. Without any no sound is sent, and no picture waits for it. */
  a: z.array(codecFamily).max(16),
});

/** Everything up to the binary message `seq` has come. */
const ack = z.object({ t: z.literal('ack'), seq: z.int().min(0).max(0xffff_ffff) });

/** Nothing more until `play`. */
const pause = z.object({ t: z.literal('pause') });

export const liveRequest = z.discriminatedUnion('t', [play, ack, pause]);

export type LiveRequest = z.infer<typeof liveRequest>;
export type PlayRequest = z.infer<typeof play>;

export type LiveStreamName = 'main' | 'sub';

/** Why a stream is played that was not asked for: the browser does not play the other's codec, or the link is too slow. */
export type FallbackReason = 'codec' | 'slow-link';

/** A generation begins: an init message of this `gen` follows, then pictures from a key picture on. */
export interface LiveTrack {
  readonly t: 'track';
  readonly gen: number;
  readonly stream: LiveStreamName;
  readonly because: FallbackReason | null;
  /** Whether the camera has another stream at all. */
  readonly hasSub: boolean;
  /** For `MediaSource.addSourceBuffer`, of all tracks that are sent. */
  readonly mime: string;
  /** RFC 6381. */
  readonly video: string;
  readonly audio: string | null;
  /** For `AudioDecoder`, where there is sound. */
  readonly audioRateHz: number | null;
  readonly audioChannels: number | null;
  readonly w: number;
  readonly h: number;
  /** As measured; null while not known. */
  readonly fps: number | null;
  /** Messages before this `seq` are the GOP so far, to be decoded at once; from it on they come as they are made. */
  readonly liveFrom: number;
  /** Wall time, in microseconds since 1970, of media time 0. */
  readonly epochUs: number;
}

export type LiveErrorCode =
  /** There is no such camera, or it may not be watched by this user. */
  | 'no-camera'
  /** None of the camera's streams is of a codec the browser plays. */
  | 'codec'
  /** The message was not understood. */
  | 'bad-message';

export type LiveNotice =
  | LiveTrack
  /** Pictures were left out for a slow link; what follows begins with a key picture. */
  | { readonly t: 'dropped'; readonly frames: number }
  /** Pictures are missing here that never came; media time is wall time from `epochUs` on from now on. */
  | { readonly t: 'gap'; readonly epochUs: number }
  /** The camera does not play at present; a `track` follows when it does. */
  | { readonly t: 'away'; readonly reason: string }
  | { readonly t: 'error'; readonly code: LiveErrorCode; readonly message: string };

export const LIVE_HEADER_BYTES = 16;

/**
 * First byte of a binary message. The rest of the header, big-endian: flags (u8), `gen` (u16), `seq` (u32), capture time (f64,
 * ms since 1970). `seq` increases from message to message but not always by one.
 */
export const LIVE_KIND = {
  /**
   * `mse`: the init segment. `wc`: the content of `avcC`, `hvcC` or `av1C`; with the flag `sound` the AudioSpecificConfig, or
   * nothing for Opus.
   */
  init: 1,
  /** `moof` and `mdat` of one picture, or of one access unit of sound. */
  fragment: 2,
  /** A packet's data: NAL units behind 4-byte lengths, OBUs with their sizes, or an access unit of sound. The capture time serves as its timestamp. */
  raw: 3,
} as const;

export const LIVE_FLAG = {
  /** A key picture. */
  key: 1,
  /** Does not follow what was sent before. */
  discontinuity: 2,
  sound: 4,
} as const;

/** A player acknowledges when so many pictures have come since its last acknowledgement, or so many bytes. */
export const ACK_EVERY = { pictures: 10, bytes: 147_456 } as const;
