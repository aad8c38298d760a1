import { expect } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { BeaconCamera } from '../sources/beacon-camera.ts';
import { opusBeeps } from '../sources/opus-beeps.ts';
import { accessibilityFaults } from './axe.ts';
import { browserTest } from './browser.ts';
import { openSignedIn } from './signed-in-page.ts';

/** What the beeps of a beacon have at least: half of full scale, over a window that is a little shorter or longer than they. */
const BEEP_DBFS = -20;

browserTest(
  'a camera that sends G.711, and one that sends Opus, are heard live, and the level is shown',
  async () => {
    await using alaw = await BeaconCamera.start({ clock: systemClock });
    await using opus = await BeaconCamera.start({ clock: systemClock, sound: opusBeeps() });
    const cameras = { alaw: { url: alaw.url }, opus: { url: opus.url } };
    const { page, site } = await openSignedIn({ config: { cameras } });
    await page.goto(`${site.url}live`);
    for (const camera of Object.keys(cameras)) {
      const tile = page.locator(`[data-camera="${camera}"]`);
      await page.locator(`[data-camera="${camera}"][data-activity="live"]`).waitFor();
      await tile.hover();
      await tile.getByRole('button', { name: 'Sound', exact: true }).click();
      const meter = tile.getByRole('meter', { name: 'Level of the sound' });
      await meter.waitFor();
      await page.waitForFunction(
        ([name, least]) => {
          const shown = document.querySelector(`[data-camera="${name}"] [role=meter]`);
          return Number(shown?.getAttribute('aria-valuenow') ?? -60) >= least;
        },
        [camera, BEEP_DBFS] as const,
      );
      expect(await accessibilityFaults(page)).toEqual([]);
    }
  },
);
