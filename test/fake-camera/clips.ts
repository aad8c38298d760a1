import { fileURLToPath } from 'node:url';
import { obtainClip, writeClip } from '../../src/demo/clip-cache.ts';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import type { Clip } from '../../src/demo/clip.ts';
import { encodeClip } from '../../src/demo/encode-clip.ts';

const CACHE_DIR = fileURLToPath(new URL('../../node_modules/.cache/preroll-clips', import.meta.url));

/** Twenty seconds at 320x180 and 10 fps, a GOP a second, someone passing from second 6 to 13. */
export const TINY: ClipSpec = {
  widthPx: 320,
  heightPx: 180,
  rateFps: 10,
  loopSeconds: 20,
  variant: 0,
  codec: 'h264',
  bitrateBps: 200_000,
  gopSeconds: 1,
  bFrames: 0,
  hasSound: false,
};

/**
 * A clip for tests, encoded in this process the first time (under a second for a tiny one) and cached; safe when
 * several test workers ask at once.
 */
export function testClip(changes: Partial<ClipSpec> = {}): Promise<Clip> {
  return obtainClip({
    spec: { ...TINY, ...changes },
    cacheDir: CACHE_DIR,
    make: (spec, path) =>
      writeClip(
        encodeClip(spec, () => undefined),
        path,
      ),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}
