import { expect, test } from 'vitest';
import { bytesOf, CollectingSink, RtpFeed } from '../../../test/rtp/rtp-script.ts';
import { WholeDepacketizer } from './whole.ts';

test('makes an access unit of every packet that is not empty', () => {
  const sink = new CollectingSink();
  const track = {
    kind: 'audio',
    index: 0,
    codec: 'pcma',
    bitsPerSample: 8,
    clockRateHz: 8_000,
    channels: 1,
  } as const;
  const feed = new RtpFeed(new WholeDepacketizer(track, sink));
  feed.send(bytesOf(1, 2, 3), 0);
  feed.send(bytesOf(), 3);
  feed.lose();
  feed.send(bytesOf(4), 5);
  expect(sink.units.map(({ timestamp, data, isKey }) => [timestamp, [...data], isKey])).toEqual([
    [0, [1, 2, 3], true],
    [5, [4], true],
  ]);
});
