import { randomInt } from 'node:crypto';
import type { WallMs } from '../../base/time.ts';
import { packetizeAac } from '../packetize/aac.ts';
import { packetizeAv1 } from '../packetize/av1.ts';
import { packetizeH264 } from '../packetize/h264.ts';
import { packetizeH265 } from '../packetize/h265.ts';
import { packetizeWhole } from '../packetize/whole.ts';
import { FRAME_HEADER_BYTES, RtpWriter, type RtpBatch } from '../packetize/rtp-writer.ts';
import type { Outlet } from './outlet.ts';
import { buildSenderReport } from './sender-report.ts';
import { clockRateOf, payloadTypeOf, type ServedMedia } from './served-media.ts';

/** RFC 3550 6.2 recommends this as the shortest interval. */
const REPORT_INTERVAL_MS = 5_000;

const PACKETIZERS = { h264: packetizeH264, h265: packetizeH265, av1: packetizeAv1 } as const;

export interface ServedStreamOptions {
  /** Path of the URL with its leading slash, for example `/main`; may hold a query string. */
  readonly path: string;
  /** Tracks, at most 8, in the order of their `trackID`. */
  readonly media: readonly ServedMedia[];
  /** RTP header included; default 1400. */
  readonly maxPacketBytes?: number | undefined;
  /** Small NAL units share packets; default false. */
  readonly aggregates?: boolean | undefined;
}

/** What one track sends at one moment. */
export interface MediaUnit {
  /** Index of the track. */
  readonly track: number;
  /** Bare NAL units in decoding order, OBUs with their sizes, or one access unit of sound. */
  readonly parts: readonly Uint8Array[];
  /** Ticks of the track's clock when it is shown; any whole number, sent modulo 2^32. */
  readonly timestamp: number;
  /** The same moment in wall time, for sender reports. */
  readonly wallMs: WallMs;
  /** Decoding can start here. */
  readonly isKey: boolean;
}

/**
 * A live stream: whoever plays it gets each unit at the moment it is sent, with the same sequence numbers and time
 * stamps, and joins wherever the stream is, be it amid a GOP. Each unit is packed once, however many play it.
 */
export class ServedStream {
  readonly path: string;
  readonly #tracks: readonly ServedTrack[];
  #media: readonly ServedMedia[];

  constructor(options: ServedStreamOptions) {
    this.path = options.path;
    this.#media = options.media;
    this.#tracks = options.media.map((media, track) => new ServedTrack(media, track, options));
  }

  /** What the stream consists of, for its description. */
  get media(): readonly ServedMedia[] {
    return this.#media;
  }

  /** Describes the stream anew, as after a change of parameter sets; kinds and number of tracks stay. */
  redescribe(media: readonly ServedMedia[]): void {
    this.#media = media;
  }

  /** Clients that play any track. */
  get viewers(): number {
    return Math.max(0, ...this.#tracks.map((track) => track.outlets.size));
  }

  /** Sends one unit to all who play its track. */
  send(unit: MediaUnit): void {
    this.#tracks[unit.track]?.send(unit);
  }

  /** Adds a client to a track; disposing of the result takes it away. */
  join(track: number, outlet: Outlet): Disposable {
    const joined = this.#tracks[track];
    joined?.join(outlet);
    return { [Symbol.dispose]: () => joined?.outlets.delete(outlet) };
  }

  /** Where a track is now, for RTP-Info (RFC 2326 12.33); no time stamp before the first unit. */
  position(
    track: number,
    wallMs: WallMs,
  ): { readonly sequence: number; readonly timestamp: number | undefined } {
    return this.#tracks[track]?.position(wallMs) ?? { sequence: 0, timestamp: undefined };
  }
}

/** One track's numbering and its clients. */
class ServedTrack {
  readonly outlets = new Set<Outlet>();
  readonly #media: ServedMedia;
  readonly #writer: RtpWriter;
  readonly #aggregates: boolean;
  readonly #ssrc = randomInt(1, 0xffff_ffff);
  #last: MediaUnit | undefined;
  #reportedWallMs = -Infinity;
  #packets = 0;
  #payloadBytes = 0;

  constructor(media: ServedMedia, track: number, options: ServedStreamOptions) {
    this.#media = media;
    this.#aggregates = options.aggregates ?? false;
    this.#writer = new RtpWriter({
      payloadType: payloadTypeOf(track),
      ssrc: this.#ssrc,
      sequence: randomInt(0, 65_536),
      channel: track * 2,
      maxPacketBytes: options.maxPacketBytes,
    });
  }

  send(unit: MediaUnit): void {
    const batch = this.#pack(unit);
    this.#last = unit;
    this.#packets += batch.starts.length;
    this.#payloadBytes += batch.bytes.length - batch.starts.length * (FRAME_HEADER_BYTES + 12);
    for (const outlet of this.outlets) outlet.sendRtp(batch, unit.isKey);
    const sinceReportMs = unit.wallMs - this.#reportedWallMs;
    // A host clock set back must not silence the reports.
    if (sinceReportMs >= 0 && sinceReportMs < REPORT_INTERVAL_MS) return;
    this.#reportedWallMs = unit.wallMs;
    const report = this.#report(unit);
    for (const outlet of this.outlets) outlet.sendRtcp(report);
  }

  join(outlet: Outlet): void {
    this.outlets.add(outlet);
    if (this.#last !== undefined) outlet.sendRtcp(this.#report(this.#last));
  }

  position(wallMs: WallMs): { readonly sequence: number; readonly timestamp: number | undefined } {
    const last = this.#last;
    const elapsedTicks = last === undefined ? 0 : ((wallMs - last.wallMs) * clockRateOf(this.#media)) / 1000;
    const timestamp = last === undefined ? undefined : modulo32(Math.round(last.timestamp + elapsedTicks));
    return { sequence: this.#writer.nextSequence, timestamp };
  }

  #pack(unit: MediaUnit): RtpBatch {
    if (this.#media.kind === 'sound') {
      return packetizeAac(this.#writer, unit.parts[0] ?? new Uint8Array(0), unit.timestamp);
    }
    if (this.#media.kind === 'plain-sound') {
      return packetizeWhole(this.#writer, unit.parts[0] ?? new Uint8Array(0), unit.timestamp);
    }
    return PACKETIZERS[this.#media.codec](this.#writer, unit.parts, unit.timestamp, this.#aggregates);
  }

  #report(unit: MediaUnit): Buffer {
    const { wallMs, timestamp } = unit;
    return buildSenderReport(
      {
        ssrc: this.#ssrc,
        wallMs,
        timestamp: modulo32(timestamp),
        packets: this.#packets,
        payloadBytes: this.#payloadBytes,
      },
      'preroll',
    );
  }
}

function modulo32(ticks: number): number {
  return ((ticks % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000;
}
