import { folderProblem } from '../config/folder-template.ts';
import { PlaybackError } from './playback-error.ts';

/**
 * A camera's name is its folder's, and becomes a part of files' names.
 * @throws PlaybackError `outside` for one that would lead elsewhere.
 */
export function requireCameraName(camera: string): void {
  const problem = camera.includes('/') ? 'a path' : folderProblem(camera);
  if (problem !== undefined) throw new PlaybackError('outside', `expected a camera's name, found ${problem}`);
}
