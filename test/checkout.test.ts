import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/config/load.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Where there is no configuration that could say something else. */
const FOLDER = join(root, 'nowhere');

/** `npm start` runs in a checkout: what it writes there is to lie beside the sources. */
test('all that a recorder writes by default is ignored by git', async () => {
  const ignored = (await readFile(join(root, '.gitignore'), 'utf8')).split('\n');
  const { archive, control, log, web } = await loadConfig({
    path: join(FOLDER, 'preroll.yaml'),
    text: 'cameras: {}',
    environment: {},
    flags: [],
  });
  for (const path of [archive.path, archive.indexPath, control.path, log.path, web.folder]) {
    const [name = ''] = relative(FOLDER, path).split(sep);
    expect(ignored.map((line) => line.replace(/\*$|\/$/, ''))).toContain(`/${name}`);
  }
});
