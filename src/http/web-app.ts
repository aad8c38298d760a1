import { join } from 'node:path';
import { networkInterfaces } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { Accounts } from '../account/accounts.ts';
import { ExportTable } from '../account/export-table.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { keepTrying } from '../base/keep-trying.ts';
import { describeError, systemCode } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Config, WebConfig } from '../config/config.ts';
import { hearConfig, type ToldConfig } from '../config/told-config.ts';
import { SocketLink } from '../control/recorder-link.ts';
import { socketAddress } from '../control/socket-address.ts';
import type { WebOrder } from '../control/web-messages.ts';
import { IndexClient } from '../db/index-client.ts';
import { indexWorkers } from '../db/index-worker-process.ts';
import { forkPictureMaker, PictureMaker } from '../picture/picture-maker.ts';
import { FollowedRecorder } from '../live/followed-recorder.ts';
import { readAppFiles } from './app-files.ts';
import { awaitCertificate, readCertificate, selfMadeCertificate, type Certificate } from './certificate.ts';
import { ClientFinder } from './client-address.ts';
import { OpenSockets } from './open-sockets.ts';
import { ExportJobs } from './export-jobs.ts';
import { allRoutes } from './routes.ts';
import { identifyBy } from './session-cookie.ts';
import type { WebServices } from './services.ts';
import { WebListener, type Reach } from './web-listener.ts';
import { makeWebServer } from './web-server.ts';

export interface WebAppOptions {
  readonly order: WebOrder;
  /** Folder of the built app. */
  readonly appFolder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Tells whoever started the recorder something that is in no log. */
  readonly announce: (text: string) => void;
}

/** How often it is looked whether accounts have changed, by whomever, and what follows from it. */
const LOOK_EVERY_MS = 1_000;
const CERTIFICATE_EVERY_MS = 3_600_000;
/** What helps where a port cannot be had. */
const HELP: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', '; another program, or another recorder, is there: end it, or set another port'],
  [
    'EACCES',
    '; ports below 1024 need the right to them (CAP_NET_BIND_SERVICE): give it, or set another port',
  ],
]);

/** The whole web server: what is in its process. */
export class WebApp implements AsyncDisposable {
  readonly #options: WebAppOptions;
  readonly #stopping = new AbortController();
  readonly #accounts: Accounts;
  readonly #index: IndexClient;
  readonly #followed: FollowedRecorder;
  readonly #pictures: PictureMaker;
  readonly #exports: ExportJobs;
  readonly #openSockets = new OpenSockets();
  readonly #services: WebServices;
  #config: Config;
  #server: FastifyInstance | undefined;
  #listener: WebListener | undefined;
  #reach: Reach | undefined;
  #port: number;
  #look: Timer | undefined;
  #certificateTimer: Timer | undefined;

