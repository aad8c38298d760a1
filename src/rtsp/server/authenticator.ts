import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { HeaderLine, RtspRequest } from '../message.ts';

/** How clients must prove who they are. */
export interface Authentication {
  readonly scheme: 'basic' | 'digest';
  readonly username: string;
  readonly password: string;
  /** Of Digest; default MD5. */
  readonly algorithm?: 'MD5' | 'SHA-256';
  /** Whether Digest offers `qop=auth` (RFC 2617); default false, as cameras of RFC 2069 do. */
  readonly hasQop?: boolean;
}

const REALM = 'Preroll';

/** Checks Basic (RFC 7617) and Digest (RFC 7616) credentials. */
export class Authenticator {
  readonly #wanted: Authentication;
  #nonce = newNonce();

  constructor(wanted: Authentication) {
    this.#wanted = wanted;
  }

  /** From now on the nonce given out before is stale. */
  renewNonce(): void {
    this.#nonce = newNonce();
  }

  /** Undefined when the request may pass, else the header of the 401 answer. */
  challenge(request: RtspRequest): HeaderLine | undefined {
    const given = request.headers.get('Authorization') ?? '';
    const verdict =
      this.#wanted.scheme === 'basic' ? this.#checkBasic(given) : this.#checkDigest(given, request.method);
    if (verdict === 'good') return undefined;
    if (this.#wanted.scheme === 'basic') return ['WWW-Authenticate', `Basic realm="${REALM}"`];
    const { algorithm, hasQop } = this.#wanted;
    const parts = [`realm="${REALM}"`, `nonce="${this.#nonce}"`];
    if (algorithm !== undefined) parts.push(`algorithm=${algorithm}`);
    if (hasQop === true) parts.push('qop="auth"');
    if (verdict === 'stale') parts.push('stale=true');
    return ['WWW-Authenticate', `Digest ${parts.join(', ')}`];
  }

  #checkBasic(given: string): Verdict {
    const { username, password } = this.#wanted;
    const expected = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
    return isSameText(given, expected) ? 'good' : 'bad';
  }

  #checkDigest(given: string, method: string): Verdict {
    if (!/^digest\s/i.test(given)) return 'bad';
    const part = (name: string) =>
      new RegExp(`[\\s,]${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,"]+))`, 'i').exec(given);
    const value = (name: string) => part(name)?.[1] ?? part(name)?.[2] ?? '';
    const hash = (text: string) =>
      createHash(this.#wanted.algorithm === 'SHA-256' ? 'sha256' : 'md5')
        .update(text, 'utf8')
        .digest('hex');
    const nonce = value('nonce');
    const key = hash(`${this.#wanted.username}:${REALM}:${this.#wanted.password}`);
    const request = hash(`${method}:${value('uri')}`);
    const middle = value('qop') === '' ? nonce : `${nonce}:${value('nc')}:${value('cnonce')}:${value('qop')}`;
    if (!isSameText(value('response'), hash(`${key}:${middle}:${request}`))) return 'bad';
    return nonce === this.#nonce ? 'good' : 'stale';
  }
}

type Verdict = 'good' | 'stale' | 'bad';

function newNonce(): string {
  return randomBytes(16).toString('hex');
}

function isSameText(left: string, right: string): boolean {
  const a = createHash('sha256').update(left).digest();
  const b = createHash('sha256').update(right).digest();
  return timingSafeEqual(a, b);
}
