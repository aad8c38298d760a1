import { expect, test } from 'vitest';
import { mediaTicks } from '../base/time.ts';
import { makePictures, makeSound } from '../media/testing/make-packet.ts';
import { StreamMeter } from './stream-measurement.ts';

test('measures rate, GOP and bit rate of a stream', () => {
  const meter = new StreamMeter();
  for (const packet of [...makePictures(4_100, 100, 20), makeSound(4_000)]) meter.add(packet);
  const { video, audio, seconds, bitsPerSecond } = meter.result();
  expect(seconds).toBe(4);
  expect(video).toMatchObject({ framesPerSecond: 10, gopSeconds: 2, hasBFrames: false });
  expect(audio?.codec).toBe('aac');
  expect(bitsPerSecond).toBe(((41 * 100 + 32) * 8) / 4);
  expect(meter.isTelling).toBe(true);
});

test('is not misled by decoding times that are still settling, as with B frames', () => {
  const meter = new StreamMeter();
  for (const packet of makePictures(2_100, 100, 10)) {
    const dts = mediaTicks(packet.dts === 0 ? 9_000 : packet.dts + 12_000);
    meter.add({ ...packet, pts: mediaTicks(packet.pts + 27_000), dts });
  }
  expect(meter.result().video).toMatchObject({ framesPerSecond: 10, gopSeconds: 1, hasBFrames: true });
});

test('says what is not known of a stream that showed too little', () => {
  expect(new StreamMeter().result()).toMatchObject({ video: undefined, bitsPerSecond: 0 });
  const meter = new StreamMeter();
  for (const packet of makePictures(1_000, 100, 20)) meter.add(packet);
  expect(meter.result().video?.gopSeconds).toBeUndefined();
});
