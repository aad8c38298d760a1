import { expect, test } from 'vitest';
import { guessSubStreams } from './sub-stream-guess.ts';

test.each([
  ['rtsp://10.0.0.2/Streaming/Channels/101', 'rtsp://10.0.0.2/Streaming/Channels/102'],
  ['rtsp://10.0.0.2/Streaming/Channels/1601?x=1', 'rtsp://10.0.0.2/Streaming/Channels/1602?x=1'],
  [
    'rtsp://u:p@10.0.0.2:554/cam/realmonitor?channel=1&subtype=0',
    'rtsp://u:p@10.0.0.2:554/cam/realmonitor?channel=1&subtype=1',
  ],
  ['rtsp://10.0.0.2/h264Preview_01_main', 'rtsp://10.0.0.2/h264Preview_01_sub'],
  ['rtsp://10.0.0.2/stream1', 'rtsp://10.0.0.2/stream2'],
  ['rtsp://10.0.0.2/videoMain', 'rtsp://10.0.0.2/videoSub'],
  ['rtsp://main:main@cam/main', 'rtsp://main:main@cam/sub'],
])('proposes for %s the stream %s', (main, sub) => {
  expect(guessSubStreams(main)[0]).toBe(sub);
});

test('proposes nothing for a URL of an unknown form', () => {
  expect(guessSubStreams('rtsp://10.0.0.2/foo')).toEqual([]);
  expect(guessSubStreams('rtsp://main')).toEqual([]);
});
