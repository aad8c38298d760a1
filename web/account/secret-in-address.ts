/**
 * What follows the `#` of the page's address, which browsers send to no server; taken out of the address and of the
 * browser's history, so that nobody reads it there.
 */
export function takeSecretFromAddress(): string {
  const secret = decodeURIComponent(location.hash.slice(1));
  if (secret !== '') history.replaceState(history.state, '', location.pathname);
  return secret;
}
