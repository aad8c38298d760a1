import type { StreamAddress } from '../config/config.ts';

/** An address with its password in the clear, for the one who connects. */
export function revealed({ url, credentials }: StreamAddress) {
  return credentials === undefined
    ? { url }
    : { url, credentials: { username: credentials.username, password: credentials.password.reveal() } };
}
