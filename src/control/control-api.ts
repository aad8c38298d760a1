import { wallMs } from '../base/time.ts';
import { nearestName } from '../config/nearest-name.ts';
import { formatDuration, parseDurationMs } from '../config/quantity.ts';
import type { LiveStream } from '../media/live-feed.ts';
import type { CameraStatusJson, ControlledRecorder } from './controlled-recorder.ts';

/** Asked by another program, in the terms of HTTP; the transport has bounded its size. */
export interface ControlRequest {
  readonly method: string;
  /** As in the request line, with its query. */
  readonly path: string;
  readonly body: string;
}

export interface ControlResponse {
  /** As of HTTP. */
  readonly status: number;
  /** To be sent as JSON. */
  readonly body: object;
}

export interface StatusJson {
  readonly cameras: readonly CameraStatusJson[];
}

/** Begins to tell, each time an object to be sent as a line of JSON, until what it returned is disposed of. */
export type Telling = (tell: (line: object) => void) => Disposable;

/** Why an event is not deleted, for programs. */
type ErrorCode = 'event-goes-on' | 'event-kept';

export interface ErrorJson {
  readonly error: { readonly message: string; readonly code?: ErrorCode };
}

const CAUSE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
/** Those that the recorder gives itself. */
const RESERVED_CAUSES: readonly string[] = ['motion', 'unwatched', 'loud', 'schedule'];
const LONGEST_SHOWN = 64;

/** What a connection is upgraded to that carries the packets of a stream. */
export const LIVE_PROTOCOL = 'preroll-packets';

const LEAST_DURATION_MS = 1_000;
const MOST_DURATION_MS = 24 * 3_600_000;

/** Something is wrong with a request's body; the message tells the one who asked. */
class BodyError extends Error {}

/**
 * What other programs may ask of a recorder:
 * - `GET /api/status`: `StatusJson`.
 * - `GET /api/meters`: `MetersJson`.
 * - `POST /api/cameras/NAME/event/start` with `{"cause":"doorbell","duration":"30s"}`, both optional: an event of this
 *   cause is held open, for so long or until it is stopped. Asking again replaces what the same cause had asked for.
 * - `POST /api/cameras/NAME/event/stop` with `{"cause":"doorbell"}`.
 * - `POST /api/events/keep` with `{"camera":"front","trigger":1764331200000,"kept":true}`: no rule deletes the recordings of
 *   the event of this trigger (ms since 1970), or rules may again.
 * - `POST /api/events/delete` with `{"camera":"front","trigger":1764331200000}`: the event goes, and the recordings that were
 *   made for it alone.
 *
 * Those of a camera answer with its `CameraStatusJson`, those of an event with `{}`, errors with `ErrorJson`.
 * - `GET /api/changes`: a line of JSON (`ChangeJson`) for each change, without end.
 * - `GET /api/cameras/NAME/motion` and `/explained`: the same of `MotionJson`, and of `ExplainedJson`.
 * - `GET /api/cameras/NAME/live/main` or `/sub`, upgraded to `LIVE_PROTOCOL`: the stream's packets (`packet-records`).
 *
 * Knows nothing of sockets, so that it can be offered on more than one.
 */
export class ControlApi {
  readonly #recorder: ControlledRecorder;

  constructor(recorder: ControlledRecorder) {
    this.#recorder = recorder;
  }

