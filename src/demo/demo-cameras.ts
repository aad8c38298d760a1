import { sleep, type Clock } from '../base/clock.ts';
import { RtspServer } from '../rtsp/server/rtsp-server.ts';
import { obtainClip, type ClipMaker } from './clip-cache.ts';
import type { ClipSpec } from './clip-spec.ts';
import type { Clip } from './clip.ts';
import { LoopPlayer, mediaOfClip } from './loop-player.ts';

/** What the streams of all cameras look like; each camera shows the same clip. */
export interface DemoCamerasOptions {
  readonly cacheDir: string;
  readonly clock: Clock;
  /** How many cameras, 1..64. */
  readonly cameras: number;
  /** Port of the first camera, the others follow; 0 takes any free ones. */
  readonly firstPort: number;
  readonly main: ClipSpec;
  /** A second stream at `/sub`, if wanted. */
  readonly sub: ClipSpec | undefined;
  /** Percent of the clip being encoded, 0..100: first of the main stream, then of the sub-stream. */
  readonly onProgress: (percent: number) => void;
  readonly signal: AbortSignal;
  readonly makeClip: ClipMaker;
}

export interface RunningCamera {
  /** On the frames' stamps: `cam1`, `cam2`… */
  readonly name: string;
  readonly url: string;
  readonly subUrl: string | undefined;
}

export interface RunningCameras extends AsyncDisposable {
  readonly cameras: readonly RunningCamera[];
  /** Pictures sent so far, over all cameras and streams. */
  framesSent(): number;
}

/**
 * Starts several like cameras, each a server of its own on the loopback address, to try recorders and to measure them.
 * @throws RangeError for a number of cameras out of range; EncodeError; an error of the system for a port taken.
 */
export async function startDemoCameras(options: DemoCamerasOptions): Promise<RunningCameras> {
  if (!(options.cameras >= 1 && options.cameras <= 64)) {
    throw new RangeError(`${options.cameras} demo cameras: expected 1 to 64`);
  }
  const obtain = (spec: ClipSpec) =>
    obtainClip({
      spec,
      cacheDir: options.cacheDir,
      make: options.makeClip,
      onProgress: options.onProgress,
      signal: options.signal,
    });
  const main = await obtain(options.main);
  const sub = options.sub === undefined ? undefined : await obtain(options.sub);
  const started: StartedCamera[] = [];
  const dispose = async () => {
    for (const { server, players } of started) {
      for (const player of players) player[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    }
  };
  try {
    for (let index = 0; index < options.cameras; index++) {
      // Spread over a GOP, so that the key pictures do not all come at once.
      if (index > 0)
        await sleep(options.clock, (options.main.gopSeconds * 1000) / options.cameras, options.signal);
      const port = options.firstPort === 0 ? 0 : options.firstPort + index;
      started.push(await startCamera(`cam${index + 1}`, port, main, sub, options.clock));
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    cameras: started.map(({ camera }) => camera),
    framesSent: () =>
      started.flatMap(({ players }) => players).reduce((sum, player) => sum + player.framesSent, 0),
    [Symbol.asyncDispose]: dispose,
  };
}

interface StartedCamera {
  readonly camera: RunningCamera;
  readonly server: RtspServer;
  readonly players: readonly LoopPlayer[];
}

async function startCamera(
  name: string,
  port: number,
  main: Clip,
  sub: Clip | undefined,
  clock: Clock,
): Promise<StartedCamera> {
  const server = await RtspServer.listen({ clock, port });
  const play = (clip: Clip, path: string) => {
    const stream = server.serve({ path: `/${path}`, media: mediaOfClip(clip) });
    const player = new LoopPlayer({ clip, stream, clock, stampName: `${name}/${path}` });
    player.start();
    return { player, url: server.urlOf(stream) };
  };
  const first = play(main, 'main');
  const second = sub === undefined ? undefined : play(sub, 'sub');
  return {
    camera: { name, url: first.url, subUrl: second?.url },
    server,
    players: second === undefined ? [first.player] : [first.player, second.player],
  };
}
