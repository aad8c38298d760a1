import { fileURLToPath } from 'node:url';

/** The kernel that was built last. */
export const KERNEL_FILE = fileURLToPath(new URL('../../../../dist/kernel.wasm', import.meta.url));
