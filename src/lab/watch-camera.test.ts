import { expect, test } from 'vitest';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { encodeClip } from '../decode/testing/encode-clip.ts';
import type { Packet } from '../media/packet.ts';
import { watchCamera } from './watch-camera.ts';

const scene: Scene = { widthPx: 64, heightPx: 48, seed: 1, noise: 2, rectangles: [] };

function clip() {
  const luma = (index: number) => renderScene(scene, index);
  return encodeClip({ codec: 'h264', widthPx: 64, heightPx: 48, pictures: 10, rateFps: 10, gop: 10, luma });
}

/** Sends the packets and then nothing, as long as it is wanted. */
function sessionOf(packets: readonly Packet[]) {
  return {
    async play(onPacket: (packet: Packet) => void, signal: AbortSignal): Promise<void> {
      for (const packet of packets) onPacket(packet);
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
}

test('shows pictures with their times until it has enough', async () => {
  const clock = new SimulatedClock();
  const times: number[] = [];
  const show = (_: unknown, at: number) => times.push(at) < 5;
  const { signal } = new AbortController();
  await watchCamera(sessionOf(clip()), { durationMs: 60_000, show, clock, signal });
  expect(times).toHaveLength(5);
  expect(times.map((at) => Math.round(at - clock.wallMs()))).toEqual([0, 100, 200, 300, 400]);
});

test('ends after the time it was given, and at once when told', async () => {
  const clock = new SimulatedClock();
  const show = () => true;
  const { signal } = new AbortController();
  const watching = watchCamera(sessionOf(clip()), { durationMs: 60_000, show, clock, signal });
  await clock.advance(60_000);
  expect(await watching).toBe(0);
  const aborted = new AbortController();
  aborted.abort(new Error('told'));
  const options = { durationMs: 60_000, show, clock, signal: aborted.signal };
  await expect(watchCamera(sessionOf(clip()), options)).rejects.toThrow('told');
});
