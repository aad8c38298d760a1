import type { FastifyRequest } from 'fastify';
import type { Client } from './client-address.ts';
import { HttpError } from './http-error.ts';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Refuses what another page has made a browser ask. Browsers tell whose page asks: `Sec-Fetch-Site` where the connection
 * can be trusted, `Origin` with everything that may change something and with every WebSocket; pages cannot write either.
 * A program that sends a cookie by hand has to write one of them. What is public may be linked to from anywhere: it is shown
 * to whoever follows the link, and to nobody else.
 * @throws HttpError
 */
export function refuseOtherOrigins(request: FastifyRequest, client: Client): void {
  // A page of another origin cannot send this header: browsers would ask us first, and we do not allow it.
  if (request.headers.authorization !== undefined) return;
  const mayChange = !SAFE_METHODS.has(request.method) || request.ws;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) {
    // `none`: somebody typed the address, which never changes anything.
    if (site === 'same-origin' || (site === 'none' && !mayChange)) return;
    if (!mayChange && request.routeOptions.config.access === 'public') return;
    throw refusal(`a page of another origin (${site.slice(0, 20)})`);
  }
  if (!mayChange) return;
  const { origin } = request.headers;
  if (origin === undefined) {
    if (request.headers.cookie === undefined) return;
    throw refusal('a cookie without the header Origin');
  }
  if (hostOf(origin) !== client.host.toLowerCase()) throw refusal('the header Origin of another site');
}

/** With its port, as in the header Host: browsers leave out the usual one in both. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : undefined;
}

function refusal(found: string): HttpError {
  return new HttpError(
    403,
    `Expected a request of the app's own pages, found ${found}. Behind a reverse proxy, it has to pass on Host or X-Forwarded-Host (web.trustedProxies).`,
  );
}
