import { expect, test } from 'vitest';
import { isForbiddenAddress } from './forbidden-address.ts';

test('the addresses of clouds are no cameras, however a socket tells them', () => {
  for (const address of ['169.254.169.254', '::ffff:169.254.169.254', '100.100.100.200', 'fd00:ec2::254']) {
    expect([address, isForbiddenAddress(address)]).toEqual([address, true]);
  }
  // Cameras without DHCP have such ones, and demo cameras are here.
  for (const address of ['169.254.10.2', '192.168.1.20', '127.0.0.1', '::1', 'fe80::1', '']) {
    expect([address, isForbiddenAddress(address)]).toEqual([address, false]);
  }
});
