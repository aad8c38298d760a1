import { z } from 'zod';
import { duration } from '../config/option.ts';
import { nearestName } from '../config/nearest-name.ts';
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

export interface ErrorJson {
  readonly error: { readonly message: string };
}

const CAUSE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
/** Those that the recorder gives itself. */
const RESERVED_CAUSES: readonly string[] = ['motion', 'unwatched', 'schedule'];
const LONGEST_SHOWN = 64;

const cause = z
  .string({ error: 'a cause of 1 to 32 letters, digits, _ or -' })
  .regex(CAUSE, { error: 'a cause of 1 to 32 letters, digits, _ or -' })
  .refine((name) => !RESERVED_CAUSES.includes(name), {
    error: `a cause other than ${RESERVED_CAUSES.join(', ')}`,
  })
  .prefault('manual');

const DURATION_LIMITS = { least: 1_000, most: 24 * 3_600_000 };

const startBody = z.strictObject({ cause, duration: duration(DURATION_LIMITS).optional() });
const stopBody = z.strictObject({ cause });

/**
 * What other programs may ask of a recorder:
 * - `GET /api/status`: `StatusJson`.
 * - `POST /api/cameras/NAME/event/start` with `{"cause":"doorbell","duration":"30s"}`, both optional: an event of this
 *   cause is held open, for so long or until it is stopped. Asking again replaces what the same cause had asked for.
 * - `POST /api/cameras/NAME/event/stop` with `{"cause":"doorbell"}`.
 *
 * The latter two answer with the camera's `CameraStatusJson`, errors with `ErrorJson`. Knows nothing of sockets, so that it can be
 * offered on more than one.
 */
export class ControlApi {
  readonly #recorder: ControlledRecorder;

  constructor(recorder: ControlledRecorder) {
    this.#recorder = recorder;
  }

  handle({ method, path, body }: ControlRequest): ControlResponse {
    const parts = pathParts(path);
    if (parts?.join('/') === 'api/status') {
      return method === 'GET' ? ok({ cameras: this.#recorder.status() }) : wrongMethod('GET');
    }
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

  #start(camera: string, body: string): ControlResponse {
    const asked = parseBody(startBody, body);
    if ('problem' in asked) return failed(400, asked.problem);
    const answer = this.#recorder.startEvent(camera, asked.cause, asked.duration);
    if (answer === 'too-many') return failed(409, `${camera}: too many causes at once`);
    return ok(answer);
  }

  #stop(camera: string, body: string): ControlResponse {
    const asked = parseBody(stopBody, body);
    if ('problem' in asked) return failed(400, asked.problem);
    const answer = this.#recorder.stopEvent(camera, asked.cause);
    if (answer === 'not-started') {
      return failed(404, `${camera}: no event of the cause ${asked.cause} has been started, or it is over`);
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

/** An empty body is one without members. */
function parseBody<Body>(schema: z.ZodType<Body>, text: string): Body | { readonly problem: string } {
  let value: unknown = {};
  try {
    if (text.trim() !== '') value = JSON.parse(text);
  } catch {
    return { problem: 'expected a body of JSON, found something else' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    return { problem: `unknown member ${JSON.stringify(String(issue.keys[0]).slice(0, LONGEST_SHOWN))}` };
  }
  const where = issue?.path.join('.') ?? '';
  return where === ''
    ? { problem: 'expected a JSON object' }
    : { problem: `${where}: expected ${issue?.message}` };
}

function ok(body: object): ControlResponse {
  return { status: 200, body };
}

function wrongMethod(expected: string): ControlResponse {
  return failed(405, `expected the method ${expected}`);
}

function failed(status: number, message: string): ControlResponse {
  const body: ErrorJson = { error: { message } };
  return { status, body };
}
