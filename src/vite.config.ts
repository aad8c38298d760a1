import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const programs = readdirSync(`${root}src`).filter((name) => /^(.+-)?main\.ts$/.test(name));

/** The programs of src/, bundled, for a process that reads few files starts in half the time and takes less memory. */
export default defineConfig({
  root,
  publicDir: false,
  ssr: {
    noExternal: true,
    // Native code, which is not bundled.
    external: ['node-av', '@photostructure/sqlite', '@node-rs/argon2'],
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
