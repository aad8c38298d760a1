import { PrerollError } from '../base/error.ts';
import type { LogFields } from '../base/log.ts';

/**
 * What ended a session:
 * - `connect`: no TCP connection came about
 * - `timeout`: an answer was not whole in time
 * - `alien`: whoever answers speaks no RTSP at all
 * - `protocol`: what came is no longer RTSP, or breaks a bound
 * - `auth`: the camera wants other credentials than ours
 * - `refused`: the camera answered with an error status
 * - `stall`: connected, but no media comes
 * - `closed`: the camera ended the connection or the stream
 * - `unsupported`: nothing that we can play, or a URL that we do not speak
 * - `media`: the stream itself went astray (a jump of time, an access unit beyond all bounds)
 */
export type RtspErrorKind =
  | 'connect'
  | 'timeout'
  | 'alien'
  | 'protocol'
  | 'auth'
  | 'refused'
  | 'stall'
  | 'closed'
  | 'unsupported'
  | 'media';

/** The TCP connection an error belongs to. */
export interface ConnectionName {
  /** Counts the connections of one `RtspSession` from 1: a redirect or another transport opens the next. */
  readonly ordinal: number;
  /** `address:port`, or `-` while not connected. */
  readonly local: string;
  readonly remote: string;
}

/** Enough to find the place in a packet capture. */
export interface RtspErrorContext {
  readonly camera: string;
  readonly connection?: ConnectionName | undefined;
  /** Bytes received on the connection before the message or frame in question. */
  readonly positionBytes?: number | undefined;
  /** Interleaved channel, or the UDP port on which it arrived. */
  readonly channel?: number | undefined;
  /** RTP sequence number as sent (16 bit). */
  readonly sequence?: number | undefined;
  /** RTSP status code. */
  readonly status?: number | undefined;
}

/** An RTSP session that could not start, or ended. */
export class RtspError extends PrerollError {
  readonly kind: RtspErrorKind;
  readonly context: RtspErrorContext;

  constructor(kind: RtspErrorKind, message: string, context: RtspErrorContext, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.context = context;
  }

  /** The context as fields of a log line, without those that are not known. */
  override get fields(): LogFields {
    const { connection, ...rest } = this.context;
    const named =
      connection === undefined
        ? {}
        : { connection: `#${connection.ordinal} ${connection.local} -> ${connection.remote}` };
    const known = Object.entries({ kind: this.kind, ...rest, ...named }).filter(
      ([, value]) => value !== undefined,
    );
    return Object.fromEntries(known);
  }
}

/** Bytes that are not RTSP, or exceed a bound. Raised by the parsers, which know no connection. */
export class RtspSyntaxError extends PrerollError {
  readonly kind = 'syntax';
  /** Whether it is not even the beginning of a message. */
  readonly isAlien: boolean;

  constructor(message: string, { isAlien = false } = {}) {
    super(message);
    this.isAlien = isAlien;
  }
}

/** What a camera sent, fit for a log line: one line, printable ASCII, at most `maxLength` characters. */
export function printable(text: string, maxLength = 80): string {
  const clean = text.replace(/[^\x20-\x7e]/g, '.');
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}...` : clean;
}
