import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
const API_PREFIX = 'preroll_';

/** An API token, wherever it stands. */
export const API_TOKEN_PATTERN = new RegExp(`${API_PREFIX}[\\w-]{43}`);

/** Too long to be guessed, so that a plain hash of it is safe to keep. */
export function makeSecret(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** The prefix is for people and programs that look for secrets where none should be. */
export function makeApiToken(): string {
  return API_PREFIX + makeSecret();
}

/** What is kept of a secret. Finding by it tells nothing by its time, for nobody can choose a hash. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}
