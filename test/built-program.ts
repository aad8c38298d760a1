import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds a program of the tests that runs in a process of its own.
 * @param entry its TypeScript, from the checkout's root.
 * @returns the path of the built JavaScript, from where packages are found.
 */
export async function buildProgram(entry: string): Promise<string> {
  // Test files that run at the same time do not get in each other's way.
  const outDir = join(root, 'node_modules', '.cache', 'test-programs', process.env['VITEST_POOL_ID'] ?? '');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: '[name].js' } },
    },
  });
  return join(outDir, `${entry.replace(/^.*\/|\.ts$/g, '')}.js`);
}
