import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import type { ReencodeConfig } from '../config/config.ts';
import type { Packet, VideoPacket, VideoTrack } from '../media/packet.ts';
import { startRun, type Run, type RunEnd, type StreamSink } from '../media/run.ts';
import { CountedMemory } from '../media/testing/counted-memory.ts';
import { makePicture, makePictures, makeSound, testVideoTrack } from '../media/testing/make-packet.ts';
import type { ToTranscoder } from './messages.ts';
import { Transcoder, type TranscoderChild, type TranscoderListener } from './transcoder.ts';

const CODED: VideoTrack = { ...testVideoTrack, widthPx: 320, heightPx: 180 };
const REENCODE: ReencodeConfig = {
  codec: 'h264',
  encoder: 'auto',
  widthPx: 320,
  heightPx: undefined,
  rateFps: undefined,
  rateControl: { kind: 'quality', quality: 23 },
  hasLabel: false,
};
const STOPPED: RunEnd = { kind: 'stopped', message: 'the recorder stopped', fields: {} };

/** A child that does what the test says. */
class FakeChild implements TranscoderChild {
  readonly listener: TranscoderListener;
  sent: ToTranscoder[] = [];
  isAlive = false;
  kills = 0;
  #toldTrack = false;

  constructor(listener: TranscoderListener) {
    this.listener = listener;
  }

  start(): void {
    this.isAlive = true;
    this.#toldTrack = false;
    this.sent = [];
    this.listener.onStarted();
  }

  send(message: ToTranscoder): void {
    if (this.isAlive) this.sent.push(message);
  }

  kill(): void {
    this.kills++;
    this.isAlive = false;
  }

