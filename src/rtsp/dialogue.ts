import { strongestChallenge, type Authorizer, type Challenge } from './auth.ts';
import type { RtspConnection } from './connection.ts';
import { printable, type RtspError } from './error.ts';
import { DEFAULT_SESSION_TIMEOUT_MS, parseSession } from './headers.ts';
import type { HeaderLine, RtspResponse } from './message.ts';
import { redactUrl } from './url.ts';

/** One question to a camera. */
export interface Question {
  readonly method: string;
  readonly uri: string;
  readonly headers?: readonly HeaderLine[];
}

/** Hints for a status that has a usual reason (RFC 2326 11). */
const HINTS: ReadonlyMap<number, string> = new Map([
  [403, 'does that user have the right to view?'],
  [404, 'is the path of the URL right?'],
  [453, 'does the camera serve too many viewers?'],
  [503, 'does the camera serve too many viewers?'],
]);

/** Questions and answers over one connection, with the answer to challenges and the session's identifier in them. */
export class Dialogue {
  readonly connection: RtspConnection;
  readonly #authorizer: Authorizer | undefined;
  readonly #timeoutMs: number;
  #sessionId: string | undefined;
  #sessionTimeoutMs = DEFAULT_SESSION_TIMEOUT_MS;
  #wasChallenged = false;

  constructor(connection: RtspConnection, authorizer: Authorizer | undefined, timeoutMs: number) {
    this.connection = connection;
    this.#authorizer = authorizer;
    this.#timeoutMs = timeoutMs;
  }

  /** The camera asked for credentials on this connection. */
  get wasChallenged(): boolean {
    return this.#wasChallenged;
  }

  /** The camera gave us a session that it will keep until TEARDOWN or its timeout. */
  get hasSession(): boolean {
    return this.#sessionId !== undefined;
  }

  get sessionTimeoutMs(): number {
    return this.#sessionTimeoutMs;
  }

  /**
   * Asks, with credentials once the camera wants them.
   * @returns the answer, whatever its status but 401.
   * @throws RtspError `auth` when our credentials do not do, and as `RtspConnection.request`.
   */
  async ask(question: Question, signal: AbortSignal, timeoutMs = this.#timeoutMs): Promise<RtspResponse> {
    for (let refusals = 0; ; refusals++) {
      const response = await this.connection.request(this.#outgoing(question), timeoutMs, signal);
      if (response.status !== 401) {
        this.#keepSession(response);
        return response;
      }
      this.#wasChallenged = true;
      const challenge = this.#challengeOf(question, response);
      // The first refusal may be of no credentials or of an old nonce, the second only of a nonce that just expired.
      const isStale = challenge.scheme === 'digest' && challenge.isStale;
      if (refusals >= (isStale ? 2 : 1))
        throw this.#authError(question, 'it does not accept those configured');
      this.#authorizer?.accept(challenge);
    }
  }

  /** Asks and expects success. @throws RtspError `refused` with the status, and as `ask`. */
  async demand(question: Question, signal: AbortSignal): Promise<RtspResponse> {
    const response = await this.ask(question, signal);
    if (response.status >= 200 && response.status < 300) return response;
    throw this.refusal(question, response);
  }

  refusal({ method, uri }: Question, { status, reason }: RtspResponse): RtspError {
    const hint = HINTS.get(status);
    const advice = hint === undefined ? '' : `; ${hint}`;
    const found = `${status} ${printable(reason)}`.trim();
    const message = `${method} ${redactUrl(uri)}: expected 200, found ${found}${advice}`;
    return this.connection.error('refused', message, { status });
  }

  #outgoing({ method, uri, headers = [] }: Question) {
    const own: HeaderLine[] = [['User-Agent', 'Preroll']];
    if (this.#sessionId !== undefined) own.push(['Session', this.#sessionId]);
    const authorization = this.#authorizer?.authorization(method, uri);
    if (authorization !== undefined) own.push(['Authorization', authorization]);
    return { method, uri, headers: [...own, ...headers] };
  }

  #challengeOf(question: Question, response: RtspResponse): Challenge {
    if (this.#authorizer === undefined) throw this.#authError(question, 'none are configured');
    const offered = response.headers.all('WWW-Authenticate');
    const challenge = strongestChallenge(offered);
    if (challenge !== undefined) return challenge;
    throw this.#authError(question, `it asks in a way we do not know, "${printable(offered.join(', '))}"`);
  }

  #authError({ method, uri }: Question, found: string): RtspError {
    const message = `${method} ${redactUrl(uri)}: the camera wants a user name and password; ${found}`;
    return this.connection.error('auth', message, { status: 401 });
  }

  /** Some cameras name another session at every SETUP and yet mean one; the first one counts, as for ffmpeg. */
  #keepSession(response: RtspResponse): void {
    const session = response.headers.get('Session');
    if (session === undefined || this.#sessionId !== undefined) return;
    const { id, timeoutMs } = parseSession(session);
    if (id === '') return;
    this.#sessionId = id;
    this.#sessionTimeoutMs = timeoutMs;
  }
}
