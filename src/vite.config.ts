import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const programs = readdirSync(`${root}src`).filter((name) => /^(.+-)?main\.ts$/.test(name));

/** Those with native code, which cannot be bundled: all others are needed for building alone. */
const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/**
 * Writes characters beyond Latin-1 as escapes: a file with a single one of them takes V8 two bytes for each character, which it keeps in
 * memory. What stands behind them on the same line is a few columns off in the source map.
 */
const latin: Plugin = {
  name: 'latin',
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk') continue;
      file.code = file.code.replaceAll(
        /(?<!\\)[^\0-\u00ff]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

/** The programs of src/, bundled, for a process that reads few files starts in half the time and takes less memory. */
export default defineConfig({
  root,
  publicDir: false,
  plugins: [latin],
  ssr: {
    noExternal: true,
    external: Object.keys(dependencies),
  },
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node20',
    sourcemap: true,
    reportCompressedSize: false,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: programs.map((name) => `${root}src/${name}`),
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name].js',
        comments: false,
        // Names stay, for they stand in what is logged of errors.
        minify: { compress: true, mangle: false, codegen: true },
      },
    },
  },
});
