import { printable, RtspSyntaxError } from './error.ts';

/** Bounds of a message (RFC 2326 sets none); a camera that exceeds one is not speaking RTSP. */
export const MAX_LINE_BYTES = 8 * 1024;
export const MAX_HEAD_BYTES = 64 * 1024;
export const MAX_HEAD_LINES = 100;
export const MAX_BODY_BYTES = 256 * 1024;

/** A header as it goes over the wire: name, value. */
export type HeaderLine = readonly [name: string, value: string];

/** Headers in the order they came. Names compare without case; values are Latin-1 text, one character a byte. */
export class RtspHeaders {
  readonly lines: readonly HeaderLine[];

  constructor(lines: readonly HeaderLine[]) {
    this.lines = lines;
  }

  /** The first value of that name. */
  get(name: string): string | undefined {
    const wanted = name.toLowerCase();
    return this.lines.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
  }

  /** Every value of that name, for example of several WWW-Authenticate lines. */
  all(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.lines.filter(([candidate]) => candidate.toLowerCase() === wanted).map(([, value]) => value);
  }
}

export interface RtspRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: RtspHeaders;
  readonly body: Uint8Array;
}

export interface RtspResponse {
  readonly kind: 'response';
  /** 100..999. */
  readonly status: number;
  readonly reason: string;
  readonly headers: RtspHeaders;
  readonly body: Uint8Array;
}

export type RtspMessage = RtspRequest | RtspResponse;

/** A message whose body is still to come. */
export type RtspHead = Omit<RtspRequest, 'body'> | Omit<RtspResponse, 'body'>;

const NO_BODY = new Uint8Array(0);

/**
 * Parses start line and headers (RFC 2326 6, 7), given as Latin-1 text without the empty line that ends them.
 * Tolerates LF instead of CRLF, extra spaces, folded lines, and lines without a colon (skipped).
 * @throws RtspSyntaxError if the start line is neither a request nor a response of RTSP.
 */
export function parseHead(text: string): RtspHead {
  const [startLine = '', ...rest] = text.split(/\r?\n/);
  const headers = new RtspHeaders(parseHeaderLines(rest));
  const response = /^RTSP\/\d\.\d\s+(\d{3})(?!\d)(.*)$/.exec(startLine);
  if (response) {
    return { kind: 'response', status: Number(response[1]), reason: (response[2] ?? '').trim(), headers };
  }
  const request = /^([A-Z_]+)\s+(\S+)\s+RTSP\/\d\.\d\s*$/.exec(startLine);
  if (request) return { kind: 'request', method: request[1] ?? '', uri: request[2] ?? '', headers };
  const isAlien = startLine.startsWith('HTTP/');
  const hint = isAlien ? ' (a web server: is the port right?)' : '';
  throw new RtspSyntaxError(`expected an RTSP start line, found "${printable(startLine)}"${hint}`, {
    isAlien,
  });
}

function parseHeaderLines(lines: readonly string[]): HeaderLine[] {
  const parsed: HeaderLine[] = [];
  for (const line of lines) {
    const last = parsed.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      parsed[parsed.length - 1] = [last[0], `${last[1]} ${line.trim()}`.trim()];
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0) parsed.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return parsed;
}

/**
 * How many bytes of body follow a head; 0 without Content-Length. Cameras write `460;` and `460 bytes` too.
 * @throws RtspSyntaxError if it begins with no number, or is beyond MAX_BODY_BYTES.
 */
export function bodyLength(headers: RtspHeaders): number {
  const declared = headers.get('Content-Length');
  if (declared === undefined || declared === '') return 0;
  const length = Number(/^\d{1,15}(?!\d)/.exec(declared)?.[0] ?? Number.NaN);
  if (length <= MAX_BODY_BYTES) return length;
  throw new RtspSyntaxError(
    `expected a Content-Length of at most ${MAX_BODY_BYTES} bytes, found "${printable(declared)}"`,
  );
}

/** Joins a head and its body. */
export function withBody(head: RtspHead, body: Uint8Array = NO_BODY): RtspMessage {
  return { ...head, body };
}

/** A request to send; Content-Length is added when there is a body. */
export interface OutgoingRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly HeaderLine[];
  readonly body?: Uint8Array;
}

/** @throws RtspSyntaxError if a part contains a line break or NUL, which would forge another header. */
export function formatRequest(request: OutgoingRequest): Buffer {
  return formatMessage(`${request.method} ${request.uri} RTSP/1.0`, request.headers, request.body);
}

/** A response to send; Content-Length is added when there is a body. */
export interface OutgoingResponse {
  readonly status: number;
  /** The registered phrase of the status by default. */
  readonly reason?: string;
  readonly headers: readonly HeaderLine[];
  readonly body?: Uint8Array;
}

/** @throws RtspSyntaxError if a part contains a line break or NUL. */
export function formatResponse(response: OutgoingResponse): Buffer {
  const reason = response.reason ?? REASONS.get(response.status) ?? 'Unknown';
  return formatMessage(`RTSP/1.0 ${response.status} ${reason}`, response.headers, response.body);
}

function formatMessage(startLine: string, headers: readonly HeaderLine[], body?: Uint8Array): Buffer {
  const lines = [startLine, ...headers.map(([name, value]) => `${name}: ${value}`)];
  if (body !== undefined && body.length > 0) lines.push(`Content-Length: ${body.length}`);
  // oxlint-disable-next-line no-control-regex -- NUL is what must not get through.
  if (lines.some((line) => /[\r\n\0]/.test(line))) {
    throw new RtspSyntaxError(`cannot send "${printable(startLine)}": a part of it contains a line break`);
  }
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return body === undefined || body.length === 0 ? head : Buffer.concat([head, body]);
}

/** RFC 2326 7.1.1, those that a client or our server meets. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [200, 'OK'],
  [301, 'Moved Permanently'],
  [302, 'Moved Temporarily'],
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [406, 'Not Acceptable'],
  [408, 'Request Timeout'],
  [413, 'Request Entity Too Large'],
  [414, 'Request-URI Too Large'],
  [453, 'Not Enough Bandwidth'],
  [454, 'Session Not Found'],
  [455, 'Method Not Valid in This State'],
  [459, 'Aggregate Operation Not Allowed'],
  [460, 'Only Aggregate Operation Allowed'],
  [461, 'Unsupported Transport'],
  [500, 'Internal Server Error'],
  [501, 'Not Implemented'],
  [503, 'Service Unavailable'],
  [505, 'RTSP Version Not Supported'],
  [551, 'Option Not Supported'],
]);
