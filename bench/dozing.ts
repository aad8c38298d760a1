import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AV_LOG_QUIET, FF_ENCODER_LIBX264 } from 'node-av/constants';
import { Log, Rational } from 'node-av/lib';
import { AnalysisSession } from '../src/analysis/analysis-session.ts';
import { CpuBudget } from '../src/analysis/cpu-budget.ts';
import { DozingSession } from '../src/analysis/dozing-session.ts';
import { Glancer } from '../src/analysis/glancer.ts';
import { systemClock } from '../src/base/clock.ts';
import { mediaTicks, wallMs, type WallMs } from '../src/base/time.ts';
import { PictureEncoder } from '../src/decode/picture-encoder.ts';
import type { Event } from '../src/event/event.ts';
import { EventTracker } from '../src/event/event-tracker.ts';
import { pictureOfAnnexB, trackOfAnnexB } from '../src/media/coded-picture.ts';
import { createI420 } from '../src/media/i420.ts';
import { VIDEO_CLOCK_RATE_HZ, type VideoPacket, type VideoTrack } from '../src/media/packet.ts';
import { DIFFERENCE_PRESETS } from '../src/motion/difference-settings.ts';
import { glanceSettings } from '../src/motion/glance-settings.ts';
import { FastDifferenceDetector } from '../src/motion/kernel/fast-difference-detector.ts';
import { Kernel } from '../src/motion/kernel/kernel.ts';
import type { MotionSample } from '../src/motion/motion-sample.ts';
import { describeMachine } from './machine.ts';
import { median } from './median.ts';
import { drawScene, SCENE_SIZE, type Scene } from './scenes/scene.ts';
import { allScenes } from './scenes/scenes.ts';

/*
 * npm run bench:dozing [-- --fps N] [--kbps N]
 *
 * What dozing saves and what it misses: the scenes of the quality bench, coded as a camera codes its sub-stream, analysed
 * by `current` awake and dozing.
 */

const GOP_SECONDS = 2;
const RATE_FPS = 5;
const EVENTS = {
  initialWaitMs: 5_000,
  minimalDurationMs: 10_000,
  preRollMs: 5_000,
  postRollMs: 2_000,
  maximalLengthMs: 600_000,
};

/** One way of analysing, with what it cost and found. */
class Contestant implements Disposable {
  readonly #push: (packet: VideoPacket, at: WallMs) => readonly MotionSample[];
  readonly #end: () => void;
  readonly #decoded: () => number;
  readonly events: Event[] = [];
  readonly #tracker = new EventTracker('scene', EVENTS, {
    opened: () => undefined,
    closed: (event) => void this.events.push(event),
  });
  /** When there was motion. */
  readonly movedMs: number[] = [];
  cpuMs = 0;
  /** From when a moment of motion was shown to when it was known, in ms of the scene's time; first of each event. */
  readonly knownAfterMs: number[] = [];
  #openTrigger: number | undefined;

  constructor(
    push: (packet: VideoPacket, at: WallMs) => readonly MotionSample[],
    end: () => void,
    decoded: () => number,
  ) {
    this.#push = push;
    this.#end = end;
    this.#decoded = decoded;
    this.#tracker.connected(wallMs(0));
  }

  get decodedPackets(): number {
    return this.#decoded();
  }

  take(packet: VideoPacket): void {
    const at = wallMs((packet.pts * 1_000) / VIDEO_CLOCK_RATE_HZ);
    const before = process.cpuUsage();
    const samples = this.#push(packet, at);
    const used = process.cpuUsage(before);
    this.cpuMs += (used.user + used.system) / 1_000;
    for (const sample of samples) {
      this.#tracker.sample(sample);
      if (sample.isMotion) this.movedMs.push(sample.wallMs);
    }
    const trigger = this.#tracker.open?.triggerWallMs;
    if (trigger !== undefined && trigger !== this.#openTrigger) this.knownAfterMs.push(at - trigger);
    this.#openTrigger = trigger;
  }

  end(at: WallMs): void {
    this.#tracker.disconnected(at);
  }

  [Symbol.dispose](): void {
    this.#end();
  }
}

