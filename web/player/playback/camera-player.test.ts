import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FootageSegmentJson } from '../../../src/http/api/footage.ts';
import { wallMs } from '../../../src/base/time.ts';
import { LiveMuxer } from '../../../src/live/live-muxer.ts';
import { h265Main10Track } from '../../../src/media/fmp4/testing/test-tracks.ts';
import { makePicture } from '../../../src/media/testing/make-packet.ts';
import { CameraPlayer } from './camera-player.ts';

const MINUTE_MS = 60_000;
const segment: FootageSegmentJson = {
  id: '0',
  runMs: 0,
  startMs: 0,
  endMs: MINUTE_MS,
  isOpen: false,
  isTimelapse: false,
  mime: 'video/mp4; codecs="hvc1.1.6.L93.B0"',
  codec: 'hvc1.1.6.L93.B0',
  widthPx: 640,
  heightPx: 360,
  hasSound: false,
  fragments: [0, MINUTE_MS, 1, 1],
};

/** As much of an element as a player needs that shows nothing. */
class FakeElement extends EventTarget {
  readonly style = {};
  readonly readyState = 0;
  readonly seeking = false;
  readonly paused = true;

  setAttribute(): void {}
  append(): void {}
  replaceChildren(): void {}
  remove(): void {}
  getContext(): object | undefined {
    return undefined;
  }
}

let player: CameraPlayer;
beforeEach(() => {
  vi.stubGlobal('document', { createElement: () => new FakeElement() });
  vi.stubGlobal('getComputedStyle', () => ({ position: 'relative' }));
  vi.stubGlobal('MediaSource', { isTypeSupported: () => false });
});
afterEach(() => {
  player[Symbol.dispose]();
  vi.unstubAllGlobals();
});

function makePlayer(): CameraPlayer {
  const first = makePicture(0, { track: h265Main10Track, isKey: true });
  const times = { firstWallMs: wallMs(0), epochWallMs: wallMs(0) };
  const init = new LiveMuxer({ first, ...times, audio: undefined, intervalTicks: undefined }).init(false);
  player = new CameraPlayer({
    camera: 'yard',
    box: new FakeElement() as unknown as HTMLElement,
    client: {
      window: async (fromMs, toMs) => ({
        fromMs,
        toMs,
        nowMs: 10 * MINUTE_MS,
        segments: [segment],
        gaps: [],
        previousMs: null,
        nextMs: null,
      }),
      init: async () => init,
      fragments: async () => new Uint8Array(0),
      async *fragmentsUntil() {
        // Not asked for without decoders.
      },
      moment: async () => Promise.reject(new Error('not asked for without decoders')),
      keys: async () => [],
      picture: async (at) => ({ atMs: at, jpeg: new Blob() }),
    },
    onChange: () => undefined,
  });
  return player;
}

test('a moment that a browser without decoders does not play either is shown as a picture of the server', async () => {
  const drawn: unknown[] = [];
  const context = { drawImage: (picture: unknown) => drawn.push(picture) };
  vi.stubGlobal('createImageBitmap', async () => ({ width: 640, height: 360, close: () => undefined }));
  vi.spyOn(FakeElement.prototype, 'getContext').mockReturnValue(context);
  await makePlayer().show(1_000, new AbortController().signal);
  expect(player.view).toMatchObject({ pictureMs: 1_000, isServed: true, problem: undefined });
  expect(drawn).toHaveLength(1);
});
