import { PassThrough } from 'node:stream';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { WebSocket } from 'ws';
import { Accounts } from '../../account/accounts.ts';
import { ExportTable } from '../../account/export-table.ts';
import type { UserRights } from '../../account/user-table.ts';
import type { Log } from '../../base/log.ts';
import { silentLog } from '../../base/log.ts';
import { SimulatedClock } from '../../base/simulated-clock.ts';
import type { Config } from '../../config/config.ts';
import type { SocketAddress } from '../../control/socket-address.ts';
import { PretendedRecorder } from '../../control/testing/pretended-recorder.ts';
import { accessTo } from '../../db/index-access.ts';
import { SqliteIndex } from '../../db/sqlite-index.ts';
import { FollowedRecorder } from '../../live/followed-recorder.ts';
import { PretendedLink } from '../../live/testing/pretended-link.ts';
import { PictureMaker } from '../../picture/picture-maker.ts';
import { AppFile } from '../app-files.ts';
import { OpenSockets } from '../open-sockets.ts';
import { allRoutes } from '../routes.ts';
import type { WebServices } from '../services.ts';
import { ExportJobs } from '../export-jobs.ts';
import { identifyBy } from '../session-cookie.ts';
import { makeWebServer } from '../web-server.ts';

export const PASSWORD = 'correct horse 7';

export interface TestSiteOptions {
  /** Of a recorder whose configuration has these cameras. */
  readonly cameras?: readonly string[];
  readonly config?: Config;
  readonly configPath?: string;
  /** Where a recorder is asked; by default there is none. */
  readonly recorder?: SocketAddress;
  readonly trustedProxies?: readonly string[];
  readonly basePath?: string;
  readonly log?: Log;
  readonly moreRoutes?: readonly FastifyPluginAsyncZod[];
}

/** The whole web server with all its routes, in the test's process, without a port. */
export interface TestSite extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly accounts: Accounts;
  readonly index: SqliteIndex;
  readonly link: PretendedLink;
  readonly openSockets: OpenSockets;
  readonly clock: SimulatedClock;
  /** Makes an account. @returns the headers of its browser. */
  signedIn(name: string, rights?: Partial<UserRights>): Promise<Record<string, string>>;
  /** Makes a token of an account. @returns the headers of its program. */
  withToken(name: string, rights?: Partial<UserRights>): Promise<Record<string, string>>;
  inject(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** Rejects with the status in its message when the server refuses. */
  openSocket(
    url: string,
    headers: Readonly<Record<string, string>>,
    onText: (text: string) => void,
  ): Promise<WebSocket>;
}

const DOOR = { address: '127.0.0.1', agent: 'test' };
const ORIGIN = { host: 'localhost:8470', origin: 'http://localhost:8470' };

export async function startTestSite(options: TestSiteOptions = {}): Promise<TestSite> {
  const { cameras = ['yard', 'door'], log = silentLog } = options;
  const clock = new SimulatedClock();
  const accounts = Accounts.open({ path: ':memory:', clock });
  const index = SqliteIndex.open(':memory:');
  const link = new PretendedLink();
  const followed = new FollowedRecorder({ link, clock, log: silentLog });
  followed.start();
  link.changes[0]?.tell({ type: 'cameras', cameras: new PretendedRecorder(...cameras).status() });
  const makeChild = (): never => {
    throw new Error('no pictures are made in this test');
  };
  // Whatever routes ask of it beside its cameras a test gives.
  const config = options.config ?? configOf(cameras);
  const indexAccess = accessTo(index);
  const services: WebServices = {
    config: () => config,
    configSource: { path: options.configPath ?? '/nowhere/preroll.yaml', flags: [] },
    index: indexAccess,
    recorder: options.recorder ?? { kind: 'file', path: '/nowhere/preroll.sock' },
    link,
    followed,
    pictures: new PictureMaker({ makeChild, clock }),
    accounts,
    exports: new ExportJobs({
      table: new ExportTable(accounts.database),
      index: indexAccess,
      config: () => config,
      clock,
      log,
    }),
    programs: {
      analyzer: '',
      transcoder: '',
      sound: '',
      source: '',
      index: '',
      configReader: '',
      picture: '',
      motionTrial: '',
      moment: '',
    },
    version: '0.0.0',
    clock,
    log,
  };
  const openSockets = new OpenSockets();
  const app = await makeWebServer({
    routes: [...allRoutes(services), ...(options.moreRoutes ?? [])],
    appFiles: new Map([
      ['index.html', new AppFile('text/html', Buffer.from('<html><base href="./" /></html>'))],
      ['assets/main-1.js', new AppFile('text/javascript', Buffer.from('start();'.repeat(500)))],
      ['favicon.svg', new AppFile('image/svg+xml', Buffer.from('<svg/>'))],
    ]),
    identify: identifyBy(accounts),
    openSockets,
    audit: accounts.audit,
    trustedProxies: options.trustedProxies ?? [],
    basePath: options.basePath ?? '',
    version: '0.0.0',
    log,
  });
  await app.ready();
  const makeUser = async (name: string, { role = 'viewer', cameras: seen = null }: Partial<UserRights>) =>
    await accounts.addUser({ name, password: PASSWORD }, { role, cameras: seen });
  return {
    app,
    accounts,
    index,
    link,
    openSockets,
    clock,
    async signedIn(name, rights = {}) {
      const { id } = await makeUser(name, rights);
      const secret = accounts.sessions.begin({ userId: id, ...DOOR });
      return { ...ORIGIN, cookie: `preroll-session=${secret}` };
    },
    async withToken(name, rights = {}) {
      const { id } = await makeUser(name, rights);
      const owner = accounts.sessions.find(accounts.sessions.begin({ userId: id, ...DOOR }), '');
      if (owner === undefined) throw new Error('a session that has just begun was not found');
      const { role, cameras: seen } = owner;
      const token = accounts.tokens.add(owner, { name: 'test', role, cameras: seen, expiresMs: null });
      return { authorization: `Bearer ${token}` };
    },
    inject: async (request) => await app.inject(request),
    async openSocket(url, headers, onText) {
      const socket = new PassThrough();
      const onInit = (made: WebSocket) => made.on('message', (data: Buffer) => onText(data.toString()));
      // Of the socket of a real upgrade what the server looks at.
      const context = { headers, socket: Object.assign(socket, { remoteAddress: '127.0.0.1' }) };
      return await app.injectWS(url, context as never, { onInit });
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await followed[Symbol.asyncDispose]();
      index.close();
      accounts[Symbol.dispose]();
    },
  };
}

function configOf(cameras: readonly string[]): Config {
  const config = {
    cameras: cameras.map((name) => ({ name, isEnabled: true })),
    archive: { volumes: [], timeZone: 'utc' },
    log: { path: '/nowhere/preroll.log', count: 0 },
  };
  return config as unknown as Config;
}
