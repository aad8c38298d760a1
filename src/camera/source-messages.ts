import type { OpenedInput } from '../config/config.ts';
import type { SourceEncoding } from '../config/revealed-address.ts';
import type { SourceErrorKind } from './source-error.ts';

/** What a source process is told: JSON on its standard input, never on its command line. */
export interface SourceOrder {
  readonly input: OpenedInput | OpenedRtsp;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly audio: boolean;
  readonly encoding: SourceEncoding;
}

/** An rtsp:// camera, read by FFmpeg's client. */
export interface OpenedRtsp {
  readonly kind: 'rtsp';
  /** Without credentials. */
  readonly url: string;
  /** What is tried first, as by our own client. */
  readonly transport: 'tcp' | 'udp';
}

/** What a source process says beside its packets: a line of JSON each on its standard error. */
export type SourceReport =
  | { readonly type: 'opened'; readonly stream: OpenedStream }
  | { readonly type: 'failed'; readonly kind: SourceErrorKind; readonly message: string };

/** What was found at an address. */
export interface OpenedStream {
  /** FFmpeg's name of the container or protocol, such as `mpjpeg`. */
  readonly format: string;
  /** FFmpeg's name of the codec in which the video came, such as `mjpeg`. */
  readonly videoCodec: string;
  /** Whether it is encoded anew, because it cannot be recorded as it comes. */
  readonly isEncoded: boolean;
  /** How sound came; undefined where none is used. */
  readonly audioCodec: string | undefined;
  /** Longest wait for a picture that is no failure, in ms. */
  readonly patienceMs: number;
}
