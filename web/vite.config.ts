import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative, for a reverse proxy may put the app under a sub-path.
  base: './',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: fileURLToPath(new URL('../dist/web', import.meta.url)),
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    // The first that know CSS `light-dark()`.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // Assets as `data:` would need a wider content security policy.
    assetsInlineLimit: 0,
  },
});
