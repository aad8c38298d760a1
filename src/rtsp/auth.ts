import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from './url.ts';

/** One way in which a server lets us prove who we are. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'digest';
      readonly realm: string;
      readonly nonce: string;
      readonly opaque: string | undefined;
      /** As sent; undefined when absent, which means MD5. */
      readonly algorithm: string | undefined;
      readonly hash: 'md5' | 'sha256';
      readonly isSessionKey: boolean;
      /** `qop=auth` was offered. */
      readonly hasQop: boolean;
      readonly isStale: boolean;
    };

/** Schemes and parameters of one header value; what a camera sends beyond them is not read. */
const MAX_PARTS = 64;

/**
 * The strongest challenge among the values of WWW-Authenticate (RFC 7235 4.1, RFC 7616 3.3) that we can answer. Order:
 * SHA-256 before MD5, session keys before none, Digest before Basic. A value may hold several challenges.
 */
export function strongestChallenge(headerValues: readonly string[]): Challenge | undefined {
  const challenges = headerValues.flatMap(parseChallenges);
  return challenges.toSorted((a, b) => strength(b) - strength(a))[0];
}

function strength(challenge: Challenge): number {
  if (challenge.scheme === 'basic') return 0;
  return (challenge.hash === 'sha256' ? 4 : 2) + (challenge.isSessionKey ? 1 : 0);
}

function parseChallenges(value: string): Challenge[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  const part = /([^\s=,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;
  for (let count = 0; count < MAX_PARTS; count++) {
    const match = part.exec(value);
    if (match === null) break;
    const [, name = '', quoted, bare] = match;
    if (quoted === undefined && bare === undefined) {
      found.push({ scheme: name.toLowerCase(), parameters: new Map() });
    } else {
      found.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
    }
  }
  return found.flatMap(({ scheme, parameters }) => {
    if (scheme === 'basic') return [{ scheme }];
    return scheme === 'digest' ? digestChallenge(parameters) : [];
  });
}

function digestChallenge(parameters: ReadonlyMap<string, string>): Challenge[] {
  const nonce = parameters.get('nonce');
  const algorithm = parameters.get('algorithm');
  const named = /^(md5|sha-256)(-sess)?$/i.exec(algorithm ?? 'MD5');
  const qop = parameters.get('qop');
  const offered = qop?.toLowerCase().split(/[\s,]+/) ?? [];
  const demandsIntegrity = qop !== undefined && qop !== '' && !offered.includes('auth');
  if (nonce === undefined || !named || demandsIntegrity) return [];
  return [
    {
      scheme: 'digest',
      realm: parameters.get('realm') ?? '',
      nonce,
      opaque: parameters.get('opaque'),
      algorithm,
      hash: named[1]?.toLowerCase() === 'md5' ? 'md5' : 'sha256',
      isSessionKey: named[2] !== undefined,
      hasQop: offered.includes('auth'),
      isStale: parameters.get('stale')?.toLowerCase() === 'true',
    },
  ];
}

/**
 * Answers the challenges of one server (RFC 7616, RFC 7617). Keeps the last challenge and counts how often its nonce
 * was used, so that later requests need no second try.
 *
 * Text is handled as Latin-1, one character a byte, as message.ts reads it: a realm in any encoding is hashed and sent
 * back as the bytes it came in. User name and password count as UTF-8.
 */
export class Authorizer {
  readonly #username: string;
  readonly #password: string;
  readonly #newClientNonce: () => string;
  #challenge: Challenge | undefined;
  #nonceCount = 0;

  /** `newClientNonce` is for tests with the examples of the RFC; by default 64 random bits. */
  constructor(credentials: Credentials, newClientNonce = () => randomBytes(8).toString('hex')) {
    this.#username = asBytes(credentials.username);
    this.#password = asBytes(credentials.password);
    this.#newClientNonce = newClientNonce;
  }

  /** Whether the server asked in a way in which it was, or will be, answered. */
  get hasChallenge(): boolean {
    return this.#challenge !== undefined;
  }

  /** Takes a challenge to answer from the next request on. */
  accept(challenge: Challenge): void {
    this.#challenge = challenge;
    this.#nonceCount = 0;
  }

  /** The value of Authorization for a request, or undefined before any challenge. */
  authorization(method: string, uri: string): string | undefined {
    const challenge = this.#challenge;
    if (challenge === undefined) return undefined;
    if (challenge.scheme === 'basic') {
      return `Basic ${Buffer.from(`${this.#username}:${this.#password}`, 'latin1').toString('base64')}`;
    }
    return this.#digest(challenge, method, uri);
  }

  #digest(challenge: Extract<Challenge, { scheme: 'digest' }>, method: string, uri: string): string {
    const { realm, nonce, opaque, algorithm } = challenge;
    const hash = (text: string) => createHash(challenge.hash).update(text, 'latin1').digest('hex');
    const count = (++this.#nonceCount).toString(16).padStart(8, '0');
    const clientNonce = this.#newClientNonce();
    const userKey = hash(`${this.#username}:${realm}:${this.#password}`);
    const key = challenge.isSessionKey ? hash(`${userKey}:${nonce}:${clientNonce}`) : userKey;
    const request = hash(`${method}:${uri}`);
    const response = challenge.hasQop
      ? hash(`${key}:${nonce}:${count}:${clientNonce}:auth:${request}`)
      : hash(`${key}:${nonce}:${request}`);
    const parts = [
      `username=${quote(this.#username)}`,
      `realm=${quote(realm)}`,
      `nonce=${quote(nonce)}`,
      `uri=${quote(uri)}`,
      `response="${response}"`,
    ];
    if (algorithm !== undefined) parts.push(`algorithm=${algorithm}`);
    if (opaque !== undefined) parts.push(`opaque=${quote(opaque)}`);
    if (challenge.hasQop) parts.push('qop=auth', `nc=${count}`);
    if (challenge.hasQop || challenge.isSessionKey) parts.push(`cnonce="${clientNonce}"`);
    return `Digest ${parts.join(', ')}`;
  }
}

function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
