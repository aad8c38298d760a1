import type { User } from '../account/user.ts';
import { noSuchCamera } from './http-error.ts';
import type { WebServices } from './services.ts';

/**
 * The cameras that somebody asks for, or all that he may see: those of the configuration, then those of which there are recordings only.
 * @throws HttpError for one that is not there or that he may not see.
 */
export async function visibleCameras(
  { config, index }: Pick<WebServices, 'config' | 'index'>,
  user: User,
  asked: readonly string[] | undefined,
): Promise<readonly string[]> {
  const configured = config().cameras.map(({ name }) => name);
  const all = [...new Set([...configured, ...(await index.cameras())])];
  const seen = all.filter((camera) => user.maySee(camera));
  for (const camera of asked ?? []) if (!seen.includes(camera)) throw noSuchCamera(camera);
  return asked === undefined ? seen : [...new Set(asked)];
}
