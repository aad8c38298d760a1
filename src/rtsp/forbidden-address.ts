/** Where clouds tell a machine its secrets, by link-local addresses that no camera has. */
const FORBIDDEN: ReadonlySet<string> = new Set(['169.254.169.254', '100.100.100.200', 'fd00:ec2::254']);

/**
 * Whether a connection there is refused: whoever may name a camera must not make us ask in his place.
 * @param address as a socket tells it, so that it is the same whatever name or number led there.
 */
export function isForbiddenAddress(address: string): boolean {
  return FORBIDDEN.has(address.replace(/^::ffff:(?=\d+\.)/, ''));
}
