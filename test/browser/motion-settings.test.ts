import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE_MS } from '../patience.ts';
import { accessibilityFaults } from './axe.ts';
import { browserTest, type OpenPageOptions } from './browser.ts';
import type { RecordedSite } from './recorded-site.ts';
import { openSignedIn } from './signed-in-page.ts';

/** Two cameras of the same scene, so that one tells what the other one would have seen. */
const TEXT = `# Our house.
cameras:
  front yard: # by the door
    url: "demo:"
    motion:
      sensitivity: 50 # as it was delivered
  gate:
    url: "demo:"
event: { preRoll: 1s, postRoll: 1s, minimalDuration: 1s, initialWait: 1s }
web:
  listen: loopback # not for the neighbours
  port: 0
`;
const EVENTS_SEEN = 2;
const LOOK_EVERY_MS = 500;

async function openMotion(look: OpenPageOptions = {}): Promise<{ page: Page; started: RecordedSite }> {
  const { page, site: started } = await openSignedIn({ config: TEXT }, look);
  await page.goto(`${started.url}settings/cameras`);
  await page.getByRole('link', { name: 'Motion of front yard' }).click();
  await page.getByRole('heading', { name: 'Motion of front yard' }).waitFor();
  return { page, started };
}

function written({ folder }: RecordedSite): Promise<string> {
  return readFile(join(folder, 'preroll.yaml'), 'utf8');
}

/** Of events of a camera that began after a moment and have ended. */
async function eventsSince({ url }: RecordedSite, page: Page, camera: string, ms: number): Promise<number> {
  const answer = await page.request.get(`${url}api/events?camera=${encodeURIComponent(camera)}`);
  const { events } = (await answer.json()) as { events: { triggerMs: number; isOpen: boolean }[] };
  return events.filter(({ triggerMs, isOpen }) => triggerMs > ms && !isOpen).length;
}

async function until(page: Page, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 2 * PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not come true');
    await page.waitForTimeout(LOOK_EVERY_MS);
  }
}

/** Drags a corner of the selected area to a place in the picture, in parts of it. */
async function dragCorner(page: Page, corner: Locator, x: number, y: number): Promise<void> {
  const picture = await page.locator('[data-activity]').boundingBox();
  const from = await corner.boundingBox();
  if (picture === null || from === null) throw new Error('nothing to drag');
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(picture.x + x * picture.width, picture.y + y * picture.height, { steps: 4 });
  await page.mouse.up();
}

browserTest(
  'a mask that is drawn over where somebody walks keeps him from making events, and the file keeps its comments',
  async () => {
    const { page, started } = await openMotion();
    await page.locator('[data-activity="live"]').waitFor();
    await page.getByRole('img', { name: 'Score of the last minute' }).waitFor();
    await until(page, async () => (await eventsSince(started, page, 'front yard', 0)) > 0);

    await page.getByRole('button', { name: 'Add a mask' }).click();
    const places = [
      [0, 0.2],
      [1, 0.2],
      [1, 1],
      [0, 1],
    ] as const;
    for (const [at, [x, y]] of places.entries()) {
      await dragCorner(page, page.locator(`[data-corner="${at}"]`), x, y);
    }
    expect(await accessibilityFaults(page)).toEqual([]);

    await page.getByRole('button', { name: 'Try', exact: true }).click();
    await page.getByText(/^Gone: [1-9]/).waitFor();
    await page.getByRole('link', { name: 'On the timeline' }).first().waitFor();
    expect(await written(started)).toBe(TEXT);

    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The motion settings of front yard were changed.').first().waitFor();

    expect(await written(started)).toBe(
      TEXT.replace(
        'sensitivity: 50 # as it was delivered\n',
        'sensitivity: 50 # as it was delivered\n      masks:\n        - [[0, 0.2], [1, 0.2], [1, 1], [0, 1]]\n',
      ),
    );
    // Then what went on has ended.
    await started.recorder.says('the configuration was changed: changed front yard');
    const savedMs = Date.now();
    await until(page, async () => (await eventsSince(started, page, 'gate', savedMs)) >= EVENTS_SEEN);
    expect(await eventsSince(started, page, 'front yard', savedMs)).toBe(0);

    await page.reload();
    await page.locator('[data-area="mask"]').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: /^Mask 1/ }).waitFor();
  },
);

browserTest('a zone is drawn, named and taken back with keys alone, on a phone too', async () => {
  const { page, started } = await openMotion({ isPhone: true });
  await page.getByRole('button', { name: 'Add a zone' }).press('Enter');
  const corner = page.locator('[data-corner="0"]');
  await corner.focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => corner.getAttribute('aria-label')).toContain('30% from the left, 34% from above');
  await page.keyboard.press('Insert');
  await page.locator('[data-corner="4"]').waitFor();
  await page.keyboard.press('Control+z');
  await page.locator('[data-corner="4"]').waitFor({ state: 'detached' });
  await page.locator('[data-corner="2"]').press('Delete');
  await page.locator('[data-corner="3"]').waitFor({ state: 'detached' });
  await page.getByLabel('Name of the zone').fill('gate: "left"');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('alert').first().waitFor();
  expect(await written(started)).toBe(TEXT);
  await page.getByLabel('Name of the zone').fill('way');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The motion settings of front yard were changed.').first().waitFor();
  expect(await written(started)).toMatch(/zones:\s+way:\s+polygon:\s+- \[0.3, 0.34\]\s/);
});
