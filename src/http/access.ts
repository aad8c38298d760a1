import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Role, User } from '../account/user.ts';
import { SAFE_NAME } from '../config/safe-name.ts';
import { HttpError, noSuchCamera, signedOut } from './http-error.ts';

/** Who may use a route. */
export type Access =
  /** Everybody, without an account. */
  | 'public'
  | {
      readonly role: Role;
      /** The route's parameter that names a camera, which the user must be allowed to see. */
      readonly camera?: string;
      /** Whether a session is asked for: a token cannot do it. */
      readonly session?: true;
    };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyInstance {
    /** All routes, also those that are hidden in the description of the API. */
    readonly routeTable: readonly RouteEntry[];
  }
  interface FastifyRequest {
    /** Who asks. Throws where the route is public and nobody has signed in. */
    readonly user: User;
  }
}

export interface RouteEntry {
  readonly method: string;
  /** With its parameters as they are written: `/api/cameras/:camera/snapshot`. */
  readonly url: string;
  readonly access: Access;
  readonly isWebSocket: boolean;
}

const FORBIDDEN = { code: 'forbidden' } as const;

/** Finds who asks; undefined for nobody. @throws HttpError for credentials that are refused. */
export type Identify = (request: FastifyRequest, reply: FastifyReply) => User | undefined;

/**
 * Lets nobody use a route who may not, WebSockets included: routes of the instance have to say who may, and the one hook here looks.
 * Comes before all routes.
 */
export function enforceAccess(app: FastifyInstance, identify: Identify): void {
  const users = new WeakMap<FastifyRequest, User>();
  app.decorateRequest('user', {
    getter(this: FastifyRequest) {
      const user = users.get(this);
      if (user === undefined) throw signedOut();
      return user;
    },
  });
  const routeTable: RouteEntry[] = [];
  app.decorate('routeTable', routeTable);
  app.addHook('onRoute', ({ method, url, config, websocket, wsHandler }) => {
    const access = config?.access;
    if (access === undefined) {
      throw new Error(`the route ${String(method)} ${url} does not say who may use it: config.access`);
    }
    for (const one of [method].flat()) {
      routeTable.push({
        method: one,
        url,
        access,
        isWebSocket: websocket === true || wsHandler !== undefined,
      });
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    // Where there is no route, nobody learns that who has not signed in; the handler of unknown paths says what it is.
    const access = request.routeOptions.config.access ?? 'public';
    if (access === 'public') return;
    const user = identify(request, reply);
    if (user === undefined) throw signedOut();
    users.set(request, user);
    check(user, access, request);
  });
}

function check(user: User, access: Exclude<Access, 'public'>, request: FastifyRequest): void {
  if (access.session === true && user.credential.kind !== 'session') {
    throw new HttpError(403, 'A token cannot do this: sign in with a password.', { reason: FORBIDDEN });
  }
  if (!user.may(access.role)) {
    const message = `This is for the role ${access.role}; ${user.name} has the role ${user.role}.`;
    throw new HttpError(403, message, { reason: FORBIDDEN });
  }
  if (access.camera === undefined) return;
  // Every parameter of a path is a string.
  const camera = (request.params as Readonly<Record<string, string | undefined>>)[access.camera];
  if (camera === undefined) throw new Error(`the route has no parameter ${access.camera}`);
  // What cannot be a camera's name never gets near a file or another process.
  if (!SAFE_NAME.test(camera) || !user.maySee(camera)) throw noSuchCamera(camera);
}
