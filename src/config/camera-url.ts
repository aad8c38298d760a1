/** The address of a stream without its credentials, and those. */
export interface CameraUrl {
  readonly url: string;
  /** In lower case; empty where none is needed, as for a stream that others send to us. */
  readonly host: string;
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** Longer than any camera's, short enough for a request line. */
const LONGEST_URL = 2_048;

/** Somebody else sends, to a port of ours: the host may be left out, or be the group (`@239.1.2.3`). */
const RECEIVED: ReadonlySet<string> = new Set(['udp', 'srt']);
const NO_HOST = 'no valid host and port (a / in a password is written %2F)';

/**
 * Splits a URL with `//`. Credentials are percent-decoded where they are validly encoded; an unencoded `@` in the
 * password is tolerated: the last `@` before the path ends it.
 * @param schemes that are expected, in lower case.
 * @returns what is wrong as text that shows nothing of the URL, or its parts.
 */
export function parseCameraUrl(
  text: string,
  schemes: readonly string[] = ['rtsp'],
): CameraUrl | { readonly problem: string } {
  if (text.length > LONGEST_URL) return { problem: `a URL longer than ${LONGEST_URL} characters` };
  if (/[\s\p{Cc}]/u.test(text)) return { problem: 'a URL with a space or control character' };
  const match = /^([a-z]+):\/\/(?:([^/]*)@)?([^/?#]*)(.*)$/i.exec(text);
  const scheme = match?.[1]?.toLowerCase() ?? '';
  if (!schemes.includes(scheme)) return { problem: `something else than ${schemes.join(':// or ')}://` };
  const [, , userinfo, hostAndPort = '', path = ''] = match ?? [];
  if (RECEIVED.has(scheme)) return receivedUrl(scheme, hostAndPort, path);
  const host = hostOf(hostAndPort);
  if (host === undefined) return { problem: NO_HOST };
  const parts = { url: `${scheme}://${hostAndPort}${path}`, host: host.toLowerCase() };
  if (userinfo === undefined || userinfo === '') return parts;
  const colon = userinfo.indexOf(':');
  const username = decode(colon < 0 ? userinfo : userinfo.slice(0, colon));
  const password = decode(colon < 0 ? '' : userinfo.slice(colon + 1));
  if (/\p{Cc}/u.test(username + password)) return { problem: 'credentials with a control character' };
  return { ...parts, credentials: { username, password } };
}

/** The address with the credentials of another, as they are written there; as it is where it has its own or the other has none. */
export function withLoginOf(url: string, other: string): string {
  const [, login] = /^[a-z]+:\/\/([^/]+@)/i.exec(other) ?? [];
  return login === undefined
    ? url
    : url.replace(/^([a-z]+:\/\/)(?![^/]*@)/i, (scheme) => `${scheme}${login}`);
}

function receivedUrl(
  scheme: string,
  hostAndPort: string,
  path: string,
): CameraUrl | { readonly problem: string } {
  const isAnyHost = /^:\d{1,5}$/.test(hostAndPort);
  const host = isAnyHost ? hostOf(`any${hostAndPort}`) : hostOf(hostAndPort);
  if (host === undefined || !/:\d{1,5}$/.test(hostAndPort)) return { problem: 'no valid port' };
  return { url: `${scheme}://${hostAndPort}${path}`, host: isAnyHost ? '' : host.toLowerCase() };
}

function hostOf(hostAndPort: string): string | undefined {
  const address = /^(\[[\da-f:.]+\]|[^\s:@/?#[\]]+)(?::(\d{1,5}))?$/i.exec(hostAndPort);
  const port = Number(address?.[2] ?? 554);
  return port < 1 || port > 65_535 ? undefined : address?.[1];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % was meant as it stands.
    return text;
  }
}