  async handle({ method, path, body }: ControlRequest): Promise<ControlResponse> {
    const parts = pathParts(path);
    if (parts?.join('/') === 'api/status') {
      return method === 'GET' ? ok({ cameras: this.#recorder.status() }) : wrongMethod('GET');
    }
    if (parts?.join('/') === 'api/meters') {
      return method === 'GET' ? ok(this.#recorder.meters()) : wrongMethod('GET');
    }
    try {
      return (
        (await this.#careForEvent(method, parts?.join('/'), body)) ?? this.#handleCamera(method, path, body)
      );
    } catch (error) {
      if (error instanceof BodyError) return failed(400, error.message);
      throw error;
    }
  }

  /** @throws BodyError, as the functions below. @returns undefined for another path. */
  async #careForEvent(
    method: string,
    path: string | undefined,
    body: string,
  ): Promise<ControlResponse | undefined> {
    if (path !== 'api/events/keep' && path !== 'api/events/delete') return undefined;
    if (method !== 'POST') return wrongMethod('POST');
    const isKeep = path === 'api/events/keep';
    const { camera, trigger, kept } = parseMembers(body, ['camera', 'trigger', ...(isKeep ? ['kept'] : [])]);
    if (typeof camera !== 'string') throw new BodyError('camera: expected the name of a camera');
    if (typeof trigger !== 'number' || !Number.isSafeInteger(trigger)) {
      throw new BodyError('trigger: expected the moment of an event in ms since 1970');
    }
    if (isKeep && typeof kept !== 'boolean') throw new BodyError('kept: expected true or false');
    const outcome = isKeep
      ? await this.#recorder.keepEvent(camera, wallMs(trigger), kept === true)
      : await this.#recorder.deleteEvent(camera, wallMs(trigger));
    if (outcome === 'done') return ok({});
    const name = JSON.stringify(camera.slice(0, LONGEST_SHOWN));
    if (outcome === 'unknown') return failed(404, `there is no event of ${name} with this trigger`);
    return outcome === 'open'
      ? failed(409, 'the event is still going on', 'event-goes-on')
      : failed(409, 'the event is kept by hand', 'event-kept');
  }

  #handleCamera(method: string, path: string, body: string): ControlResponse {
    const parts = pathParts(path);
    const [api, cameras, camera, event, verb, ...rest] = parts ?? [];
    const isEvent = api === 'api' && cameras === 'cameras' && event === 'event' && rest.length === 0;
    if (!isEvent || camera === undefined || (verb !== 'start' && verb !== 'stop')) {
      return failed(404, `nothing is offered at ${JSON.stringify(path.slice(0, LONGEST_SHOWN))}`);
    }
    if (method !== 'POST') return wrongMethod('POST');
    const unknown = this.#unknownCamera(camera);
    if (unknown !== undefined) return failed(404, unknown);
    return verb === 'start' ? this.#start(camera, body) : this.#stop(camera, body);
  }

  /** What is told without end at this path; undefined where nothing is. */
  telling({ method, path }: ControlRequest): Telling | undefined {
    if (method !== 'GET') return undefined;
    const [api, kind, camera, what, ...rest] = pathParts(path) ?? [];
    if (api !== 'api' || rest.length > 0) return undefined;
    if (kind === 'changes' && camera === undefined) return (tell) => this.#recorder.follow(tell);
    if (kind !== 'cameras' || camera === undefined) return undefined;
    if (this.#unknownCamera(camera) !== undefined) return undefined;
    if (what === 'motion') return (tell) => this.#recorder.followMotion(camera, tell);
    if (what === 'explained') return (tell) => this.#recorder.followExplained(camera, tell);
    return undefined;
  }

  /** The stream whose packets are to be had at this path; undefined where there is none. */
  live({ method, path }: ControlRequest): LiveStream | undefined {
    const [api, cameras, camera, live, stream, ...rest] = pathParts(path) ?? [];
    const isLive = method === 'GET' && api === 'api' && cameras === 'cameras' && live === 'live';
    if (!isLive || rest.length > 0 || camera === undefined || (stream !== 'main' && stream !== 'sub')) {
      return undefined;
    }
    return this.#unknownCamera(camera) === undefined ? this.#recorder.live(camera, stream) : undefined;
  }

  #start(camera: string, body: string): ControlResponse {
    const { cause, durationMs } = parseStart(body);
    const answer = this.#recorder.startEvent(camera, cause, durationMs);
    if (answer === 'too-many') return failed(409, `${camera}: too many causes at once`);
    return ok(answer);
  }

  #stop(camera: string, body: string): ControlResponse {
    const cause = parseCause(parseMembers(body, ['cause'])['cause']);
    const answer = this.#recorder.stopEvent(camera, cause);
    if (answer === 'not-started') {
      return failed(404, `${camera}: no event of the cause ${cause} has been started, or it is over`);
    }
    return ok(answer);
  }

  #unknownCamera(name: string): string | undefined {
    const names = this.#recorder.status().map(({ camera }) => camera);
    if (names.includes(name)) return undefined;
    const near = nearestName(name, names);
    const hint = near === undefined ? '' : `, did you mean ${near}?`;
    return `no camera ${JSON.stringify(name.slice(0, LONGEST_SHOWN))} is being recorded${hint}`;
  }
}

function pathParts(path: string): string[] | undefined {
  const [bare = ''] = path.split('?');
  try {
    return bare.replace(/^\//, '').split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** @throws BodyError, as the functions below. */
function parseStart(body: string): { readonly cause: string; readonly durationMs: number | undefined } {
  const members = parseMembers(body, ['cause', 'duration']);
  const cause = parseCause(members['cause']);
  const { duration } = members;
  if (duration === undefined) return { cause, durationMs: undefined };
  const isWritten = typeof duration === 'string' || typeof duration === 'number';
  const durationMs = isWritten ? parseDurationMs(duration) : undefined;
  if (durationMs !== undefined && durationMs >= LEAST_DURATION_MS && durationMs <= MOST_DURATION_MS) {
    return { cause, durationMs };
  }
  const range = `from ${formatDuration(LEAST_DURATION_MS)} to ${formatDuration(MOST_DURATION_MS)}`;
  throw new BodyError(
    `duration: expected a duration ${range}, such as 500ms, 5s or 2m (a plain number is seconds)`,
  );
}

function parseCause(written: unknown = 'manual'): string {
  if (typeof written !== 'string' || !CAUSE.test(written)) {
    throw new BodyError('cause: expected a cause of 1 to 32 letters, digits, _ or -');
  }
  if (!RESERVED_CAUSES.includes(written)) return written;
  throw new BodyError(`cause: expected a cause other than ${RESERVED_CAUSES.join(', ')}`);
}

/** An empty body is one without members. By hand: a library for it (zod) would take the recorder's process 8 MiB. */
function parseMembers(text: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  const value = text.trim() === '' ? {} : parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BodyError('expected a JSON object');
  }
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown === undefined) return { ...value };
  throw new BodyError(`unknown member ${JSON.stringify(unknown.slice(0, LONGEST_SHOWN))}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyError('expected a body of JSON, found something else');
  }
}

function ok(body: object): ControlResponse {
  return { status: 200, body };
}

function wrongMethod(expected: string): ControlResponse {
  return failed(405, `expected the method ${expected}`);
}

function failed(status: number, message: string, code?: ErrorCode): ControlResponse {
  const body: ErrorJson = { error: code === undefined ? { message } : { message, code } };
  return { status, body };
}
