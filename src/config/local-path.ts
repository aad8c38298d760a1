import { format, parse } from 'node:path';

/** `preroll.yaml` becomes `preroll.local.yaml`, which is laid over it. */
export function localPath(path: string): string {
  const { dir, name, ext } = parse(path);
  return format({ dir, name: `${name}.local`, ext });
}
