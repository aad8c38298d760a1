import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WHOLE_PICTURE } from '../src/motion/areas.ts';
import type { LumaPicture, MotionDetector } from '../src/motion/detector.ts';
import { newDetectors } from './quality/candidates.ts';
import { FOOTAGE, showClip } from './quality/footage.ts';
import { writeResults, type SceneResult } from './quality/report.ts';
import { Tally, type Quality } from './quality/tally.ts';
import { drawScene, SCENE_FPS, SCENE_SIZE, type Passage, type Scene } from './scenes/scene.ts';
import { allScenes } from './scenes/scenes.ts';

/*
 * npm run bench:motion-quality [-- --footage FOLDER]
 *
 * What each detector finds and what it makes up, on generated scenes and on clips of the folder (../shared/footage).
 */

/** For learning, in generated scenes. */
const WARM_UP_SECONDS = 60;

/** All detectors on the same pictures. */
class Trial implements Disposable {
  readonly #detectors: Map<string, MotionDetector>;
  readonly #tallies = new Map<MotionDetector, Tally>();
  readonly #startSeconds: number;

  constructor(detectors: Map<string, MotionDetector>, passages: readonly Passage[], startSeconds: number) {
    this.#detectors = detectors;
    this.#startSeconds = startSeconds;
    for (const detector of detectors.values()) {
      this.#tallies.set(detector, new Tally(passages, SCENE_FPS, startSeconds));
    }
  }

  show(picture: LumaPicture, seconds: number): void {
    for (const [detector, tally] of this.#tallies) {
      const detection = detector.detect(picture);
      if (seconds >= this.#startSeconds) tally.add(seconds, detection);
    }
  }

  qualities(): Record<string, Quality> {
    const all = Array.from(this.#detectors, ([name, detector]) => [
      name,
      this.#tallies.get(detector)?.quality(),
    ]);
    return Object.fromEntries(all) as Record<string, Quality>;
  }

  [Symbol.dispose](): void {
    for (const detector of this.#detectors.values()) detector[Symbol.dispose]();
  }
}

function tryScene(scene: Scene): SceneResult {
  const { name, about, masks, passages } = scene;
  using trial = new Trial(newDetectors({ masks, zones: [] }), passages, WARM_UP_SECONDS);
  const data = new Uint8Array(SCENE_SIZE.widthPx * SCENE_SIZE.heightPx);
  for (let picture = 0; picture < scene.seconds * SCENE_FPS; picture++) {
    const seconds = picture / SCENE_FPS;
    drawScene(scene, seconds, data);
    trial.show({ ...SCENE_SIZE, stride: SCENE_SIZE.widthPx, data, isFullRange: false }, seconds);
  }
  return { scene: name, about, isGenerated: true, qualities: trial.qualities() };
}

function tryFootage(folder: string): SceneResult[] {
  const results: SceneResult[] = [];
  for (const { file, about, passages } of FOOTAGE) {
    const path = join(folder, file);
    if (!existsSync(path)) continue;
    using trial = new Trial(newDetectors(WHOLE_PICTURE), passages, 0);
    showClip(path, SCENE_FPS, (picture, seconds) => trial.show(picture, seconds));
    results.push({ scene: file, about, isGenerated: false, qualities: trial.qualities() });
  }
  return results;
}

const { values } = parseArgs({
  options: { footage: { type: 'string', default: join('..', 'shared', 'footage') } },
});
const generated = allScenes().map((scene) => {
  process.stderr.write(`${scene.name} ...\n`);
  return tryScene(scene);
});
process.stdout.write(`${await writeResults([...generated, ...tryFootage(values.footage)])}\n`);