  die(): void {
    this.isAlive = false;
    this.listener.onEnded({ how: 'was ended by SIGKILL', restartInMs: 500 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isAlive = false;
  }

  get portions(): number[] {
    return this.sent.flatMap((message) => (message.type === 'portion' ? [message.portion] : []));
  }

  /** The oldest portion not answered yet, all of its pictures re-encoded, or those chosen. */
  answer(choose: { keep?: (index: number) => boolean; decodedPictures?: number } = {}): void {
    const begin = this.sent.findIndex((message) => message.type === 'portion');
    const [head, ...rest] = this.sent.slice(begin);
    if (head?.type !== 'portion') throw new Error('no portion to answer');
    const end = rest.findIndex((message) => message.type === 'portion');
    const own = end < 0 ? rest : rest.slice(0, end);
    this.sent = end < 0 ? [] : rest.slice(end);
    const pictures = own.flatMap((message) => (message.type === 'packet' ? [message.packet] : []));
    const track = this.#toldTrack ? undefined : CODED;
    this.#toldTrack = true;
    this.listener.onMessage({
      type: 'reencoded',
      portion: head.portion,
      track,
      packets: pictures
        .filter((_, index) => choose.keep?.(index) ?? true)
        .map(({ pts }, index) => ({ isKey: index === 0, pts, data: new Uint8Array(10) })),
      decodedPictures: choose.decodedPictures ?? pictures.length,
    });
  }
}

/** A recorder that remembers. */
class FakeSink implements StreamSink {
  readonly calls: string[] = [];
  readonly packets: Packet[] = [];

  runStarted(run: Run): void {
    this.calls.push(`run ${run.ordinal}`);
  }

  packet(packet: Packet): void {
    this.packets.push(packet);
  }

  runEnded(run: Run): void {
    this.calls.push(`end ${run.ordinal} after ${this.packets.length}`);
  }

  get pictures(): VideoPacket[] {
    return this.packets.flatMap((packet) =>
      packet.track.kind === 'video' ? [{ ...packet, track: packet.track }] : [],
    );
  }

  /** `c 0`: the camera's picture of 0 ms; `r 0`: the re-encoded one. */
  get told(): string[] {
    return this.packets.map((packet) => {
      const kind = packet.track.kind === 'audio' ? 's' : isCoded(packet.track) ? 'r' : 'c';
      return `${kind} ${Math.round((packet.pts * 1000) / packet.track.clockRateHz)}`;
    });
  }

  /** Of each track in its turn. */
  get reasons(): (string | undefined)[] {
    const tracks = this.pictures.map(({ track }) => track);
    return tracks.filter((track, i) => track !== tracks[i - 1]).map(({ changeReason }) => changeReason);
  }
}

function isCoded(track: VideoTrack): boolean {
  return track.widthPx === CODED.widthPx;
}

let clock: SimulatedClock;
let sink: FakeSink;
let child: FakeChild;
let transcoder: Transcoder;
let run: Run;
let lines: string[];

function make(reencode: Partial<ReencodeConfig> = {}): void {
  clock = new SimulatedClock();
  sink = new FakeSink();
  lines = [];
  const say = (message: string) => void lines.push(message);
  transcoder = new Transcoder({
    order: { reencode: { ...REENCODE, ...reencode }, camera: 'yard', timeZone: 'utc' },
    makeChild: (listener) => (child = new FakeChild(listener)),
    sink,
    clock,
    log: { ...silentLog, info: say, warn: say, error: say },
  });
  run = newRun(1);
  transcoder.runStarted(run);
}

beforeEach(() => make());

function newRun(ordinal: number): Run {
  return startRun(ordinal, 0, { wall: wallMs(1e12), monotonic: clock.monotonicMs() });
}

function feed(packets: readonly Packet[]): void {
  for (const packet of packets) transcoder.packet(packet, run);
}

/** `kind` and the times from `from` to below `to`, every 100 ms. */
function times(kind: string, from: number, to: number): string[] {
  return Array.from({ length: (to - from) / 100 }, (_, i) => `${kind} ${from + i * 100}`);
}

describe('Transcoder', () => {
  test('passes on what comes while no child works, untouched', () => {
    const pictures = makePictures(3_000, 100, 10);
    feed(pictures);
    expect(sink.packets).toEqual(pictures);
    expect(sink.packets.every((packet, i) => packet === pictures[i])).toBe(true);
  });

  test('gives re-encoded pictures in the place of a portion once the child has answered', () => {
    transcoder.start();
    feed(makePictures(4_500, 100, 10));
    expect(child.portions).toEqual([1, 2, 3]);
    expect(sink.told).toEqual([]);
    child.answer();
    expect(sink.told).toEqual(times('r', 0, 2_000));
    child.answer();
    expect(sink.told).toEqual(times('r', 0, 4_000));
    expect(sink.pictures.every(({ pts, dts }) => pts === dts)).toBe(true);
    expect(sink.reasons).toEqual([undefined]);
  });

  test.each([
    { gop: 1, starts: [0, 1_500, 3_000, 4_500] },
    { gop: 10, starts: [0, 2_000, 4_000] },
    { gop: 20, starts: [0, 2_000, 4_000] },
    { gop: 50, starts: [0, 5_000] },
  ])('makes portions of whole GOPs (of $gop pictures)', ({ gop, starts }) => {
    transcoder.start();
    feed(makePictures(6_000, 100, gop));
    const firsts = child.sent.flatMap((message, i) => {
      const next = child.sent[i + 1];
      return message.type === 'portion' && next?.type === 'packet' ? [next.packet.pts / 90] : [];
    });
    expect(firsts).toEqual(starts);
  });

  test('begins a portion where the camera changes its format, and tells the child the track', () => {
    transcoder.start();
    const other = { ...testVideoTrack, widthPx: 800 };
    feed([...makePictures(1_000, 100, 10), makePicture(1_000, { track: other })]);
    const tracks = child.sent.flatMap((message) => (message.type === 'portion' ? [message.track] : []));
    expect(tracks).toEqual([testVideoTrack, other]);
  });

  test('gives on as it came what a dying child has not answered, at once, and what follows', () => {
    transcoder.start();
    feed(makePictures(4_500, 100, 10));
    child.answer();
    child.die();
    expect(sink.told).toEqual([...times('r', 0, 2_000), ...times('c', 2_000, 4_500)]);
    feed(makePictures(6_000, 100, 10).slice(45));
    expect(sink.told).toEqual([...times('r', 0, 2_000), ...times('c', 2_000, 6_000)]);
    expect(sink.reasons).toEqual([undefined, 're-encoding stopped: the transcoder was ended by SIGKILL']);
    expect(lines).toEqual([
      're-encoding stopped: the transcoder was ended by SIGKILL; the video is recorded as it comes',
      're-encoding is tried again in 0.5 s',
    ]);
  });

  test('goes on re-encoding with the first key picture after another child has started', () => {
    transcoder.start();
    feed(makePictures(2_500, 100, 10));
    child.answer();
    child.die();
    child.start();
    feed(makePictures(6_000, 100, 10).slice(25));
    child.answer();
    expect(sink.told).toEqual([
      ...times('r', 0, 2_000),
      ...times('c', 2_000, 3_000),
      ...times('r', 3_000, 5_000),
    ]);
    expect(sink.reasons).toEqual([undefined, expect.stringContaining('SIGKILL'), 're-encoding goes on']);
  });

  test('keeps one track as it came while no child manages to answer', () => {
    transcoder.start();
    feed(makePictures(2_500, 100, 10));
    child.answer();
    for (const from of [25, 55, 85]) {
      child.die();
      child.start();
      feed(makePictures(20_000, 100, 10).slice(from, from + 30));
    }
    child.die();
    expect(sink.told).toEqual([...times('r', 0, 2_000), ...times('c', 2_000, 11_500)]);
    expect(sink.reasons).toHaveLength(2);
  });

  test('gives up on a child that does not answer, and not on one that does', async () => {
    transcoder.start();
    feed(makePictures(2_100, 100, 10));
    await clock.advance(10_000);
    expect(child.kills).toBe(0);
    child.answer();
    feed(makePictures(4_100, 100, 10).slice(21));
    await clock.advance(6_000);
    expect(child.kills).toBe(0);
    await clock.advance(1_000);
    expect(child.kills).toBe(1);
    expect(sink.told).toEqual([...times('r', 0, 2_000), ...times('c', 2_000, 4_100)]);
    expect(lines[0]).toContain('did not answer in time');
    // What a dying child had still sent is of no use any more.
    child.listener.onMessage({
      type: 'reencoded',
      portion: 2,
      track: undefined,
      packets: [],
      decodedPictures: 1,
    });
    expect(sink.told).toHaveLength(41);
    expect(child.kills).toBe(1);
  });

  test('gives a child time to start, and to try its encoders', async () => {
    transcoder.start();
    feed(makePictures(2_100, 100, 10));
    await clock.advance(30_000);
    expect(child.kills).toBe(0);
    await clock.advance(2_000);
    expect(child.kills).toBe(1);
  });

  test('does not blame a child for a standstill of the machine', async () => {
    transcoder.start();
    feed(makePictures(2_100, 100, 10));
    await clock.advance(4_000);
    clock.standStill(40_000);
    await clock.advance(500);
    feed(makePictures(4_100, 100, 10).slice(21));
    await clock.advance(0);
    expect(child.kills).toBe(0);
    child.answer();
    child.answer();
    expect(sink.told).toEqual(times('r', 0, 4_000));
  });

  test('waits longer for an answer where pictures come slowly, since some are held back', async () => {
    transcoder.start();
    feed([makePicture(0), makePicture(2_000)]);
    await clock.advance(53_000);
    expect(child.kills).toBe(0);
    await clock.advance(2_000);
    expect(child.kills).toBe(1);
  });

  test('holds 32 MiB at most', () => {
    transcoder.start();
    const large = (atMs: number) => makePicture(atMs, { isKey: atMs === 0, sizeBytes: 2 ** 20 });
    feed(Array.from({ length: 32 }, (_, i) => large(i * 100)));
    expect(sink.told).toEqual([]);
    feed([large(3_200)]);
    expect(sink.told).toEqual(times('c', 0, 3_300));
    expect(lines[0]).toContain('32 MiB');
  });

  test('leaves sound as it is, in step with the pictures', () => {
    transcoder.start();
    const packets = makePictures(4_500, 100, 10).flatMap((picture) => [
      picture,
      makeSound(picture.dts / 90 + 50),
    ]);
    feed(packets);
    child.answer();
    child.die();
    const expected = (kind: string, from: number, to: number) =>
      times(kind, from, to).flatMap((picture, i) => [picture, `s ${from + i * 100 + 50}`]);
    expect(sink.told).toEqual([...expected('r', 0, 2_000), ...expected('c', 2_000, 4_500)]);
    const sound = packets.filter(({ track }) => track.kind === 'audio');
    expect(sink.packets.filter(({ track }) => track.kind === 'audio')).toEqual(sound);
  });

  test('records a portion as it came that could hardly be decoded, and the next one re-encoded', () => {
    transcoder.start();
    feed(makePictures(6_500, 100, 10));
    const isFirstHalf = (index: number) => index < 10;
    child.answer({ decodedPictures: 10, keep: isFirstHalf });
    child.answer({ decodedPictures: 9, keep: isFirstHalf });
    child.answer();
    expect(sink.told).toEqual([
      ...times('r', 0, 1_000),
      ...times('c', 2_000, 4_000),
      ...times('r', 4_000, 6_000),
    ]);
    expect(sink.reasons[1]).toContain('could not be decoded');
  });

  test('gives nothing but sound for a portion whose pictures were passed over', () => {
    make({ rateFps: 0.2 });
    transcoder.start();
    feed([...makePictures(2_000, 100, 10), makeSound(1_950), ...makePictures(4_500, 100, 10).slice(20)]);
    child.answer({ keep: (index) => index === 0 });
    child.answer({ keep: () => false });
    expect(sink.told).toEqual(['r 0', 's 1950']);
  });

  test('ends a run when its last portion has been answered, and begins the next one after it', () => {
    transcoder.start();
    feed(makePictures(3_000, 100, 10));
    transcoder.runEnded(run, STOPPED);
    expect(child.sent.at(-1)).toEqual({ type: 'finish' });
    run = newRun(2);
    transcoder.runStarted(run);
    feed(makePictures(2_500, 100, 10));
    expect(sink.calls).toEqual(['run 1']);
    child.answer();
    child.answer();
    child.answer();
    expect(sink.calls).toEqual(['run 1', 'end 1 after 30', 'run 2']);
    expect(sink.told).toEqual([...times('r', 0, 3_000), ...times('r', 0, 2_000)]);
  });

  test('tells the track anew with each run and to each child', () => {
    const tracks = () => child.sent.flatMap((message) => (message.type === 'portion' ? [message.track] : []));
    transcoder.start();
    feed(makePictures(2_500, 100, 10));
    expect(tracks()).toEqual([testVideoTrack, undefined]);
    transcoder.runEnded(run, STOPPED);
    run = newRun(2);
    transcoder.runStarted(run);
    feed(makePictures(500, 100, 10));
    expect(tracks()).toEqual([testVideoTrack, undefined, testVideoTrack]);
    child.die();
    child.start();
    feed([makePicture(500)]);
    expect(tracks()).toEqual([testVideoTrack]);
  });

  test('waits for the last answer when it is disposed of', async () => {
    transcoder.start();
    feed(makePictures(1_000, 100, 10));
    transcoder.runEnded(run, STOPPED);
    const gone = transcoder[Symbol.asyncDispose]();
    await clock.advance(1_000);
    child.answer();
    await gone;
    expect(sink.told).toEqual(times('r', 0, 1_000));
    expect(sink.calls).toEqual(['run 1', 'end 1 after 10']);
  });

  test('gives on as it came what has no answer three seconds later', async () => {
    transcoder.start();
    feed(makePictures(1_000, 100, 10));
    transcoder.runEnded(run, STOPPED);
    const gone = transcoder[Symbol.asyncDispose]();
    await clock.advance(3_000);
    await gone;
    expect(sink.told).toEqual(times('c', 0, 1_000));
    expect(sink.calls).toEqual(['run 1', 'end 1 after 10']);
  });

  test('tries software after a child that died before it had answered anything, and the hardware again later', () => {
    const encoders: string[] = [];
    const note = () => {
      const [order] = child.sent;
      if (order?.type === 'order') encoders.push(order.order.reencode.encoder);
    };
    transcoder.start();
    note();
    child.die();
    child.start();
    note();
    feed(makePictures(2_500, 100, 10));
    child.answer();
    child.die();
    child.start();
    note();
    expect(encoders).toEqual(['auto', 'software', 'auto']);
  });

  test('holds the memory of packets while it needs them, and no longer', () => {
    const memory = new CountedMemory();
    transcoder.start();
    feed(makePictures(4_500, 100, 10).map((packet) => ({ ...packet, memory })));
    expect(memory.holders).toBe(45);
    child.answer();
    expect(memory.holders).toBe(25);
    child.die();
    expect(memory.holders).toBe(0);
  });

  test('whatever happens, each picture is recorded once and in order, and changes begin with key pictures', () => {
    const step = fc.constantFrom(
      'picture',
      'picture',
      'picture',
      'key',
      'answer',
      'die',
      'start',
      'late',
      'run',
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        make();
        let atMs = 0;
        const given: string[] = [];
        const next = (isKey: boolean) => {
          given.push(`${run.ordinal} ${atMs}`);
          feed([makePicture(atMs, { isKey })]);
          atMs += 300;
        };
        next(true);
        for (const one of steps) {
          if (one === 'picture' || one === 'key') next(one === 'key');
          else if (one === 'answer' && child.isAlive && child.portions.length > 1) child.answer();
          else if (one === 'die' && child.isAlive) child.die();
          else if (one === 'start' && !child.isAlive) child.start();
          else if (one === 'late') {
            child.listener.onMessage({
              type: 'reencoded',
              portion: 0,
              track: CODED,
              packets: [],
              decodedPictures: 1,
            });
          } else if (one === 'run') {
            transcoder.runEnded(run, STOPPED);
            run = newRun(run.ordinal + 1);
            transcoder.runStarted(run);
            atMs = 0;
            next(true);
          }
        }
        child.die();
        let ordinal = 0;
        const got = sink.pictures.map(({ pts }) => {
          if (pts === 0) ordinal++;
          return `${ordinal} ${pts / 90}`;
        });
        expect(got).toEqual(given);
        const pictures = sink.pictures;
        for (const [i, { track, isKey }] of pictures.entries()) {
          if (track !== pictures[i - 1]?.track) expect(isKey).toBe(true);
        }
      }),
    );
  });
});
