import { expect } from 'vitest';
import type { EventsAnswer } from '../../src/http/api/events.ts';
import { accessibilityFaults } from './axe.ts';
import { browserTest } from './browser.ts';
import { openSignedIn } from './signed-in-page.ts';

browserTest(
  'a moment is explained: by the event that it belongs to, by too little movement, or by a mode that looks for none',
  async () => {
    // Somebody walks by every 20 s, for a third of that.
    const event = { preRoll: '1s', postRoll: '1s', minimalDuration: '1s', initialWait: '4s' };
    const cameras = {
      yard: { url: 'demo:', mode: 'always+motion' },
      blind: { url: 'demo:', mode: 'always' },
    };
    const { page, site } = await openSignedIn({ config: { cameras, event } });
    const ended = async () => {
      const answer = await page.request.get(`${site.url}api/events?camera=yard`);
      // The server's own shape.
      const { events } = (await answer.json()) as EventsAnswer;
      return events.findLast(({ isOpen, causes }) => !isOpen && causes.includes('motion'));
    };
    await expect.poll(ended).toBeDefined();
    const found = await ended();
    if (found === undefined) throw new Error('the event is gone');

    await page.goto(`${site.url}events/yard/${found.triggerMs}`);
    await page.locator('[data-picture-ms]').waitFor();
    await page.getByRole('button', { name: 'Why an event, or none' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^(An event went on|This is from before an event)/).waitFor();
    const picture = dialog.getByRole('img', { name: /source, what changed/ });
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((img) => img instanceof HTMLImageElement && img.naturalWidth))
      .toBeGreaterThan(600);
    // Once all have come, a picture with motion is among them.
    const slider = dialog.getByRole('slider', { name: 'Picture' });
    await expect.poll(() => dialog.locator('svg[role=img] rect.fill-motion').count()).toBeGreaterThan(0);
    await slider.press('Home');
    await slider.press('ArrowRight');
    expect(await slider.getAttribute('aria-valuenow')).toBe('1');
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('link', { name: 'Show the event' }).click();
    await dialog.waitFor({ state: 'detached' });

    const stillMs = found.endMs + 3_000;
    const explainOnTimeline = async (camera: string, atMs: number) => {
      await page.goto(`${site.url}timeline?camera=${camera}&at=${new Date(atMs).toISOString()}`);
      await page.locator(`[data-camera="${camera}"][data-picture-ms]`).waitFor();
      await page.getByRole('button', { name: 'Why an event, or none' }).click();
    };
    const recordedTo = async () => (await site.recorded(page, 'yard', 1)).endMs;
    await expect.poll(recordedTo).toBeGreaterThan(stillMs + 6_000);
    await explainOnTimeline('yard', stillMs);
    await dialog.getByText(/^Too little moved: the highest score .* are needed\.$/).waitFor();
    await explainOnTimeline('blind', stillMs);
    await dialog.getByText(/^Motion was not looked for\. Recording mode: Everything, without/).waitFor();
    await slider.waitFor();
  },
);
