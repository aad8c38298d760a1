/** The Transport header of a SETUP answer (RFC 2326 12.39), as far as given and meaningful. */
export interface TransportAnswer {
  /** Channels of RTP and RTCP, 0..255. */
  readonly interleaved: readonly [rtp: number, rtcp: number] | undefined;
  /** The server's UDP ports of RTP and RTCP. */
  readonly serverPorts: readonly [rtp: number, rtcp: number] | undefined;
}

/** Parameters in any order, names in any case; a range without its second number means the next one. */
export function parseTransport(value: string): TransportAnswer {
  const parameters = new Map(
    value.split(';').map((part) => {
      const [name = '', ...rest] = part.split('=');
      return [name.trim().toLowerCase(), rest.join('=').trim()] as const;
    }),
  );
  return {
    interleaved: parsePair(parameters.get('interleaved'), 0, 255),
    serverPorts: parsePair(parameters.get('server_port'), 1, 65_535),
  };
}

function parsePair(
  text: string | undefined,
  min: number,
  max: number,
): readonly [number, number] | undefined {
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?/.exec(text ?? '');
  if (!match) return undefined;
  const first = Number(match[1]);
  const second = match[2] === undefined ? first + 1 : Number(match[2]);
  const isInRange = first >= min && second >= min && first <= max && second <= max;
  return isInRange && first !== second ? [first, second] : undefined;
}

/** The Session header (RFC 2326 12.37). */
export interface SessionAnswer {
  readonly id: string;
  /** How long the server keeps a session that is not spoken to. */
  readonly timeoutMs: number;
}

/** RFC 2326 12.37: without a timeout, 60 s. */
export const DEFAULT_SESSION_TIMEOUT_MS = 60_000;

/** A timeout of 0 or none counts as the default; more than an hour as an hour. */
export function parseSession(value: string): SessionAnswer {
  const [id = '', ...parameters] = value.split(';').map((part) => part.trim());
  const timeout = parameters.map((part) => /^timeout\s*=\s*"?(\d{1,9})/i.exec(part)?.[1]).find(Boolean);
  const seconds = Number(timeout ?? 0);
  return { id, timeoutMs: seconds > 0 ? Math.min(seconds, 3600) * 1000 : DEFAULT_SESSION_TIMEOUT_MS };
}

/** One entry of RTP-Info (RFC 2326 12.33): where a track begins. */
export interface RtpInfo {
  readonly url: string;
  /** 16 bit. */
  readonly sequence: number | undefined;
  /** 32 bit. */
  readonly rtptime: number | undefined;
}

/** At most 16 entries; numbers out of range count as absent. */
export function parseRtpInfo(value: string): RtpInfo[] {
  return value.split(/,(?=\s*url\s*=)/i, 16).map((entry) => ({
    url: /url\s*=\s*"?([^;"\s]*)/i.exec(entry)?.[1] ?? '',
    sequence: parseUnsigned(/;\s*seq\s*=\s*(\d{1,10})/i.exec(entry)?.[1], 0xffff),
    rtptime: parseUnsigned(/;\s*rtptime\s*=\s*(\d{1,10})/i.exec(entry)?.[1], 0xffff_ffff),
  }));
}

function parseUnsigned(text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

/** The methods of a Public header, in capitals. */
export function parsePublic(value: string): string[] {
  return value
    .split(/[\s,]+/)
    .filter((method) => method !== '')
    .map((method) => method.toUpperCase());
}