interface Row {
  readonly scene: string;
  readonly packets: number;
  readonly decodedShare: number;
  readonly cpuRatio: number;
  readonly eventsAwake: number;
  readonly eventsDozing: number;
  /** Events that both have, begun within 100 ms, and of those, ended likewise. */
  readonly sameStart: number;
  readonly sameEnd: number;
  /** Pictures with motion that dozing missed, and all. */
  readonly missed: number;
  readonly moved: number;
  /** Undefined without events. */
  readonly knownAfterMs: { readonly median: number; readonly most: number } | undefined;
  /** Passages of people within an event, awake and dozing. */
  readonly passages: number;
  readonly foundAwake: number;
  readonly foundDozing: number;
}

function awakeAndDozing(kernel: Kernel, scene: Scene): { awake: Contestant; dozing: Contestant } {
  const areas = { masks: scene.masks, zones: [] };
  const settings = DIFFERENCE_PRESETS.current;
  const share = new CpuBudget({ clock: systemClock, cpuMs: () => 0 }).join();
  const newSession = () =>
    new AnalysisSession({
      detector: new FastDifferenceDetector(kernel, settings, areas),
      rateFps: RATE_FPS,
      share,
    });
  const awake = newSession();
  const inner = newSession();
  const glance = glanceSettings(settings);
  if (glance === undefined) throw new Error('current may doze');
  let keys = 0;
  const dozing = new DozingSession(
    inner,
    new Glancer(new FastDifferenceDetector(kernel, glance, areas), share),
  );
  return {
    awake: new Contestant(
      (packet, at) => [awake.push(packet, at) ?? []].flat(),
      () => awake[Symbol.dispose](),
      () => awake.counts.packets,
    ),
    dozing: new Contestant(
      (packet, at) => {
        const samples = dozing.push(packet, at);
        keys += packet.isKey && dozing.isDozing ? 1 : 0;
        return samples;
      },
      () => dozing[Symbol.dispose](),
      () => inner.counts.packets + keys,
    ),
  };
}

/** Draws and codes a scene, and calls `take` with its packets. */
function codeScene(scene: Scene, fps: number, kbps: number, take: (packet: VideoPacket) => void): void {
  let track: VideoTrack | undefined;
  using encoder = new PictureEncoder({
    name: FF_ENCODER_LIBX264,
    ...SCENE_SIZE,
    clockRateHz: fps,
    settings: [
      ['preset', 'veryfast'],
      ['tune', 'zerolatency'],
      ['x264-params', `keyint=${GOP_SECONDS * fps}:min-keyint=${GOP_SECONDS * fps}:scenecut=0`],
    ],
    configure(context) {
      context.framerate = new Rational(fps, 1);
      context.gopSize = GOP_SECONDS * fps;
      context.maxBFrames = 0;
      context.bitRate = BigInt(kbps * 1_000);
      context.threadCount = 1;
    },
    onPacket(packet) {
      const annexB = packet.data ?? Buffer.alloc(0);
      track ??= trackOfAnnexB('h264', 0, annexB);
      if (track === undefined) throw new Error('a first picture without parameter sets');
      const pts = mediaTicks((Number(packet.pts) * VIDEO_CLOCK_RATE_HZ) / fps);
      take({ track, isKey: packet.isKeyframe, pts, dts: pts, data: pictureOfAnnexB('h264', annexB) });
    },
  });
  const picture = createI420(SCENE_SIZE.widthPx, SCENE_SIZE.heightPx);
  for (let i = 0; i < scene.seconds * fps; i++) {
    drawScene(scene, i / fps, picture.y);
    encoder.encode(picture, i);
  }
  encoder.finish();
}

