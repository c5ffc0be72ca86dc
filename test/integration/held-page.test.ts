import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Demo, startDemo } from '../../src/demo/demo.ts';
import { alertMail, sendMail } from '../../src/demo/noise.ts';
import { openBrowser } from '../support/browser.ts';
import { takePicture } from '../support/picture.ts';

const patienceMs = 40_000;
vi.setConfig({ testTimeout: 3 * patienceMs, hookTimeout: 3 * patienceMs });

let browser: Browser;
let demo: Demo;
let page: Page;

beforeAll(async () => {
  demo = await startDemo({ port: 0 });
  browser = await openBrowser();
  page = await browser.newPage({ deviceScaleFactor: 2, viewport: { width: 1000, height: 1000 } });
  page.setDefaultTimeout(patienceMs);
  await page.goto(`${demo.workspace.url}/#ana/maint-apac`);
});

afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

it('shows Ana alone what is held and until when, and opens it at once when she presses Open now', async () => {
  demo.site.silence('10.77.', '10.70.');
  for (let n = 0; n < 4; n += 1)
    await sendMail(demo.smtpPort, alertMail(demo.now(), 'int-77', 'connection timed out', 'int-70'));
  await expect.poll(heldAlerts, { timeout: patienceMs }).toBe(4);
  await page.getByTestId('composer').pressSequentially('/restage held');
  await page.getByTestId('composer').press('Enter');
  const held = page.locator('.ephemeral').filter({ hasText: 'int-77' });
  await held.getByText('ticket at the latest').waitFor();
  await takePicture(held, 'held.png');
  await held.getByRole('button', { name: 'Open now' }).click();
  await card(/^int-77/)
    .getByRole('button', { name: 'Acknowledge' })
    .waitFor();
});

async function heldAlerts(): Promise<number | undefined> {
  return (await demo.app.deps.store.transaction((tx) => tx.sums())).alerts.held;
}

function card(name: RegExp): Locator {
  return page
    .getByTestId('messages')
    .locator('.message:not(.ephemeral)')
    .filter({ has: page.getByRole('heading', { name }) });
}
