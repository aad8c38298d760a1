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
  // Test files build at the same time.
  const outDir = join(root, 'node_modules', '.cache', 'test-programs', String(process.pid));
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
