import type { ReencodeConfig, StreamAddress, StreamInput } from './config.ts';
import type { TimeZone } from './folder-template.ts';

/** An address with its password in the clear: for the one who connects, over channels of our own only. */
export interface RevealedAddress {
  readonly url: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly input: StreamInput;
}

/** How video is encoded that cannot be recorded as it comes. */
export interface SourceEncoding {
  readonly reencode: ReencodeConfig;
  /** For the label. */
  readonly camera: string;
  readonly timeZone: TimeZone;
}

export function revealed({ url, credentials, input }: StreamAddress): RevealedAddress {
  return credentials === undefined
    ? { url, input }
    : {
        url,
        input,
        credentials: { username: credentials.username, password: credentials.password.reveal() },
      };
}
