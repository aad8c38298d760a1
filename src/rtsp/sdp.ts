import { VIDEO_CLOCK_RATE_HZ } from '../media/packet.ts';

/** Bounds of a description; what exceeds them is not read. */
const MAX_LINES = 2000;
const MAX_MEDIA = 16;
const MAX_PARAMETERS = 64;

/** One `m=` section of a session description (RFC 8866), reduced to what an RTSP client needs. */
export interface SdpMedia {
  readonly type: 'video' | 'audio' | 'other';
  readonly payloadType: number;
  /** Encoding name of `a=rtpmap` in upper case (`H264`, `MPEG4-GENERIC`, `PCMA`), or that of a static payload type. */
  readonly encoding: string;
  readonly clockRateHz: number;
  readonly channels: number;
  /** Parameters of `a=fmtp`, names in lower case, values as sent. */
  readonly fmtp: ReadonlyMap<string, string>;
  /** `a=control` as sent. */
  readonly control: string | undefined;
}

/** A session description, reduced likewise. Text is as sent, empty when absent. */
export interface Sdp {
  /** `s=` */
  readonly name: string;
  /** `a=tool` */
  readonly tool: string;
  /** `a=control` of the session. */
  readonly control: string | undefined;
  /** In the order of the description, at most 16. */
  readonly media: readonly SdpMedia[];
}

const MEDIA_TYPES = ['video', 'audio'] as const;

interface Encoding {
  readonly name: string;
  readonly clockRateHz: number | undefined;
  readonly channels: number;
}

/** RFC 3551 table 4 and 5: those a camera might still use without `a=rtpmap`. */
const STATIC_ENCODINGS: ReadonlyMap<number, Encoding> = new Map([
  [0, { name: 'PCMU', clockRateHz: 8000, channels: 1 }],
  [2, { name: 'G726-32', clockRateHz: 8000, channels: 1 }],
  [3, { name: 'GSM', clockRateHz: 8000, channels: 1 }],
  [4, { name: 'G723', clockRateHz: 8000, channels: 1 }],
  [8, { name: 'PCMA', clockRateHz: 8000, channels: 1 }],
  [9, { name: 'G722', clockRateHz: 8000, channels: 1 }],
  [10, { name: 'L16', clockRateHz: 44_100, channels: 2 }],
  [11, { name: 'L16', clockRateHz: 44_100, channels: 1 }],
  [14, { name: 'MPA', clockRateHz: 90_000, channels: 1 }],
  [26, { name: 'JPEG', clockRateHz: 90_000, channels: 1 }],
  [32, { name: 'MPV', clockRateHz: 90_000, channels: 1 }],
  [33, { name: 'MP2T', clockRateHz: 90_000, channels: 1 }],
  [34, { name: 'H263', clockRateHz: 90_000, channels: 1 }],
]);

/**
 * Parses a session description. Never fails: lines that make no sense are passed over, and a track without a known
 * encoding has the empty one. The order of lines within a section does not matter, since cameras mix it up.
 *
 * The patterns below take a rest of line with the flag `s`: were there a character that `.` does not match (U+2028),
 * they would try every way to share out the blanks before it, which takes minutes for a description of blanks.
 */
export function parseSdp(text: string): Sdp {
  const lines = text.split(/\r\n|\r|\n/, MAX_LINES).map((line) => line.trim());
  const starts = lines.flatMap((line, index) => (/^m\s*=/.test(line) ? [index] : []));
  const session = lines.slice(0, starts[0] ?? lines.length);
  return {
    name: valueOf(session, /^s=\s*(.*)$/s) ?? '',
    tool: valueOf(session, /^a=tool:\s*(.*)$/is) ?? '',
    control: valueOf(session, /^a=control:\s*(.*)$/is),
    media: starts
      .slice(0, MAX_MEDIA)
      .map((start, index) => parseMedia(lines.slice(start, starts[index + 1] ?? lines.length))),
  };
}

function valueOf(lines: readonly string[], pattern: RegExp): string | undefined {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match) return match[1];
  }
  return undefined;
}

function parseMedia(lines: readonly string[]): SdpMedia {
  const [medium = '', , , format = ''] = (lines[0] ?? '').replace(/^m\s*=\s*/, '').split(/\s+/);
  // Of several payload types the first is the default (RFC 8866 5.14), and the one cameras send.
  const payloadType = /^\d{1,3}$/.test(format) && Number(format) < 128 ? Number(format) : -1;
  const type = MEDIA_TYPES.find((known) => known === medium.toLowerCase()) ?? 'other';
  const encoding = parseRtpmap(lines, payloadType) ?? STATIC_ENCODINGS.get(payloadType);
  return {
    type,
    payloadType,
    encoding: encoding?.name ?? '',
    // Some cameras leave it out where there is only one.
    clockRateHz:
      encoding?.clockRateHz ?? (encoding !== undefined && type === 'video' ? VIDEO_CLOCK_RATE_HZ : 0),
    channels: encoding?.channels ?? 1,
    fmtp: parseFmtp(lines, payloadType),
    control: valueOf(lines, /^a=control:\s*(.*)$/is),
  };
}

/** `a=rtpmap:96 H264/90000`, without the rate from some cameras, or, for sound, `a=rtpmap:97 MPEG4-GENERIC/16000/2`. */
function parseRtpmap(lines: readonly string[], payloadType: number): Encoding | undefined {
  for (const line of lines) {
    const match = /^a=rtpmap:\s*(\d{1,3})\s+([^\s/]+)\s*(?:\/\s*(\d{1,9})(?:\s*\/\s*(\d{1,2}))?)?/i.exec(
      line,
    );
    if (!match || Number(match[1]) !== payloadType) continue;
    return {
      name: (match[2] ?? '').toUpperCase(),
      clockRateHz: match[3] === undefined ? undefined : Number(match[3]),
      channels: Number(match[4] ?? 1),
    };
  }
  return undefined;
}

/** `a=fmtp:96 packetization-mode=1; sprop-parameter-sets=...`; the first value of a name counts. */
function parseFmtp(lines: readonly string[], payloadType: number): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const line of lines) {
    const match = /^a=fmtp:\s*(\d{1,3})\s+(.*)$/is.exec(line);
    if (!match || Number(match[1]) !== payloadType) continue;
    for (const part of (match[2] ?? '').split(';', MAX_PARAMETERS)) {
      const equals = part.indexOf('=');
      const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
      if (name === '' || parameters.has(name)) continue;
      parameters.set(name, equals < 0 ? '' : part.slice(equals + 1).trim());
    }
  }
  return parameters;
}
