import type { IncomingMessage } from 'node:http';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyRequest, type FastifyServerFactory } from 'fastify';
import {
  createJsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type FastifyPluginAsyncZod,
} from 'fastify-type-provider-zod';
import type { AuditedAct, AuditLog } from '../account/audit-log.ts';
import type { Log } from '../base/log.ts';
import { enforceAccess, type Identify } from './access.ts';
import type { AppFiles } from './app-files.ts';
import { ClientFinder, type Client } from './client-address.ts';
import { answerErrors } from './error-answer.ts';
import type { OpenSockets } from './open-sockets.ts';
import { appPage } from './routes/app-page.ts';
import { refuseOtherOrigins } from './same-origin.ts';
import { sendSecurityHeaders } from './security-headers.ts';
import { refuseTokenInUrl } from './token-in-url.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom it comes from, proxies looked through. */
    readonly client: Client;
    /** Writes down what the user has done: everything that shows, changes, exports or deletes something does. */
    audit(act: AuditedAct): void;
  }
}

export interface WebServerOptions {
  /** Below `api/`. Each says of each of its routes who may use it. */
  readonly routes: readonly FastifyPluginAsyncZod[];
  readonly appFiles: AppFiles;
  readonly identify: Identify;
  readonly openSockets: OpenSockets;
  readonly audit: AuditLog;
  readonly trustedProxies: readonly string[];
  /** Empty, or `/` and what follows, without a slash at its end. */
  readonly basePath: string;
  readonly version: string;
  readonly log: Log;
  /** How it is reached; by itself over HTTP. */
  readonly serverFactory?: FastifyServerFactory;
}

/** The largest body of a request that says nothing else: settings and layouts are far smaller. */
const LARGEST_BODY_BYTES = 2 ** 20;
/** Of a WebSocket's message: what pages send is small. */
const LARGEST_MESSAGE_BYTES = 64 * 2 ** 10;
/** For the whole of a request to come, so that nobody holds connections by sending it slowly. */
const REQUEST_WAIT_MS = 60_000;
/** A camera's name or a token, each character in three. */
const LONGEST_PARAMETER = 300;

/** The server, ready to listen. @throws Error when a route does not say who may use it. */
export async function makeWebServer(options: WebServerOptions): Promise<FastifyInstance> {
  const { routes, identify, openSockets, version, log } = options;
  const clients = new ClientFinder(options.trustedProxies);
  const app = fastify({
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: REQUEST_WAIT_MS,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    rewriteUrl: (request) =>
      withoutPrefix(request.url ?? '/', [options.basePath, clients.clientOf(request).prefix]),
    ...(options.serverFactory === undefined ? {} : { serverFactory: options.serverFactory }),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, log);
  sendSecurityHeaders(app);
  await app.register(cookie);
  await app.register(websocket, { options: { maxPayload: LARGEST_MESSAGE_BYTES } });
  await app.register(swagger, {
    openapi: { info: { title: 'Preroll', version } },
    transform: createJsonSchemaTransform({}),
  });
  readClients(app, (request) => clients.clientOf(request));
  app.addHook('onRequest', async (request) => {
    refuseTokenInUrl(request.raw.url ?? '');
    refuseOtherOrigins(request, request.client);
  });
  enforceAccess(app, identify);
  writeAudit(app, options.audit);
  openSockets.watch(app);
  await app.register(
    async (api) => {
      api.get('/openapi.json', { config: { access: { role: 'viewer' } }, schema: { hide: true } }, async () =>
        app.swagger(),
      );
      for (const route of routes) await api.register(route);
    },
    { prefix: '/api' },
  );
  await app.register(appPage(options.appFiles));
  return app;
}

function readClients(app: FastifyInstance, clientOf: (request: IncomingMessage) => Client): void {
  const clients = new WeakMap<FastifyRequest, Client>();
  app.decorateRequest('client', {
    getter(this: FastifyRequest) {
      const client = clients.get(this) ?? clientOf(this.raw);
      clients.set(this, client);
      return client;
    },
  });
}

function writeAudit(app: FastifyInstance, audit: AuditLog): void {
  app.decorateRequest('audit', function record(this: FastifyRequest, act: AuditedAct) {
    const { name, credential } = this.user;
    const token = credential.kind === 'token' ? { token: credential.name } : {};
    audit.record({ user: name, ...token, address: this.client.address }, act);
  });
}

function withoutPrefix(url: string, prefixes: readonly string[]): string {
  const prefix = prefixes.find((one) => one !== '' && (url === one || url.startsWith(`${one}/`)));
  if (prefix === undefined) return url;
  const rest = url.slice(prefix.length);
  return rest === '' ? '/' : rest;
}
