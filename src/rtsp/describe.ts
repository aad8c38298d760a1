import type { Clock } from '../base/clock.ts';
import { Authorizer } from './auth.ts';
import { RtspConnection } from './connection.ts';
import { Dialogue, type Question } from './dialogue.ts';
import { printable, RtspError, RtspSyntaxError } from './error.ts';
import { parsePublic } from './headers.ts';
import type { RtspResponse } from './message.ts';
import { parseSdp, type Sdp } from './sdp.ts';
import { baseUri, parseCameraUrl, redactUrl, type CameraUrl, type Credentials } from './url.ts';

const MAX_REDIRECTS = 3;

/** What a camera says about a stream. */
export interface Described {
  readonly dialogue: Dialogue;
  readonly sdp: Sdp;
  /** The base of control URLs. */
  readonly base: string;
  /** `Server` header, empty when absent. */
  readonly server: string;
  /** Methods of the Public header, in capitals. */
  readonly methods: readonly string[];
}

export interface CallerOptions {
  readonly camera: string;
  readonly url: string;
  readonly credentials: Credentials | undefined;
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

/** Calls one camera, as often as redirects and changes of transport need it; numbers the connections. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #authorizer: Authorizer | undefined;
  #url: CameraUrl;
  #connections = 0;

  /** @throws RtspError `unsupported` for a URL that we do not speak. */
  constructor(options: CallerOptions) {
    this.#options = options;
    this.#url = parseUrl(options);
    // Credentials given separately win: whoever changes the password there should not search for it in the URL.
    const credentials = options.credentials ?? this.#url.credentials;
    this.#authorizer = credentials && new Authorizer(credentials);
  }

  /** Whether the camera asked for our credentials in a way in which we gave them. */
  get hasLoggedIn(): boolean {
    return this.#authorizer?.hasChallenge === true;
  }

  /**
   * Connects, asks OPTIONS and DESCRIBE, and follows redirects. The caller owns the connection of what is returned.
   * @throws RtspError; the signal's reason when it aborts.
   */
  async describe(signal: AbortSignal): Promise<Described> {
    let mayCallAgain = true;
    for (let redirects = 0; ;) {
      const dialogue = await this.#call(signal);
      try {
        const answer = await this.#ask(dialogue, signal);
        if (!(answer instanceof Redirection)) return answer;
        if (++redirects > MAX_REDIRECTS) throw this.#redirectError(dialogue, answer, 'too often');
        this.#url = this.#redirected(dialogue, answer);
        dialogue.connection.destroy();
      } catch (error) {
        dialogue.connection.destroy();
        // Some cameras hang up after asking for credentials; the next connection bears them from the start.
        const hungUp = error instanceof RtspError && error.kind === 'closed' && dialogue.wasChallenged;
        if (!hungUp || !mayCallAgain) throw error;
        mayCallAgain = false;
      }
    }
  }

  async #call(signal: AbortSignal): Promise<Dialogue> {
    const { camera, clock, requestTimeoutMs: timeoutMs } = this.#options;
    const { host, port } = this.#url;
    const ordinal = ++this.#connections;
    const connection = await RtspConnection.connect(
      { camera, ordinal, host, port, timeoutMs, clock },
      signal,
    );
    return new Dialogue(connection, this.#authorizer, timeoutMs);
  }

  async #ask(dialogue: Dialogue, signal: AbortSignal): Promise<Described | Redirection> {
    const uri = this.#url.requestUri;
    // A camera that does not know OPTIONS may well know the rest: its status does not matter.
    const options = await dialogue.ask({ method: 'OPTIONS', uri }, signal);
    const question: Question = { method: 'DESCRIBE', uri, headers: [['Accept', 'application/sdp']] };
    const answer = await dialogue.ask(question, signal);
    const location = answer.headers.get('Location');
    const { status } = answer;
    if (isRedirect(status) && location !== undefined) return new Redirection({ location, status });
    if (answer.status < 200 || answer.status >= 300) throw dialogue.refusal(question, answer);
    return this.#described(dialogue, answer, parsePublic(options.headers.get('Public') ?? ''));
  }

  #described(dialogue: Dialogue, answer: RtspResponse, methods: readonly string[]): Described {
    const { requestUri } = this.#url;
    if (answer.body.length === 0) {
      const message = `DESCRIBE ${redactUrl(requestUri)}: expected a session description, found an empty answer`;
      throw dialogue.connection.error('protocol', message);
    }
    return {
      dialogue,
      sdp: parseSdp(Buffer.from(answer.body).toString('utf8')),
      base: baseUri(requestUri, {
        contentBase: answer.headers.get('Content-Base'),
        contentLocation: answer.headers.get('Content-Location'),
      }),
      server: answer.headers.get('Server') ?? '',
      methods,
    };
  }

  /** Only the same host is followed: another one must not learn our credentials because a camera says so. */
  #redirected(dialogue: Dialogue, redirection: Redirection): CameraUrl {
    let target: CameraUrl;
    try {
      target = parseCameraUrl(redirection.location);
    } catch (cause) {
      throw this.#redirectError(dialogue, redirection, 'to something that is no rtsp:// URL', { cause });
    }
    const isSameHost = [this.#url.host, dialogue.connection.remoteAddress].some(
      (host) => host.toLowerCase() === target.host.toLowerCase(),
    );
    if (isSameHost) return target;
    const host = printable(target.host);
    const found = `to another host, ${host}; configure its URL if that is right`;
    throw this.#redirectError(dialogue, redirection, found);
  }

  #redirectError(
    { connection }: Dialogue,
    { status }: Redirection,
    found: string,
    options?: ErrorOptions,
  ): RtspError {
    const message = `DESCRIBE ${redactUrl(this.#url.requestUri)}: the camera redirects ${found}`;
    return connection.error('refused', message, { status }, options);
  }
}

class Redirection {
  readonly location: string;
  readonly status: number;

  constructor({ location, status }: Pick<Redirection, 'location' | 'status'>) {
    this.location = location;
    this.status = status;
  }
}

/**
 * Asks a camera whether it sends its clients elsewhere, on behalf of a client that would follow it to any host and log in there. What
 * else it answers, or does not, does not matter: that is for that client to find out. But it is not to try a password again that has
 * just been refused: cameras count, and lock their users out.
 * @throws RtspError `refused` if it redirects to another host, or too often; `auth` if it does not accept the password; the signal's
 *   reason.
 */
export async function refuseRedirects(options: CallerOptions, signal: AbortSignal): Promise<void> {
  const caller = new Caller(options);
  try {
    const { dialogue } = await caller.describe(signal);
    dialogue.connection.destroy();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RtspError)) return;
    // Of a way to ask that we do not know no password was told.
    const isRefused = error.kind === 'auth' && caller.hasLoggedIn;
    if (isRefused || isRedirect(error.context.status)) throw error;
  }
}

function isRedirect(status: number | undefined): boolean {
  return status !== undefined && status >= 300 && status < 400;
}

function parseUrl({ camera, url }: CallerOptions): CameraUrl {
  try {
    return parseCameraUrl(url);
  } catch (cause) {
    if (!(cause instanceof RtspSyntaxError)) throw cause;
    throw new RtspError('unsupported', `reading the camera's URL: ${cause.message}`, { camera });
  }
}
