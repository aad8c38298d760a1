import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { startDemoCamera, type DemoCamera } from '../demo/demo-camera.ts';
import type { VideoCodecName } from '../media/packet.ts';
import type { ClipMaker } from '../demo/clip-cache.ts';
import type { ClipSpec } from '../demo/clip-spec.ts';
import { forkClipMaker } from '../demo/fork-clip-maker.ts';
import { startDemoCameras, type RunningCamera } from '../demo/demo-cameras.ts';
import { EXIT } from './exit-code.ts';

export interface DemoOptions {
  readonly cameras: number;
  readonly port: number;
  readonly size: PictureSize;
  readonly fps: number;
  readonly kbps: number;
  /** Seconds from key picture to key picture. */
  readonly gop: number;
  readonly codec: VideoCodecName;
  /** Whether there is a second stream, 640x360. */
  readonly sub: boolean;
  /** Pictures a second of that. */
  readonly subFps: number;
  /** Whether somebody walks by. */
  readonly walkers: boolean;
  readonly json: boolean;
}

export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

const LOOP_SECONDS = 20;

/**
 * `preroll demo`: serves synthetic cameras on loopback until it is told to stop.
 * @param clipMaker the program that makes their clips.
 * @returns the exit code.
 */
export async function demo(options: DemoOptions, clipMaker: string): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    await serve(options, clipMaker, stop.signal);
  } catch (error) {
    // Told to stop while the clips were being made.
    if (!stop.signal.aborted) throw error;
  }
  return EXIT.ok;
}

/** Serves cameras until the signal aborts; rejects with its reason when they were not ready by then. */
async function serve(options: DemoOptions, clipMaker: string, signal: AbortSignal): Promise<void> {
  let told = -1;
  await using running = await startDemoCameras({
    cacheDir: demoCacheFolder(),
    clock: systemClock,
    cameras: options.cameras,
    firstPort: options.port,
    main: mainClip(options),
    sub: options.sub ? subClip(options) : undefined,
    makeClip: makerIn(clipMaker),
    onProgress(percent) {
      if (percent === told) return;
      told = percent;
      if (process.stderr.isTTY) process.stderr.write(`\rdrawing and encoding the yard, ${percent} % ...`);
    },
    signal,
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[2K');
  process.stdout.write(options.json ? `${JSON.stringify(running.cameras)}\n` : describe(running.cameras));
  if (!signal.aborted) await once(signal, 'abort');
}

function describe(cameras: readonly RunningCamera[]): string {
  const lines = cameras.map(
    ({ name, url, subUrl }) => `${name}: ${url}${subUrl === undefined ? '' : `, ${subUrl}`}`,
  );
  return `${lines.join('\n')}\nCtrl-C ends them.\n`;
}

function mainClip({ size, fps, kbps, gop, codec, walkers }: DemoOptions): ClipSpec {
  return {
    ...size,
    rateFps: fps,
    loopSeconds: LOOP_SECONDS,
    variant: 0,
    isDeserted: !walkers,
    codec,
    bitrateBps: kbps * 1000,
    gopSeconds: gop,
    bFrames: 0,
    hasSound: false,
  };
}

function subClip(options: DemoOptions): ClipSpec {
  return {
    ...mainClip(options),
    widthPx: 640,
    heightPx: 360,
    rateFps: options.subFps,
    bitrateBps: 400_000,
    codec: 'h264',
  };
}

/** How the demo camera is made: encoded at the first start, then taken from the user's cache folder. */
export function demoStarter(options: {
  readonly clipMaker: string;
  readonly clock: Clock;
  readonly log: Log;
}): (signal: AbortSignal) => Promise<DemoCamera> {
  const { clipMaker, clock, log } = options;
  const [cacheDir, makeClip, onProgress] = [demoCacheFolder(), makerIn(clipMaker), progressTeller(log)];
  return (signal) => startDemoCamera({ cacheDir, makeClip, clock, log, onProgress, signal });
}

function makerIn(program: string): ClipMaker {
  return (...order) => forkClipMaker(program, ...order);
}

/** Tells each quarter once; a camera that comes out of the cache is ready without a word. */
function progressTeller(log: Log): (percent: number) => void {
  let told: number | undefined;
  return (percent) => {
    if (told === undefined && percent < 100) {
      log.info(
        'the demo camera is getting ready: drawing and encoding its yard once, this takes some seconds',
      );
      told = 0;
    }
    const quarter = Math.floor(percent / 25) * 25;
    if (told === undefined || quarter <= told) return;
    told = quarter;
    log.info(`the demo camera is ${quarter} % ready`);
  };
}

function demoCacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(base, 'preroll', 'demo');
}
