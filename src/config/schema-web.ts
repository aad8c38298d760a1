import { z } from 'zod';
import { choice, text, wholeNumber } from './option.ts';

/* The section `web`. */

const BASE_PATH = 'a path such as /preroll, without a slash at its end';
const IP_NETWORK = 'an IP address or a network such as 192.168.1.0/24';
const ipNetwork = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], { error: IP_NETWORK });

export const web = z
  .strictObject({
    listen: choice(['lan', 'loopback', 'off'])
      .describe(
        'Who reaches the web app: lan, every machine of the network, once an administrator has a password; loopback, this machine only; off, nobody.',
      )
      .prefault('lan'),
    port: wholeNumber({ least: 0, most: 65_535 })
      .describe('The TCP port; 0 takes a free one, which the log tells.')
      .prefault(8470),
    encryption: choice(['lan', 'always', 'never'])
      .describe(
        'lan: HTTPS from other machines, HTTP or HTTPS from this one and from trusted proxies. always: HTTPS only. never: HTTP only, so that passwords and pictures can be read in the network.',
      )
      .prefault('lan'),
    certificate: text('a path', { most: 1_024 })
      .describe('A TLS certificate, PEM, with those between it and its authority. Default: a self-made one.')
      .meta({ example: './fullchain.pem' })
      .optional(),
    key: text('a path', { most: 1_024 })
      .describe('The private key of the certificate, PEM.')
      .meta({ example: './privkey.pem' })
      .optional(),
    trustedProxies: z
      .array(ipNetwork, { error: 'a list of addresses' })
      .max(32, { error: 'at most 32 addresses' })
      .describe(
        'Addresses or networks of reverse proxies whose X-Forwarded-For, -Proto, -Host and -Prefix are believed.',
      )
      .prefault([]),
    basePath: z
      .string({ error: BASE_PATH })
      .regex(/^(\/[\w.~-]+)*$/, { error: BASE_PATH })
      .max(200, { error: BASE_PATH })
      .describe(
        'The path that a reverse proxy passes on as the beginning of every address, such as /preroll; empty for none. One that the proxy cuts off needs no setting.',
      )
      .prefault(''),
    folder: text('a path', { most: 1_024 })
      .describe('Folder of the accounts, the self-made certificate and the exports.')
      .prefault('./preroll-web'),
  })
  .describe('The web app.');
