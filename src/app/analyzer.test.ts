import { expect, test } from 'vitest';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import { PICTURES_A_REQUEST, type FromAnalyzer } from '../analysis/messages.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { encodeClip } from '../decode/testing/encode-clip.ts';
import { WHOLE_PICTURE } from '../motion/areas.ts';
import { DIFFERENCE_PRESETS } from '../motion/difference-settings.ts';
import { KERNEL_FILE } from '../motion/kernel/testing/kernel-file.ts';
import { Analyzer } from './analyzer.ts';

const scene: Scene = {
  widthPx: 96,
  heightPx: 64,
  seed: 1,
  noise: 2,
  rectangles: [{ x: 4, y: 6, width: 20, height: 24, dx: 5, dy: 2, shade: 200 }],
};
const detector = {
  ...DIFFERENCE_PRESETS.current,
  decision: { measure: 'changed-pixels', leastPx: 100 },
} as const;

/** The messages about a scene of ten pictures, `explain` being sent before the pictures of these numbers. */
async function analyse(explainBefore: readonly number[]): Promise<readonly FromAnalyzer[]> {
  return (await analyseAttended(false, explainBefore)).map(({ message }) => message);
}

/** The same, each with how long it may wait. */
async function analyseAttended(isAttended: boolean, explainBefore: readonly number[] = []) {
  const sent: { readonly message: FromAnalyzer; readonly waitMs: number | undefined }[] = [];
  await using analyzer = new Analyzer({
    clock: new SimulatedClock(),
    send: (message, waitMs) => void sent.push({ message, waitMs }),
    defer: (work) => work(),
    onStop: () => undefined,
    cpuMs: () => 0,
    kernelFile: KERNEL_FILE,
  });
  const camera = 'yard';
  const source = { kind: 'forwarded' } as const;
  analyzer.receive({ type: 'watch', watch: { camera, source, rateFps: 10, detector, areas: WHOLE_PICTURE } });
  if (isAttended) analyzer.receive({ type: 'attend', camera, isAttended });
  const luma = (index: number) => renderScene(scene, index);
  const { widthPx, heightPx } = scene;
  const clip = encodeClip({ codec: 'h264', widthPx, heightPx, pictures: 10, rateFps: 10, gop: 10, luma });
  for (const [number, { track, ...packet }] of clip.entries()) {
    if (number === 0) analyzer.receive({ type: 'track', camera, track, isNewRun: true });
    if (explainBefore.includes(number))
      analyzer.receive({ type: 'explain', camera, minimalDurationMs: 10_000 });
    const at = wallMs(1e12 + packet.pts / 90);
    analyzer.receive({ type: 'packet', camera, packet: { ...packet, wallMs: at } });
  }
  return sent;
}

test('explains the next few pictures when asked, with the samples that belong to them', async () => {
  const sent = await analyse([0, 2]);
  const samples = sent.flatMap((message) => (message.type === 'sample' ? [message.sample] : []));
  const explained = sent.flatMap((message) => (message.type === 'explained' ? [message.picture] : []));
  const count = 2 + PICTURES_A_REQUEST;
  expect(samples.length).toBeGreaterThan(count);
  expect(explained.map(({ sample }) => sample)).toEqual(samples.slice(0, count));
  expect(explained.at(-1)?.sample.isMotion).toBe(true);
  for (const { jpeg } of explained) {
    expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
    expect([...jpeg.subarray(-2)]).toEqual([0xff, 0xd9]);
  }
});

test('explains nothing unasked', async () => {
  expect((await analyse([])).filter(({ type }) => type === 'explained')).toEqual([]);
});

test('lets no sample wait while somebody looks', async () => {
  const waits = async (isAttended: boolean) =>
    (await analyseAttended(isAttended)).flatMap(({ message, waitMs }) =>
      message.type === 'sample' ? [waitMs ?? 0] : [],
    );
  expect(Math.max(...(await waits(true)))).toBe(0);
  expect(Math.min(...(await waits(false)))).toBeGreaterThan(0);
});
