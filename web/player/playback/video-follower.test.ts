import { beforeEach, expect, test } from 'vitest';
import type { BufferedVideo } from './buffered-video.ts';
import type { FragmentPlace } from './footage-map.ts';
import { VideoFollower } from './video-follower.ts';

const HAVE_CURRENT_DATA = 2;
const HAVE_ENOUGH_DATA = 4;

/** As much of a video as is followed; its time is that of the wall clock. */
const video = { currentTime: 0, seeking: false, readyState: 0, paused: true, playbackRate: 1, muted: true };
const element = Object.assign(video, {
  pause: () => (video.paused = true),
  play: async () => {
    video.paused = false;
  },
});
const buffered = {
  buffer: () => undefined,
  isLast: () => false,
  get positionMs() {
    return video.currentTime * 1000;
  },
  moveTo(wallMs: number) {
    video.currentTime = wallMs / 1000;
    video.seeking = true;
  },
};
// Their places are not looked at.
const place = {} as FragmentPlace;

let follower: VideoFollower;
beforeEach(() => {
  Object.assign(video, { currentTime: 10, seeking: false, readyState: HAVE_ENOUGH_DATA, paused: true });
  follower = new VideoFollower({
    video: element as unknown as HTMLVideoElement,
    buffered: buffered as unknown as BufferedVideo,
    onPicture: () => undefined,
  });
});

test('a video that seeks what does not come is sent to where the clock is', () => {
  video.seeking = true;
  expect(follower.follow(place, 50_000, 1, false)).toBe(false);
  expect(video.currentTime).toBe(50);
});

test('a video waits paused for others, and as it is for its own footage', () => {
  expect(follower.follow(place, 10_000, 1, true)).toBe(true);
  expect(video.paused).toBe(false);
  video.readyState = HAVE_CURRENT_DATA;
  expect([follower.follow(place, 10_000, 1, true), follower.follow(place, 10_000, 1, false)]).toEqual([
    false,
    false,
  ]);
  expect(video.paused).toBe(false);
  video.readyState = HAVE_ENOUGH_DATA;
  expect(follower.follow(place, 10_000, 1, false)).toBe(true);
  expect(video.paused).toBe(true);
});
