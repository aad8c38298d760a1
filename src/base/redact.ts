const MASK = '***';

/** A shorter password is masked only where it stands as one: masking each `12` would spoil every line. */
const SHORTEST_MASKED = 4;

/** How our own excerpts of what a camera sent end. */
const EXCERPT_END = '\\.\\.\\.|…';

/** A user name and password as configured, in plain text. */
export interface KnownCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Masks what looks like credentials: `user:password@` in URLs (the user stays), `Authorization` headers, `Basic` and
 * `Bearer` tokens, and values of `password=`, `token=` and the like. Errs towards masking too much.
 */
export function redactCredentials(text: string): string {
  return redactUrls(text)
    .replaceAll(/(authorization["']?\s{0,8}[:=]\s{0,8})[^\r\n]+/gi, `$1${MASK}`)
    .replaceAll(/\b([Bb]asic|[Bb]earer)(\s{1,8})(?=\S*[A-Z0-9])[\w+/=.~-]{6,}/g, `$1$2${MASK}`)
    .replaceAll(/((?:password|passwd|pwd|pass|token|secret)["']?=["']?)[^\s"'&;]+/gi, `$1${MASK}`)
    .replaceAll(/("(?:password|passwd|pwd|pass|token|secret)"\s{0,8}:\s{0,8}")[^"]+/gi, `$1${MASK}`);
}

function redactUrls(text: string): string {
  // Trying a scheme at every letter is what costs, and most lines have no URL.
  if (!text.includes('://')) return text;
  // Text, scheme, text, scheme, text and so on.
  const pieces = text.split(/([a-z][a-z0-9+.-]{0,31}:\/\/)/i);
  return pieces
    .map((piece, index) => (index === 0 || index % 2 === 1 ? piece : piece.replace(/^\S+/, redactUrl)))
    .join('');
}

/** @param rest what follows `scheme://`, up to a space or the next URL. */
function redactUrl(rest: string): string {
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  // A password with an unencoded / ends the authority early; what then stands for the port is no number.
  const isCut = !authority.includes('@') && /:(?!\d{0,5}(?:$|[?#"',;)\]}>]))[^\]]*$/.test(authority);
  const at = (isCut ? rest : authority).lastIndexOf('@');
  if (at < 0) return rest;
  const colon = rest.indexOf(':');
  const user = colon >= 0 && colon < at ? `${rest.slice(0, colon)}:` : '';
  return `${user}${MASK}${rest.slice(at)}`;
}

/**
 * Masks the configured passwords wherever they turn up, in each form in which cameras and libraries repeat them:
 * plain, percent-encoded in whole or in part, with dots for what is not ASCII, and as base64 of `user:password`; also
 * their first characters at the end of an excerpt; then all that looks like credentials.
 */
export class SecretRedactor {
  readonly #forms = new Set<string>();
  #known: RegExp | undefined;

  constructor(credentials: readonly KnownCredentials[]) {
    this.learn(credentials);
  }

  /** Masks these too from now on. */
  learn(credentials: readonly KnownCredentials[]): void {
    for (const form of credentials.flatMap(formsOf)) this.#forms.add(form);
    // The longest first, so that a password that contains another is masked whole.
    const pattern = [...this.#forms].toSorted((a, b) => b.length - a.length).join('|');
    this.#known = pattern === '' ? undefined : new RegExp(pattern, 'g');
  }

  redact(text: string): string {
    const masked = this.#known === undefined ? text : text.replace(this.#known, MASK);
    return redactCredentials(masked);
  }
}

function formsOf({ username, password }: KnownCredentials): string[] {
  if (password === '') return [];
  const base64 = Buffer.from(`${username}:${password}`).toString('base64').replace(/=+$/, '');
  const encoded = base64.replaceAll('+', '[+-]').replaceAll('/', '[/_]') + '={0,2}';
  return password.length < SHORTEST_MASKED ? [encoded] : [encoded, anyEncoding(password)];
}

/** Matches the text in any encoding, whole, or its beginning where an excerpt of a longer text was cut off. */
function anyEncoding(text: string): string {
  const characters = Array.from(text, anyCharacterEncoding);
  const start = characters.slice(0, SHORTEST_MASKED).join('');
  const rest = characters.slice(SHORTEST_MASKED);
  const beginnings = rest.reduceRight((inner, next) => `(?:${next}${inner}|%[0-9A-Fa-f]?)?`, '');
  return `${characters.join('')}|${start}${beginnings}(?=${EXCERPT_END})`;
}

/** The character as it is, percent-encoded, escaped as in a JSON string, or as text that only knows ASCII has it. */
function anyCharacterEncoding(character: string): string {
  const bytes = Buffer.from(character);
  const percent = Array.from(bytes, (byte) => {
    const hex = byte.toString(16).padStart(2, '0');
    return `%${hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
  }).join('');
  const space = character === ' ' ? '|\\+' : '';
  const foreign = bytes.length > 1 ? `|${bytes.toString('latin1')}|\\.{1,${bytes.length}}` : '';
  const backslash = character === '"' || character === '\\' ? '\\\\?' : '';
  return `(?:${backslash}${escapeRegExp(character)}|${percent}${space}${foreign})`;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
