import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { RtspServer } from '../rtsp/server/rtsp-server.ts';
import { obtainClip, type ClipMaker } from './clip-cache.ts';
import type { ClipSpec } from './clip-spec.ts';
import type { Clip } from './clip.ts';
import { LoopPlayer, mediaOfClip } from './loop-player.ts';

export interface DemoCameraOptions {
  /** Where encoded clips are kept between starts. */
  readonly cacheDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** TCP port on the loopback address; 0 (the default) takes any free one. */
  readonly port?: number;
  /** Name on the frames' stamps; default `yard`. */
  readonly name?: string;
  /** Percent of the encoding done, 0..100, which is needed at the first start only. */
  readonly onProgress?: (percent: number) => void;
  /** Ends a running encoding. */
  readonly signal?: AbortSignal;
  readonly makeClip: ClipMaker;
}

/** A camera at work: two streams of the same yard. */
export interface DemoCamera extends AsyncDisposable {
  /** 1280x720 at 15 fps, H.264 with AAC sound. */
  readonly url: string;
  /** 640x360 at 10 fps, H.264. */
  readonly subUrl: string;
}

const MAIN: ClipSpec = {
  widthPx: 1280,
  heightPx: 720,
  rateFps: 15,
  loopSeconds: 60,
  variant: 0,
  codec: 'h264',
  bitrateBps: 1_500_000,
  gopSeconds: 2,
  bFrames: 0,
  hasSound: true,
};
const SUB: ClipSpec = {
  ...MAIN,
  widthPx: 640,
  heightPx: 360,
  rateFps: 10,
  bitrateBps: 400_000,
  hasSound: false,
};

/** Share of the work that the main stream is, for the progress of both. */
const MAIN_SHARE = 0.8;

/**
 * Starts the built-in camera on the loopback address. The first start encodes its minute of video, about ten seconds;
 * later ones take it from the cache.
 * @throws EncodeError if the encoding fails; the signal's reason once it aborts; an error of the system if the port is
 * taken.
 */
export async function startDemoCamera(options: DemoCameraOptions): Promise<DemoCamera> {
  const [main, sub] = await obtainBoth(options);
  const server = await RtspServer.listen({ clock: options.clock, port: options.port });
  const name = options.name ?? 'yard';
  const play = (clip: Clip, path: string) => {
    const stream = server.serve({ path: `/${path}`, media: mediaOfClip(clip) });
    const player = new LoopPlayer({ clip, stream, clock: options.clock, stampName: `${name}/${path}` });
    player.start();
    return { player, url: server.urlOf(stream) };
  };
  const playing = [play(main, 'main'), play(sub, 'sub')] as const;
  options.log.info('the demo camera is on', { url: playing[0].url });
  return {
    url: playing[0].url,
    subUrl: playing[1].url,
    async [Symbol.asyncDispose]() {
      for (const { player } of playing) player[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Both clips; where they must be made, both at once. The failure of one ends the other. */
async function obtainBoth(options: DemoCameraOptions): Promise<readonly [Clip, Clip]> {
  const failed = new AbortController();
  const signal =
    options.signal === undefined ? failed.signal : AbortSignal.any([failed.signal, options.signal]);
  const percent = { main: 0, sub: 0 };
  const tell = () =>
    options.onProgress?.(Math.floor(percent.main * MAIN_SHARE + percent.sub * (1 - MAIN_SHARE) + 1e-6));
  const obtain = (spec: ClipSpec, which: 'main' | 'sub') =>
    obtainClip({
      spec,
      cacheDir: options.cacheDir,
      make: options.makeClip,
      signal,
      onProgress(done) {
        percent[which] = done;
        tell();
      },
    });
  const both = [obtain(MAIN, 'main'), obtain(SUB, 'sub')] as const;
  try {
    return await Promise.all(both);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(both);
    throw error;
  }
}
