import { isIPv6 } from 'node:net';

/** What somebody is counted by: his address; of IPv6 the /64, all of which one household or attacker has. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = address.includes('::') ? 8 - groups.length - (tail === '' ? 0 : tail.split(':').length) : 0;
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...tail.split(':')];
  return `${all.slice(0, 4).join(':')}::/64`;
}
