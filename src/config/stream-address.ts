import { resolve } from 'node:path';
import type { CameraAddress } from './camera-address.ts';
import type { CameraUrl } from './camera-url.ts';
import type { Credentials, StreamAddress } from './config.ts';
import { Secret } from './secret.ts';

/**
 * A camera's address in the form in which it is opened.
 * @param otherwise credentials for one that has none in it.
 * @param folder that paths start from.
 */
export function streamAddress(
  address: Exclude<CameraAddress, { readonly kind: 'demo' }>,
  otherwise: Credentials | undefined,
  folder: string,
): StreamAddress {
  const credentials = credentialsOf(address) ?? otherwise;
  const login = credentials === undefined ? {} : { credentials };
  if (address.kind === 'rtsp') return { url: address.url.url, ...login, input: { kind: 'rtsp' } };
  const { text } = address;
  if (address.kind === 'device') return { url: text, input: address };
  if (address.kind === 'file') {
    return { url: text, input: { ...address, path: resolve(folder, address.path) } };
  }
  const { kind, protocol, everyMs, url } = address;
  return { url: text, ...login, input: { kind, protocol, everyMs, url: url.url } };
}

/** The URL in an address; undefined where it is none. */
export function urlOf(address: CameraAddress | undefined): CameraUrl | undefined {
  return address !== undefined && 'url' in address ? address.url : undefined;
}

/** The credentials that stand in an address. */
export function credentialsOf(address: CameraAddress | undefined): Credentials | undefined {
  const credentials = urlOf(address)?.credentials;
  if (credentials === undefined) return undefined;
  return { username: credentials.username, password: new Secret(credentials.password) };
}