  /** @throws AccountDatabaseError, ControlError */
  constructor(options: WebAppOptions) {
    const { order, clock, log } = options;
    this.#options = options;
    this.#config = hearConfig(order.config);
    const { web, control, archive } = this.#config;
    const recorder = socketAddress(control.path, process.platform);
    const link = new SocketLink(recorder);
    this.#port = web.port;
    this.#accounts = Accounts.open({ path: join(web.folder, 'accounts.db'), clock });
    this.#index = new IndexClient({
      startWorker: indexWorkers(order.programs.index, archive.indexPath, clock, 'guest'),
      clock,
      log,
      // Its owner rebuilds it.
      onRebuildNeeded: () => undefined,
    });
    this.#followed = new FollowedRecorder({ link, clock, log });
    this.#pictures = new PictureMaker({ makeChild: forkPictureMaker(order.programs.picture, clock), clock });
    this.#exports = new ExportJobs({
      table: new ExportTable(this.#accounts.database),
      index: this.#index,
      config: () => this.#config,
      clock,
      log,
    });
    this.#services = {
      config: () => this.#config,
      configSource: { path: order.configPath, flags: order.configFlags },
      index: this.#index,
      recorder,
      link,
      followed: this.#followed,
      pictures: this.#pictures,
      accounts: this.#accounts,
      exports: this.#exports,
      programs: order.programs,
      version: order.version,
      clock,
      log,
    };
  }

  /** What is in force from now on. Its section `web` stays: for another one, another server is started. */
  reconfigure(config: ToldConfig): void {
    this.#config = hearConfig(config);
  }

  /**
   * Serves until it is disposed of. A port that is taken is tried again, and so is a given certificate that cannot be had.
   * @throws when a self-made one cannot.
   */
  async start(): Promise<void> {
    const { order, appFolder, log } = this.#options;
    const { web } = this.#config;
    const appFiles = await readAppFiles(appFolder);
    if (!appFiles.has('index.html')) log.warn(`the web app was not built: there is nothing in ${appFolder}`);
    this.#index.start();
    this.#followed.start();
    this.#exports.start();
    this.#server = await makeWebServer({
      routes: allRoutes(this.#services),
      appFiles,
      identify: identifyBy(this.#accounts),
      openSockets: this.#openSockets,
      audit: this.#accounts.audit,
      trustedProxies: web.trustedProxies,
      basePath: web.basePath,
      version: order.version,
      log,
    });
    await this.#server.ready();
    const certificate = await this.#firstCertificate(web);
    if (this.#stopping.signal.aborted) return;
    const trusted = new ClientFinder(web.trustedProxies);
    this.#listener = new WebListener({
      server: this.#server.server,
      encryption: web.encryption,
      certificate,
      isTrusted: (address) => trusted.isTrusted(address),
    });
    this.#renewCertificate(web);
    this.#lookAgain();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#look?.[Symbol.dispose]();
    this.#certificateTimer?.[Symbol.dispose]();
    await this.#listener?.[Symbol.asyncDispose]();
    await this.#server?.close();
    await this.#followed[Symbol.asyncDispose]();
    await this.#exports[Symbol.asyncDispose]();
    await this.#pictures[Symbol.asyncDispose]();
    await this.#index[Symbol.asyncDispose]();
    this.#accounts[Symbol.dispose]();
  }

  async #firstCertificate(web: WebConfig): Promise<Certificate | undefined> {
    if (web.certificate === undefined) return await this.#certificate(web);
    const { clock, log } = this.#options;
    return await awaitCertificate(() => this.#certificate(web), {
      clock,
      log,
      signal: this.#stopping.signal,
    });
  }

  async #certificate({ encryption, certificate, folder }: WebConfig): Promise<Certificate | undefined> {
    if (encryption === 'never') return undefined;
    return certificate === undefined
      ? await selfMadeCertificate(folder, this.#options.clock)
      : await readCertificate(certificate);
  }

  /** Certificates of authorities last some weeks, and are replaced in their files. */
  #renewCertificate(web: WebConfig): void {
    const { clock, log } = this.#options;
    const renew = async (): Promise<void> => {
      const certificate = await this.#certificate(web);
      if (certificate !== undefined) this.#listener?.renew(certificate);
    };
    this.#certificateTimer = clock.setTimer(CERTIFICATE_EVERY_MS, () => {
      renew()
        .catch((error: unknown) => log.error(`the certificate cannot be read again: ${describeError(error)}`))
        .finally(() => {
          if (!this.#stopping.signal.aborted) this.#renewCertificate(web);
        });
    });
  }

  /** Accounts also change by the command line: so they are looked at again and again. */
  #lookAgain(): void {
    const { clock, log } = this.#options;
    this.#lookAtAccounts()
      .catch((error: unknown) => log.error(`the web app: ${describeError(error)}`))
      .finally(() => {
        if (this.#stopping.signal.aborted) return;
        this.#look = clock.setTimer(LOOK_EVERY_MS, () => this.#lookAgain());
      });
  }

  async #lookAtAccounts(): Promise<void> {
    this.#openSockets.endUnless((user) => this.#accounts.isStill(user));
    await this.#keepReach();
  }

  /** Nothing is on the network before somebody has a password. */
  async #keepReach(): Promise<void> {
    const { web } = this.#config;
    const { hasAdmin } = this.#accounts.users;
    const reach: Reach = hasAdmin && web.listen === 'lan' ? 'lan' : 'loopback';
    if (reach === this.#reach) return;
    await this.#listen(reach);
    const { log, announce } = this.#options;
    if (this.#stopping.signal.aborted) return;
    this.#reach = reach;
    log.info(`the web app is at ${this.#addresses(reach).join(', ')}`);
    if (hasAdmin) return;
    const secret = this.#accounts.setup.make();
    const [here = ''] = this.#addresses('loopback');
    announce(`Set up Preroll, once, on this machine: ${here}setup#${secret}`);
  }

  async #listen(reach: Reach): Promise<void> {
    const { clock, log } = this.#options;
    await keepTrying(
      async () => {
        this.#port = (await this.#listener?.listen(reach, this.#port)) ?? this.#port;
      },
      {
        clock,
        signal: this.#stopping.signal,
        onFailure: (error) => {
          const help = HELP.get(systemCode(error) ?? '') ?? '';
          const port = `port ${this.#port} (web.port)`;
          log.error(`the web app cannot listen on ${port}: ${describeError(error)}${help}`);
        },
      },
    );
  }

  /** For people; the first is the one for this machine. */
  #addresses(reach: Reach): readonly string[] {
    const { encryption, basePath } = this.#config.web;
    const here = `${encryption === 'always' ? 'https' : 'http'}://localhost:${this.#port}${basePath}/`;
    if (reach === 'loopback') return [here];
    const scheme = encryption === 'never' ? 'http' : 'https';
    const others = Object.values(networkInterfaces())
      .flatMap((found) => found ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => `${scheme}://${address}:${this.#port}${basePath}/`);
    return [here, ...others];
  }
}
