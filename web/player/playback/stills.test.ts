import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { wallMs } from '../../../src/base/time.ts';
import { LiveMuxer } from '../../../src/live/live-muxer.ts';
import { makePicture, testVideoTrack } from '../../../src/media/testing/make-packet.ts';
import { FootageMap, type FragmentPlace } from './footage-map.ts';
import type { FootageClient, MomentFootage } from './footage-client.ts';
import { FootageStore } from './footage-store.ts';
import { Stills } from './stills.ts';

const packets = [0, 40, 80].map((atMs) => makePicture(atMs, { isKey: atMs === 0 }));
const muxer = new LiveMuxer({
  first: makePicture(0),
  firstWallMs: wallMs(0),
  epochWallMs: wallMs(0),
  audio: undefined,
  intervalTicks: 3_600,
});
const init = muxer.init(false);
const fragments = packets.map((packet) =>
  Uint8Array.from(muxer.picture(packet).pieces.flatMap((piece) => [...piece])),
);
const segment = {
  id: '0',
  runMs: 0,
  startMs: 0,
  endMs: 120,
  isOpen: false,
  isTimelapse: false,
  mime: 'video/mp4; codecs="avc1.42c01e"',
  codec: testVideoTrack.codecString,
  widthPx: 640,
  heightPx: 360,
  hasSound: false,
  fragments: fragments.flatMap(({ byteLength }, i) => [40 * i, 40, byteLength, i === 0 ? 1 : 0]),
};

/** Gives each picture as soon as it is given one. */
class FakeDecoder {
  state = 'unconfigured';
  readonly #output: (frame: object) => void;

  constructor({ output }: { output: (frame: object) => void }) {
    this.#output = output;
  }

  static async isConfigSupported(): Promise<object> {
    return { supported: true };
  }

  configure(): void {
    this.state = 'configured';
  }

  decode({ timestamp }: { timestamp: number }): void {
    this.#output({ timestamp, close: () => undefined });
  }

  async flush(): Promise<void> {}
}

class FakeChunk {
  readonly timestamp: number;

  constructor({ timestamp }: { timestamp: number }) {
    this.timestamp = timestamp;
  }
}

let asked: string[];
beforeEach(() => {
  asked = [];
  vi.stubGlobal('VideoDecoder', FakeDecoder);
  vi.stubGlobal('EncodedVideoChunk', FakeChunk);
});
afterEach(() => vi.unstubAllGlobals());

async function* piecesOf(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  yield* pieces;
}

/** The picture of 50 ms, where the server said that of a moment this. */
async function exactAfter(moment: Omit<MomentFootage, 'pieces'>): Promise<number | undefined> {
  const client: Pick<FootageClient, 'init' | 'fragmentsUntil'> = {
    init: async () => {
      asked.push('init');
      return init;
    },
    fragmentsUntil(_, first, last) {
      asked.push(`${first}-${last}`);
      return piecesOf(...fragments.slice(first, last + 1));
    },
  };
  const map = new FootageMap(
    async (fromMs, toMs) => ({
      fromMs,
      toMs,
      nowMs: 3_600_000,
      segments: [segment],
      gaps: [],
      previousMs: null,
      nextMs: null,
    }),
    () => 0,
  );
  const { signal } = new AbortController();
  const found = await map.find(50, signal);
  if (found.kind !== 'footage') throw new Error('expected footage');
  const place: FragmentPlace = found.place;
  // Nothing else is asked for.
  const all = client as FootageClient;
  const stills = new Stills({ client: all, map, store: new FootageStore(all) });
  const pieces = piecesOf(init, ...fragments.slice(moment.first, moment.last + 1));
  const picture = await stills.exact(
    { place, wallMs: 50, moment: Promise.resolve({ ...moment, pieces }) },
    signal,
  );
  return picture?.atMs;
}

test('a picture is decoded from what the server found for its moment, and nothing else is asked for', async () => {
  expect(await exactAfter({ segmentId: '0', first: 0, last: 1 })).toBe(40);
  expect(asked).toEqual([]);
});

test.each([
  { segmentId: '0', first: 0, last: 2 },
  { segmentId: '0', first: 1, last: 1 },
  { segmentId: '0t', first: 0, last: 1 },
  { segmentId: '', first: Number.NaN, last: Number.NaN },
])('what the server found elsewhere is left: $segmentId/$first-$last', async (moment) => {
  expect(await exactAfter(moment)).toBe(40);
  expect(asked).toEqual(['init', '0-1']);
});
