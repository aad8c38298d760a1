import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib64/faketime/libfaketimeMT.so.1',
];

/** The host's clock as the recorder sees it, which can be set. */
export class FakeClock {
  readonly environment: Readonly<Record<string, string>>;
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, 'clock');
    this.environment = {
      LD_PRELOAD: LIBRARIES.find((path) => existsSync(path)) ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#path,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** Why there can be none; undefined if there can. */
  static missing(): string | undefined {
    return LIBRARIES.some((path) => existsSync(path)) ? undefined : 'needs faketime';
  }

  async set(offsetSeconds: number): Promise<void> {
    await writeFile(`${this.#path}.new`, `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}\n`);
    await rename(`${this.#path}.new`, this.#path);
  }
}
