/** The address of a stream without its credentials, and those. */
export interface CameraUrl {
  readonly url: string;
  readonly host: string;
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** Longer than any camera's, short enough for a request line. */
const LONGEST_URL = 2_048;

/**
 * Splits an `rtsp://` URL. Credentials are percent-decoded where they are validly encoded; an unencoded `@` in the
 * password is tolerated: the last `@` before the path ends it.
 * @returns what is wrong as text that shows nothing of the URL, or its parts.
 */
export function parseCameraUrl(text: string): CameraUrl | { readonly problem: string } {
  if (text.length > LONGEST_URL) return { problem: `a URL longer than ${LONGEST_URL} characters` };
  if (/[\s\p{Cc}]/u.test(text)) return { problem: 'a URL with a space or control character' };
  const match = /^rtsp:\/\/(?:([^/]*)@)?([^/?#]*)(.*)$/i.exec(text);
  const [, userinfo, hostAndPort = '', path = ''] = match ?? [];
  if (match === null) return { problem: 'something else than rtsp://' };
  const address = /^(\[[\da-f:.]+\]|[^\s:@/?#[\]]+)(?::(\d{1,5}))?$/i.exec(hostAndPort);
  const host = address?.[1];
  const port = Number(address?.[2] ?? 554);
  if (host === undefined || port < 1 || port > 65_535) {
    return { problem: 'no valid host and port (a / in a password is written %2F)' };
  }
  const parts = { url: `rtsp://${hostAndPort}${path}`, host: host.toLowerCase() };
  if (userinfo === undefined || userinfo === '') return parts;
  const colon = userinfo.indexOf(':');
  const username = decode(colon < 0 ? userinfo : userinfo.slice(0, colon));
  const password = decode(colon < 0 ? '' : userinfo.slice(colon + 1));
  if (/\p{Cc}/u.test(username + password)) return { problem: 'credentials with a control character' };
  return { ...parts, credentials: { username, password } };
}

/** The address with the credentials of another, as they are written there; as it is where it has its own or the other has none. */
export function withLoginOf(url: string, other: string): string {
  const [, login] = /^rtsp:\/\/([^/]*@)/i.exec(other) ?? [];
  return login === undefined ? url : url.replace(/^(rtsp:\/\/)(?![^/]*@)/i, (scheme) => `${scheme}${login}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % was meant as it stands.
    return text;
  }
}
