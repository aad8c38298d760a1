import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIPS } from './footage.ts';
import { measured } from './measurements.ts';
import { RecorderProcess, timeOf, type LogLine } from './recorder-process.ts';
import { decodeComplaints, recordingsOf, stampsOf, verifyFrames, type Recording } from './recordings.ts';
import { missingRequirements } from './requirements.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';
import { balance } from './sent-and-recorded.ts';
import { Simulator, type SentFrame, type SimulatedCamera, type SimulatedStream } from './simulator.ts';

type Streams = Readonly<Record<string, SimulatedStream>>;

/** A camera with something wrong with it for a while, and what the log has to say about it. */
interface FaultyCamera {
  readonly name: string;
  readonly begin: (simulator: Simulator) => Promise<void>;
  readonly end?: (simulator: Simulator) => Promise<void>;
  /** The kind of the line that tells the end of the run. */
  readonly kinds: readonly string[];
  readonly message: RegExp;
  /** How long after the fault's begin that line may come. */
  readonly toldWithinMs: number;
  /** How long the fault itself lasts; a killed camera lasts until it listens again. */
  readonly lastsMs: number | 'until it is back';
}

const H264: Streams = { '/main': { file: CLIPS.main, audio: 'aac' }, '/sub': { file: CLIPS.sub } };
const H265: Streams = { '/main': { file: CLIPS.h265, audio: 'aac' }, '/sub': { file: CLIPS.sub } };
const SDP_ONLY: Streams = {
  '/main': { file: CLIPS.main, param_sets: 'sdp' },
  '/sub': { file: CLIPS.sub, param_sets: 'sdp' },
};

/** Cameras that nothing happens to; they have to be recorded as if the others were not there. */
const LIVE: Readonly<Record<string, { readonly streams: Streams; readonly transport: 'tcp' | 'udp' }>> = {
  'live-tcp': { streams: H264, transport: 'tcp' },
  'live-udp': { streams: H264, transport: 'udp' },
  'live-h265': { streams: H265, transport: 'tcp' },
  'live-bframes': { streams: { '/main': { file: CLIPS.bframes, audio: 'aac' } }, transport: 'tcp' },
  'sdp-only': { streams: SDP_ONLY, transport: 'tcp' },
};

const DUDS = {
  blackhole: { kinds: ['timeout'], message: /expected a whole answer within/ },
  // It may happen to begin like something that is understood.
  garbage: { kinds: ['alien', 'protocol', 'timeout', 'closed'], message: /./ },
  slow: { kinds: ['timeout', 'protocol'], message: /./ },
} as const;

const FAULTY: readonly FaultyCamera[] = [
  {
    name: 'killed',
    begin: (simulator) => simulator.control('kill', 'killed', { seconds: 5 }),
    kinds: ['closed'],
    message: /./,
    toldWithinMs: 2_000,
    lastsMs: 'until it is back',
  },
  {
    name: 'stalled',
    begin: (simulator) => simulator.control('stall', 'stalled', { seconds: 20 }),
    kinds: ['stall'],
    message: /found no media for/,
    toldWithinMs: 10_000,
    lastsMs: 20_000,
  },
  {
    name: 'frozen',
    begin: (simulator) => simulator.control('set', 'frozen', { freeze: 1, seconds: 15 }),
    kinds: ['stall'],
    message: /found no media for/,
    toldWithinMs: 10_000,
    lastsMs: 15_000,
  },
  {
    name: 'dropped',
    begin: (simulator) => simulator.control('drop', 'dropped'),
    kinds: ['closed'],
    message: /./,
    toldWithinMs: 2_000,
    lastsMs: 0,
  },
  {
    name: 'leaping',
    begin: (simulator) => simulator.control('set', 'leaping', { ts_offset: 100 }),
    kinds: ['media'],
    message: /media clock jumped by (99|100)\./,
    toldWithinMs: 3_000,
    lastsMs: 0,
  },
  {
    name: 'stepping-back',
    begin: (simulator) => simulator.control('set', 'stepping-back', { ts_offset: -6 }),
    kinds: ['media'],
    message: /media clock jumped by -[56]\./,
    toldWithinMs: 3_000,
    lastsMs: 0,
  },
];

