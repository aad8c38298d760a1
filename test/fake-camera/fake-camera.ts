import type { Clock } from '../../src/base/clock.ts';
import type { Clip } from '../../src/demo/clip.ts';
import { LoopPlayer, mediaOfClip } from '../../src/demo/loop-player.ts';
import type { OutgoingResponse, RtspRequest } from '../../src/rtsp/message.ts';
import type { Authentication } from '../../src/rtsp/server/authenticator.ts';
import type { ServerHooks } from '../../src/rtsp/server/client.ts';
import { RtspServer } from '../../src/rtsp/server/rtsp-server.ts';
import { FaultInjector, NO_FAULTS, type Faults } from './faults.ts';

/**
 * How the camera names its tracks: `relative` (`trackID=0` below Content-Base), `absolute` (with its own address),
 * `foreign` (absolute, with an address on another network, as behind NAT), `star` (`*` for the only track), `missing`
 * (no control lines for the only track), `no-base` (relative, and neither Content-Base nor Content-Location).
 */
export type ControlStyle = 'relative' | 'absolute' | 'foreign' | 'star' | 'missing' | 'no-base';

export interface FakeCameraOptions {
  readonly clock: Clock;
  readonly main: Clip;
  /** A second stream, if wanted. */
  readonly sub?: Clip;
  /** Paths of the streams; may hold query strings. Default `/main` and `/sub`. */
  readonly mainPath?: string;
  readonly subPath?: string;
  /** On the stamps, followed by `/main` or `/sub`; default `fake`. */
  readonly name?: string;
  readonly port?: number;
  /**
   * Whether it plays from when somebody first asks for it, instead of from its start: so what happens at some second is
   * seen by one who comes late, too.
   */
  readonly waitsForViewer?: boolean;
  readonly authentication?: Authentication;
  readonly sessionTimeoutMs?: number;
  readonly control?: ControlStyle;
  /** Where parameter sets are told; default both. */
  readonly parameterSets?: 'both' | 'sdp' | 'in-band';
  /** SETUP of others is refused with 461; default both. */
  readonly transports?: readonly ('tcp' | 'udp')[];
  readonly maxPacketBytes?: number;
  readonly aggregates?: boolean;
  /** Of the accidents; default 1. */
  readonly seed?: number;
}

/** The product's own RTSP server as a camera with faults that can be set while it runs. */
export class FakeCamera implements AsyncDisposable {
  readonly #options: FakeCameraOptions;
  readonly #injector: FaultInjector;
  /** What is on the streams now, in the order main, sub. */
  readonly #clips: Clip[];
  #sent: number[] = [0, 0];
  #server: RtspServer | undefined;
  #players: LoopPlayer[] = [];
  #port: number;
  readonly #requests: RtspRequest[] = [];

  private constructor(options: FakeCameraOptions) {
    this.#options = options;
    this.#injector = new FaultInjector(options.seed ?? 1);
    this.#clips = options.sub === undefined ? [options.main] : [options.main, options.sub];
    this.#port = options.port ?? 0;
  }

  /** A camera that is on and plays. */
  static async start(options: FakeCameraOptions): Promise<FakeCamera> {
    const camera = new FakeCamera(options);
    await camera.powerOn();
    return camera;
  }

  get url(): string {
    return `rtsp://127.0.0.1:${this.#port}${this.#paths[0]}`;
  }

  get subUrl(): string {
    return `rtsp://127.0.0.1:${this.#port}${this.#paths[1]}`;
  }

  /** The last requests that came, at most 1000. */
  get requests(): readonly RtspRequest[] {
    return this.#requests;
  }

  /** Connections accepted since the power came on. */
  get connections(): number {
    return this.#server?.connections ?? 0;
  }

  /** Pictures sent by the main (0) or sub (1) stream since the start: the number on the last stamp. */
  framesSent(stream: 0 | 1 = 0): number {
    return this.#players[stream]?.framesSent ?? this.#sent[stream] ?? 0;
  }

  /** Sets some faults and leaves the others as they are. */
  set(faults: Partial<Faults>): void {
    this.#injector.faults = { ...this.#injector.faults, ...faults };
  }

  /** As good as new; what was sent stays sent. */
  heal(): void {
    this.#injector.faults = NO_FAULTS;
  }

