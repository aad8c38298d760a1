import { useEffect, useState } from 'react';

/**
 * What follows the `#` of the page's address, which browsers send to no server; taken out of the address and of the
 * browser's history, so that nobody reads it there. Empty where nothing follows.
 */
export function useSecretInAddress(): string {
  const [secret, setSecret] = useState(takeSecretFromAddress);
  useEffect(() => {
    // All that happens when another link is opened in the same tab.
    const takeNext = (): void => {
      const next = takeSecretFromAddress();
      if (next !== '') setSecret(next);
    };
    addEventListener('hashchange', takeNext);
    return () => removeEventListener('hashchange', takeNext);
  }, []);
  return secret;
}

function takeSecretFromAddress(): string {
  const secret = location.hash.slice(1);
  if (secret !== '') history.replaceState(history.state, '', location.pathname);
  return secret;
}