/** Whose settings are changed while it plays, and back again. */
const RESIZED = 'resized';
const FILE_LENGTH_MS = 20_000;
/**
 * A camera that works again is recorded again within this, or within as long as it was away, if that is longer: the
 * delays between attempts double.
 */
const BACK_WITHIN_MS = 12_000;
/** From a picture's being sent to its being received: what the end of a camera or of the recorder may take back. */
const TAIL_MS = 500;
describe.skipIf(missingRequirements().length > 0)('faults of cameras, in mode always+motion', () => {
  let folder = '';
  let lines: readonly LogLine[] = [];
  let stoppedMs = 0;
  let killedBackMs = 0;
  let strayText: readonly string[] = [];
  const beganMs = new Map<string, number>();
  const sent = new Map<string, SentFrame[]>();
  const recorded = new Map<string, Recording[]>();

  beforeAll(async () => {
    folder = await makeScratchFolder();
    const cameras = simulatedCameras();
    await using simulator = await Simulator.start(cameras, join(folder, 'cameras'));
    const playing = cameras.filter(({ streams }) => streams !== undefined).map(({ name }) => name);
    await using recorder = await RecorderProcess.start(folder, {
      cameras: Object.fromEntries(cameras.map((camera) => [camera.name, asConfigured(camera)])),
      archive: { segmentLength: `${FILE_LENGTH_MS / 1000}s` },
    });
    await recorder.connected(playing, 30_000);
    // Long enough for a run to count as healthy, and for the clock to have six seconds to step back.
    await wait(12_000);
    const killedPid = await simulator.pidOf('killed');
    for (const { name, begin } of FAULTY) {
      beganMs.set(name, Date.now());
      await begin(simulator);
    }
    await simulator.control('set', RESIZED, { use_alt: 1, seconds: 10 });
    await Promise.all([
      wait(20_000 + BACK_WITHIN_MS + 5_000),
      simulator.backAgain('killed', killedPid).then(() => (killedBackMs = Date.now())),
    ]);
    await wait(Math.max(0, 2 * killedBackMs - (beganMs.get('killed') ?? 0) + TAIL_MS - Date.now()));
    stoppedMs = Date.now();
    await recorder.interrupt();
    ({ lines, strayText } = recorder);
    for (const name of playing) {
      sent.set(name, await simulator.sent(name, '/main'));
      recorded.set(name, await recordingsOf(recorder.archive, name));
    }
  }, 200_000);

  afterAll(() => removeScratchFolder(folder));

  it.each(Object.keys(LIVE))('%s loses nothing beside them', async (name) => {
    const files = recorded.get(name) ?? [];
    const { recorded: count, ...rest } = balance(sent.get(name) ?? [], stampsOf(files));
    measured('2 faults', name, `${count} pictures in ${files.length} files, ${rest.lost.length} lost`);
    expect(rest).toMatchObject({ lost: [], doubled: [], invented: [] });
    const lastMs = stampsOf(files).at(-1)?.wallMs ?? 0;
    expect(lastMs).toBeGreaterThanOrEqual(stoppedMs - TAIL_MS);
    const report = await verifyFrames(files.map(({ path }) => path));
    expect(report).toMatchObject({ missing: 0, duplicates: 0, out_of_order: 0 });
    expect(files.length).toBeGreaterThan(1);
    expect(runEnds(lines, name)).toEqual([]);
  });

  it.each(Object.entries(DUDS))('%s: the log says what it is, and it is tried again', (name, dud) => {
    const told = runEnds(lines, name);
    measured('2 faults', name, `${told.length} attempts: ${told[0]?.message ?? 'nothing told'}`);
    expect(told.length).toBeGreaterThan(1);
    for (const line of told) {
      expect(dud.kinds).toContain(line['kind']);
      expect(line.message).toMatch(dud.message);
    }
  });

  it.each(FAULTY)('$name: told in the log, in time, with camera and reason', (faulty) => {
    const { name, kinds, message, toldWithinMs } = faulty;
    const began = beganMs.get(name) ?? 0;
    const told = runEnds(lines, name).filter((line) => timeOf(line) >= began);
    const [first] = told;
    if (first === undefined) throw new Error(`nothing was told of ${name}`);
    const afterMs = timeOf(first) - began;
    measured('2 faults', `${name}: told after`, `${(afterMs / 1000).toFixed(1)} s: ${first.message}`);
    expect(afterMs).toBeLessThanOrEqual(toldWithinMs);
    expect(kinds).toContain(first['kind']);
    expect(first.message).toMatch(message);
  });

  it.each(FAULTY)('$name: recorded up to the fault and again after it', (faulty) => {
    const { name } = faulty;
    const began = beganMs.get(name) ?? 0;
    const lastsMs = faulty.lastsMs === 'until it is back' ? killedBackMs - began : faulty.lastsMs;
    const all = sent.get(name) ?? [];
    const stamps = stampsOf(recorded.get(name) ?? []);
    const lastBefore = stamps.findLast(({ wallMs }) => wallMs < began);
    const firstAfter = stamps.find(({ wallMs }) => wallMs >= began + Math.max(lastsMs, 1));
    const sentBefore = all.findLast(({ wallMs }) => wallMs < began - TAIL_MS);
    expect(lastBefore?.wallMs ?? 0).toBeGreaterThanOrEqual(sentBefore?.wallMs ?? Infinity);
    const backMs = (firstAfter?.wallMs ?? Infinity) - began - lastsMs;
    measured('2 faults', `${name}: recorded again after`, `${(backMs / 1000).toFixed(1)} s`);
    expect(backMs).toBeLessThanOrEqual(Math.max(BACK_WITHIN_MS, lastsMs));
    expect(balance(all, stamps)).toMatchObject({ doubled: [], invented: [] });
  });

  it('a change of size mid-stream begins a new file and loses nothing', () => {
    const files = recorded.get(RESIZED) ?? [];
    expect(balance(sent.get(RESIZED) ?? [], stampsOf(files))).toMatchObject({
      lost: [],
      doubled: [],
      invented: [],
    });
    const changes = files.filter(({ sidecar }) => sidecar.endedBy === 'the video format changed');
    measured('2 faults', RESIZED, `${changes.length} changes of size, nothing lost`);
    expect(changes).toHaveLength(2);
    const connected = lines.filter(
      ({ camera, message }) => camera === RESIZED && message.includes('704x576'),
    );
    expect(connected).toHaveLength(1);
  });

  it('every file of every camera decodes whole and has no gap inside', async () => {
    for (const files of recorded.values()) {
      expect(await decodeComplaints(files.map(({ path }) => path))).toEqual([]);
      for (const { path } of files) {
        const report = await verifyFrames([path]);
        expect(report, path).toMatchObject({ missing: 0, duplicates: 0, out_of_order: 0 });
      }
    }
  });

  it('nothing but log lines is written to the console', () => {
    expect(strayText).toEqual([]);
  });
});