  /** Ends all connections; new ones are accepted at once. */
  dropClients(): void {
    this.#server?.dropClients();
  }

  renewNonce(): void {
    this.#server?.renewNonce();
  }

  /** Other parameter sets or another size from the next picture on. The codec stays. */
  switchTo(clip: Clip, stream: 0 | 1 = 0): void {
    this.#clips[stream] = clip;
    this.#players[stream]?.switchTo(clip);
  }

  /** As if the plug were pulled: connections end, the port is closed. */
  async powerOff(): Promise<void> {
    this.#sent = this.#players.map((player) => player.framesSent);
    for (const player of this.#players) player[Symbol.dispose]();
    this.#players = [];
    await this.#server?.[Symbol.asyncDispose]();
    this.#server = undefined;
  }

  /** On the same port as before; the numbering of the pictures goes on. */
  async powerOn(): Promise<void> {
    if (this.#server !== undefined) return;
    const { clock, authentication, sessionTimeoutMs } = this.#options;
    const server = await RtspServer.listen({
      clock,
      port: this.#port,
      authentication,
      sessionTimeoutMs,
      hooks: this.#hooks(),
    });
    this.#server = server;
    this.#port = server.port;
    this.#players = this.#clips.map((clip, index) => this.#play(server, clip, index));
    if (this.#options.waitsForViewer !== true) this.#startPlayers();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.powerOff();
  }

  get #paths(): readonly [string, string] {
    return [this.#options.mainPath ?? '/main', this.#options.subPath ?? '/sub'];
  }

  #startPlayers(): void {
    for (const player of this.#players) player.start();
  }

  #play(server: RtspServer, clip: Clip, index: number): LoopPlayer {
    const { clock, name, parameterSets, maxPacketBytes, aggregates } = this.#options;
    const media = mediaOfClip(clip).map((track) =>
      track.kind === 'video' && parameterSets === 'in-band' ? { ...track, parameterSets: undefined } : track,
    );
    const stream = server.serve({ path: this.#paths[index] ?? '/', media, maxPacketBytes, aggregates });
    return new LoopPlayer({
      clip,
      stream,
      clock,
      stampName: `${name ?? 'fake'}/${index === 0 ? 'main' : 'sub'}`,
      hasBandParameterSets: parameterSets !== 'sdp',
      sentBefore: this.#sent[index],
      alter: this.#injector.alter,
    });
  }

  #hooks(): ServerHooks {
    return {
      filter: this.#injector.filter,
      intercept: (request) => this.#intercept(request),
      rewrite: (request, response) =>
        request.method === 'DESCRIBE' && response.status === 200
          ? this.#rewriteControls(request, response)
          : response,
    };
  }

  #intercept(request: RtspRequest): OutgoingResponse | 'silence' | undefined {
    this.#requests.push(request);
    if (this.#requests.length > 1000) this.#requests.shift();
    const { isStalled, redirectTo } = this.#injector.faults;
    if (isStalled) return 'silence';
    if (request.method === 'DESCRIBE' && redirectTo !== undefined) {
      return { status: 302, headers: [['Location', redirectTo]] };
    }
    if (request.method === 'PLAY') this.#startPlayers();
    if (request.method !== 'SETUP') return undefined;
    const offered = /TCP/i.test(request.headers.get('Transport') ?? '') ? 'tcp' : 'udp';
    return this.#options.transports?.includes(offered) === false ? { status: 461, headers: [] } : undefined;
  }

  #rewriteControls(request: RtspRequest, response: OutgoingResponse): OutgoingResponse {
    const style = this.#options.control ?? 'relative';
    if (style === 'relative') return response;
    if (style === 'no-base') {
      return { ...response, headers: response.headers.filter(([name]) => name !== 'Content-Base') };
    }
    const lines = {
      absolute: `a=control:${request.uri}/trackID=$1\r\n`,
      foreign: `a=control:${request.uri.replace(/\/\/[^/]+/, '//192.168.77.77:10554')}/trackID=$1\r\n`,
      star: 'a=control:*\r\n',
      missing: '',
    } as const;
    const sdp = Buffer.from(response.body ?? []).toString('latin1');
    return {
      ...response,
      body: Buffer.from(sdp.replace(/a=control:trackID=(\d)\r\n/g, lines[style]), 'latin1'),
    };
  }
}
