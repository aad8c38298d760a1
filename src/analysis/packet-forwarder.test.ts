import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { monotonicMs, wallMs } from '../base/time.ts';
import { startRun } from '../media/run.ts';
import { makePicture } from '../media/testing/make-packet.ts';
import type { ToAnalyzer } from './messages.ts';
import { MAX_BYTES_UNDER_WAY, MAX_MS_UNDER_WAY, PacketForwarder } from './packet-forwarder.ts';

const run = startRun(1, 0, { wall: wallMs(1e12), monotonic: monotonicMs(0) });

function forwarding() {
  const clock = new SimulatedClock();
  const sent: ToAnalyzer[] = [];
  const told: string[] = [];
  const forwarder = new PacketForwarder({
    camera: 'yard',
    clock,
    send: (message) => void sent.push(message),
    onBehind: () => void told.push('behind'),
    onCaughtUp: (dropped) => void told.push(`caught up, ${dropped} dropped`),
  });
  const bytesSent = () =>
    sent.reduce((sum, message) => sum + (message.type === 'packet' ? message.packet.data.length : 0), 0);
  /** The analyzer has dealt with all that was sent. */
  const takeAll = () => sent.forEach(({ type }) => type === 'packet' && forwarder.taken());
  return { forwarder, clock, sent, told, bytesSent, takeAll };
}

test('tells the track once, and again when the run changes', () => {
  const { forwarder, sent } = forwarding();
  const next = startRun(2, 0, { wall: wallMs(1e12), monotonic: monotonicMs(0) });
  forwarder.forward(makePicture(0), run);
  forwarder.forward(makePicture(100, { isKey: false }), run);
  forwarder.forward(makePicture(200), next);
  expect(sent.map((message) => message.type)).toEqual(['track', 'packet', 'packet', 'track', 'packet']);
});

test('never has more under way than its bound, and goes on with the newest GOP', () => {
  const { forwarder, told, bytesSent, takeAll, sent } = forwarding();
  const sizeBytes = 2 ** 20;
  for (let i = 0; i < 100; i++)
    forwarder.forward(makePicture(i * 40, { sizeBytes, isKey: i % 10 === 0 }), run);
  expect(bytesSent()).toBeLessThanOrEqual(MAX_BYTES_UNDER_WAY);
  takeAll();
  const before = sent.length;
  forwarder.forward(makePicture(4_000, { isKey: false }), run);
  expect(sent).toHaveLength(before);
  forwarder.forward(makePicture(4_040), run);
  expect(sent).toHaveLength(before + 1);
  expect(told).toEqual(['behind', 'caught up, 93 dropped']);
});

test('sends no more while a packet is under way for too long, and goes on with a key picture', async () => {
  const { forwarder, clock, sent, told, takeAll } = forwarding();
  for (let i = 0; i < 10; i++) forwarder.forward(makePicture(i * 40, { isKey: i === 0 }), run);
  await clock.advance(MAX_MS_UNDER_WAY + 1);
  const before = sent.length;
  forwarder.forward(makePicture(400), run);
  expect(sent).toHaveLength(before);
  takeAll();
  forwarder.forward(makePicture(440, { isKey: false }), run);
  expect(sent).toHaveLength(before);
  forwarder.forward(makePicture(480), run);
  expect(sent).toHaveLength(before + 1);
  expect(told).toEqual(['behind', 'caught up, 2 dropped']);
});

test('begins again with track and the current GOP when another process took over', () => {
  const { forwarder, sent } = forwarding();
  const times = () => sent.flatMap((message) => (message.type === 'packet' ? [message.packet.pts / 90] : []));
  forwarder.forward(makePicture(0), run);
  forwarder.forward(makePicture(40), run);
  forwarder.forward(makePicture(80, { isKey: false }), run);
  sent.length = 0;
  forwarder.beginAgain();
  forwarder.forward(makePicture(120, { isKey: false }), run);
  expect(sent.map((message) => message.type)).toEqual(['track', 'packet', 'packet', 'packet']);
  expect(times()).toEqual([40, 80, 120]);
});

test('begins again with the next key picture when the current GOP is too large to remember', () => {
  const { forwarder, sent } = forwarding();
  const sizeBytes = 2 ** 20;
  for (let i = 0; i < 6; i++) forwarder.forward(makePicture(i * 40, { sizeBytes, isKey: i === 0 }), run);
  sent.length = 0;
  forwarder.beginAgain();
  forwarder.forward(makePicture(240, { isKey: false }), run);
  expect(sent).toEqual([]);
  forwarder.forward(makePicture(280), run);
  expect(sent.map((message) => message.type)).toEqual(['track', 'packet']);
});