function simulatedCameras(): SimulatedCamera[] {
  const resizable = { ...H264, '/main': { file: CLIPS.main, alt: CLIPS.alt, audio: 'aac' as const } };
  const cameras: Omit<SimulatedCamera, 'port'>[] = [
    ...Object.entries(LIVE).map(([name, live]) => ({ name, ...live })),
    ...FAULTY.map(({ name }) => ({ name, streams: H264 })),
    { name: RESIZED, streams: resizable },
    ...(['blackhole', 'garbage', 'slow'] as const).map((type) => ({ name: type, type })),
  ];
  return cameras.map((camera, index) => ({ ...camera, port: 8801 + index }));
}

function asConfigured({ port, streams, transport = 'tcp' }: SimulatedCamera) {
  const url = `rtsp://127.0.0.1:${port}`;
  const sub = streams !== undefined && '/sub' in streams ? { subUrl: `${url}/sub` } : {};
  return { url: `${url}/main`, ...sub, transport, mode: 'always+motion' };
}

/** The lines that tell of ended attempts and runs of the recorded stream. */
function runEnds(lines: readonly LogLine[], camera: string): readonly LogLine[] {
  const isOfMain = (line: LogLine) => line.camera === camera && line['stream'] !== 'sub';
  return lines.filter((line) => isOfMain(line) && line.message.includes('; trying again'));
}
