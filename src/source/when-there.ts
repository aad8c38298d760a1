import { AVERROR_EAGAIN } from 'node-av/constants';

/** As FFmpeg's own program rests: a picture of 60 a second is not late by it. */
const REST_MS = 10;

/**
 * Tries until there is something, or none will come. Some devices and formats do not wait in FFmpeg's hands, but say that nothing is there
 * yet: whoever asked again at once would keep a core busy with it.
 * @returns the first result that is another than EAGAIN.
 */
export function whenThere(attempt: () => number, sleep: (ms: number) => void): number {
  for (;;) {
    const result = attempt();
    if (result !== AVERROR_EAGAIN) return result;
    sleep(REST_MS);
  }
}
