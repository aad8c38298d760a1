import { API_TOKEN_PATTERN } from '../account/secret-token.ts';
import { HttpError } from './http-error.ts';

const TOKEN_PARAMETERS = /[?&](access_?token|api_?key|auth|authorization|key|password|session|token)=/i;

/**
 * Refuses a secret in an address, where proxies, histories and other servers' logs would keep it.
 * @throws HttpError
 */
export function refuseTokenInUrl(url: string): void {
  if (!TOKEN_PARAMETERS.test(url) && !API_TOKEN_PATTERN.test(url)) return;
  throw new HttpError(
    400,
    'A token in an address would be kept by logs: send it in the header Authorization, as Bearer TOKEN. Revoke this one.',
  );
}
