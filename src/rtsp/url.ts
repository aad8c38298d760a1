import { isUtf8 } from 'node:buffer';
import { printable, RtspSyntaxError } from './error.ts';

const DEFAULT_PORT = 554;
/** Far above any camera's; the search for a host takes time that grows with the square of the length. */
const MAX_URL_CHARACTERS = 4096;
const PERCENT = 0x25;
const HEX_DIGITS = '0123456789ABCDEF';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A camera's URL, taken apart. */
export interface CameraUrl {
  /** Name or address as for `net.connect`: IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** The URL as it goes into request lines: without credentials, percent-encoded. */
  readonly requestUri: string;
  readonly credentials: Credentials | undefined;
}

/**
 * Takes a camera's URL apart. User name and password are percent-decoded; a password that contains a bare `@`, `:`, `/`
 * or `%` is understood as long as what follows its last `@` before the path is a host.
 * @throws RtspSyntaxError if it is no `rtsp://` URL, or longer than 4096 characters. The message does not repeat the URL: it may hold a password.
 */
export function parseCameraUrl(text: string): CameraUrl {
  if (text.length > MAX_URL_CHARACTERS) {
    throw new RtspSyntaxError(
      `expected a URL of at most ${MAX_URL_CHARACTERS} characters, found ${text.length}`,
    );
  }
  const scheme = /^\s*rtsp:\/\//i.exec(text);
  if (!scheme) throw new RtspSyntaxError('expected a URL that begins with rtsp://, found another');
  const rest = text.slice(scheme[0].length).trim();
  for (let from = 0; from <= rest.length;) {
    const end = authorityEnd(rest, from);
    const parsed = parseAuthority(rest.slice(0, end), rest.slice(end));
    if (parsed !== undefined) return parsed;
    from = end + 1;
  }
  throw new RtspSyntaxError('expected a host (and a port of 1..65535) after rtsp://, found neither');
}

function authorityEnd(rest: string, from: number): number {
  const found = rest.slice(from).search(/[/?#]/);
  return found < 0 ? rest.length : from + found;
}

function parseAuthority(authority: string, path: string): CameraUrl | undefined {
  const at = authority.lastIndexOf('@');
  const hostPort = /^(\[[0-9a-f:.]+(?:%[\w.]+)?\]|[^\s:@[\]/]+)(?::(\d{1,5}))?$/i.exec(
    authority.slice(at + 1),
  );
  if (!hostPort) return undefined;
  const [, host = '', portText] = hostPort;
  const port = portText === undefined ? DEFAULT_PORT : Number(portText);
  if (port < 1 || port > 65_535) return undefined;
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port,
    requestUri: encodeUri(`rtsp://${host}${portText === undefined ? '' : `:${portText}`}${path}`),
    credentials: at < 0 ? undefined : parseUserInfo(authority.slice(0, at)),
  };
}

function parseUserInfo(userInfo: string): Credentials {
  const colon = userInfo.indexOf(':');
  if (colon < 0) return { username: percentDecode(userInfo), password: '' };
  return {
    username: percentDecode(userInfo.slice(0, colon)),
    password: percentDecode(userInfo.slice(colon + 1)),
  };
}

/** Decodes UTF-8 percent sequences; a `%` that begins none stays as it is. */
function percentDecode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (sequence) => {
    const bytes = Buffer.from(sequence.replaceAll('%', ''), 'hex');
    return isUtf8(bytes) ? bytes.toString('utf8') : sequence;
  });
}

/** Percent-encodes what may not stand in a request line: spaces, control characters and anything beyond ASCII. */
function encodeUri(uri: string): string {
  if (!/[^\x21-\x7e]/.test(uri)) return uri;
  const bytes = Buffer.from(uri, 'utf8');
  // In one piece and one pass: a camera may send 256 KiB.
  const encoded = Buffer.allocUnsafe(3 * bytes.length);
  let end = 0;
  for (const byte of bytes) {
    if (byte > 0x20 && byte < 0x7f) encoded[end++] = byte;
    else {
      encoded[end++] = PERCENT;
      encoded[end++] = HEX_DIGITS.charCodeAt(byte >> 4);
      encoded[end++] = HEX_DIGITS.charCodeAt(byte & 0xf);
    }
  }
  return encoded.toString('latin1', 0, end);
}

/** A URI that came from a camera, fit for a request line: without credentials, percent-encoded. */
function cleanUri(uri: string): string {
  return encodeUri(uri.trim().replace(/^(rtspu?:\/\/)[^/?#]*@/i, '$1'));
}

/** A URI fit for a log line: credentials in front of the host and password-like parts of path and query hidden. */
export function redactUrl(uri: string): string {
  const withoutUser = uri.replace(/^(\s*\w+:\/\/).*@(?=[^/?#@]*(?:[/?#]|$))/, '$1');
  const hidden = withoutUser.replace(/((?:pass(?:word|wd)?|pwd|token|secret)=)[^&/?;]*/gi, '$1***');
  return printable(hidden, 200);
}

/** The headers of a DESCRIBE answer that may name the base of relative control URLs. */
export interface BaseHeaders {
  readonly contentBase: string | undefined;
  readonly contentLocation: string | undefined;
}

/**
 * The base of relative control URLs (RFC 2326 C.1.1): Content-Base, else Content-Location, else the URL that was asked
 * for. A header that is no absolute RTSP URL is passed over: some cameras send `192.168.1.10:554/stream0/`.
 */
export function baseUri(requestUri: string, headers: BaseHeaders): string {
  const absolute = [headers.contentBase, headers.contentLocation].find(
    (candidate) => candidate !== undefined && isAbsolute(candidate),
  );
  return absolute === undefined ? requestUri : cleanUri(absolute);
}

/**
 * The URIs to try, in that order, for `a=control` of a track or of the session.
 *
 * - Missing, empty or `*`: the base.
 * - Absolute: as the camera gave it, whatever host it names. Cameras behind NAT name their inner address and expect to
 *   read it back; ffmpeg, live555 and retina all send it so, over the connection they have, and so do we. We never
 *   connect to a host that a camera names.
 * - Relative: appended after a slash, not resolved by RFC 1808, which would eat the last part of the base. All clients
 *   in use append, and cameras are tested against those. Behind a query string ffmpeg and live555 append too (Dahua
 *   expects that: `?channel=1&subtype=0/trackID=0`); GStreamer's server expects it before the query, which is the second
 *   URI here.
 */
export function controlUris(base: string, control: string | undefined): readonly string[] {
  const wanted = control?.trim() ?? '';
  if (wanted === '' || wanted === '*') return [base];
  if (isAbsolute(wanted)) return [cleanUri(wanted)];
  const relative = cleanUri(wanted.replace(/^\//, ''));
  const appended = `${base}${base.endsWith('/') ? '' : '/'}${relative}`;
  const query = base.indexOf('?');
  if (query < 0) return [appended];
  const path = base.slice(0, query);
  const inserted = `${path}${path.endsWith('/') ? '' : '/'}${relative}${base.slice(query)}`;
  return [appended, inserted];
}

function isAbsolute(uri: string): boolean {
  return /^\s*rtspu?:\/\//i.test(uri);
}