function tryScene(kernel: Kernel, scene: Scene, fps: number, kbps: number): Row {
  const { awake, dozing } = awakeAndDozing(kernel, scene);
  let packets = 0;
  codeScene(scene, fps, kbps, (packet) => {
    packets++;
    awake.take(packet);
    dozing.take(packet);
  });
  awake.end(wallMs(scene.seconds * 1_000));
  dozing.end(wallMs(scene.seconds * 1_000));
  const both = dozing.events.flatMap((event) => {
    const same = awake.events.find((other) => Math.abs(other.triggerWallMs - event.triggerWallMs) <= 100);
    return same === undefined ? [] : [{ event, same }];
  });
  const found = (events: readonly Event[]) =>
    scene.passages.filter(({ fromSeconds, toSeconds }) =>
      events.some(
        ({ triggerWallMs, lastMotionWallMs }) =>
          triggerWallMs <= toSeconds * 1_000 && (lastMotionWallMs ?? triggerWallMs) >= fromSeconds * 1_000,
      ),
    ).length;
  const row = {
    scene: scene.name,
    packets,
    decodedShare: dozing.decodedPackets / awake.decodedPackets,
    cpuRatio: dozing.cpuMs / awake.cpuMs,
    eventsAwake: awake.events.length,
    eventsDozing: dozing.events.length,
    sameStart: both.length,
    sameEnd: both.filter(({ event, same }) => Math.abs(event.untilWallMs - same.untilWallMs) <= 100).length,
    missed: awake.movedMs.filter((ms) => !dozing.movedMs.includes(ms)).length,
    moved: awake.movedMs.length,
    knownAfterMs:
      dozing.knownAfterMs.length === 0
        ? undefined
        : { median: median(dozing.knownAfterMs), most: Math.max(...dozing.knownAfterMs) },
    passages: scene.passages.length,
    foundAwake: found(awake.events),
    foundDozing: found(dozing.events),
  };
  awake[Symbol.dispose]();
  dozing[Symbol.dispose]();
  return row;
}

Log.setLevel(AV_LOG_QUIET);
const { values } = parseArgs({
  options: { fps: { type: 'string', default: '10' }, kbps: { type: 'string', default: '400' } },
});
const [fps, kbps] = [Number(values.fps), Number(values.kbps)];
const kernel = Kernel.load(resolve('dist/kernel.wasm'));
const rows = allScenes().map((scene) => {
  const row = tryScene(kernel, scene, fps, kbps);
  process.stderr.write(`${JSON.stringify(row)}\n`);
  return row;
});
const seconds = (ms: number | undefined) => (ms === undefined ? '' : `${(ms / 1_000).toFixed(1)} s`);
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const markdown = [
  '# Dozing',
  [...describeMachine(), new Date().toISOString().slice(0, 10)].map((line) => `- ${line}`).join('\n'),
  '## Method',
  [
    `- the generated scenes of the quality bench, ten minutes each, someone walking by every 47 s, coded by x264 veryfast as a sub-stream of ${fps} pictures a second and ${kbps} kbit/s, a key picture every ${GOP_SECONDS} s`,
    '- detector `current` with its defaults at 5 pictures a second, once always awake, once dozing (`src/analysis/dozing-session.ts`), same packets, same run',
    '- decoded: packets decoded, of those decoded awake. CPU: of what analysing awake takes. Same start: events that both have, begun within 0.1 s; same end: of those, ended within 0.1 s. Missed: pictures with motion that dozing did not see',
    '- known after: from the picture that opened an event to the packet with which it was known, while dozing',
  ].join('\n'),
  [
    '| scene | decoded | CPU | events awake | dozing | same start | same end | missed | passages found awake | dozing | known after, median | most |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.scene} | ${percent(row.decodedShare)} | ${row.cpuRatio.toFixed(2)} | ${row.eventsAwake} | ${row.eventsDozing} | ${row.sameStart} | ${row.sameEnd} | ${row.missed} of ${row.moved} | ${row.foundAwake} of ${row.passages} | ${row.foundDozing} | ${seconds(row.knownAfterMs?.median)} | ${seconds(row.knownAfterMs?.most)} |`,
    ),
  ].join('\n'),
  '',
].join('\n\n');
await mkdir(join('bench', 'results'), { recursive: true });
await writeFile(join('bench', 'results', `dozing-${fps}fps.md`), markdown);
process.stdout.write(markdown);
