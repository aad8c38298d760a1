import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../account/accounts.ts';
import { SESSION_LIFE_MS } from '../account/session-table.ts';
import type { Identify } from './access.ts';
import { HttpError } from './http-error.ts';

const NAME = 'preroll-session';

/** Scripts cannot read it, other sites cannot make a browser send it, and where there is encryption it stays encrypted. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  void reply.setCookie(NAME, secret, { ...attributesFor(request), maxAge: SESSION_LIFE_MS / 1_000 });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  void reply.clearCookie(NAME, attributesFor(request));
}

function attributesFor({ client }: FastifyRequest) {
  return {
    path: `${client.prefix}/`,
    httpOnly: true,
    sameSite: 'strict',
    secure: client.isSecure,
  } as const;
}

/** By a token in the header `Authorization: Bearer TOKEN`, or by the cookie of a session. */
export function identifyBy(accounts: Accounts): Identify {
  return (request) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) return userOfToken(accounts, authorization);
    const secret = request.cookies[NAME];
    return secret === undefined ? undefined : accounts.sessions.find(secret, request.client.address);
  };
}

function userOfToken(accounts: Accounts, authorization: string) {
  const [, token] = /^Bearer +([\w-]+)$/i.exec(authorization) ?? [];
  const user = token === undefined ? undefined : accounts.tokens.find(token);
  if (user !== undefined) return user;
  throw new HttpError(
    401,
    'The token in the header Authorization (Bearer TOKEN) is not valid, or no longer.',
  );
}
