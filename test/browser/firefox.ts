import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { launch, type Browser } from 'puppeteer-core';
import { PATIENCE_MS } from '../patience.ts';

const NAMES = ['firefox-esr', 'firefox', 'firefox.exe'];
const MAC = '/Applications/Firefox.app/Contents/MacOS/firefox';

/** The path of an installed Firefox, which plays H.265 where the system does; undefined where there is none. */
export async function findFirefox(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), MAC];
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

/** Without a window, with a profile of its own. */
export async function launchFirefox(path: string): Promise<Browser> {
  return await launch({
    browser: 'firefox',
    executablePath: path,
    headless: true,
    timeout: PATIENCE_MS,
    // Pictures are played without anybody who has clicked, and nobody is called.
    extraPrefsFirefox: {
      'media.autoplay.default': 0,
      'app.normandy.enabled': false,
      'app.update.enabled': false,
      'browser.safebrowsing.enabled': false,
      'datareporting.policy.dataSubmissionEnabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
    },
  });
}
