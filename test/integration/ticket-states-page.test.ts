import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Demo, startDemo } from '../../src/demo/demo.ts';
import { alertMail, sendMail } from '../../src/demo/noise.ts';
import { kioskNames } from '../../src/demo/site/inventory.ts';
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

it('says on the ticket of a server how many of its devices still fail once some are back', async () => {
  await tell(kioskNames, 'PROBLEM', 'DOWN');
  const ticket = card(/^int-58/);
  await ticket.getByText('kiosk-[01-12]').waitFor();
  await tell(kioskNames.slice(0, 5), 'RECOVERY', 'UP');
  await ticket.getByText('7 of 12').first().waitFor();
  expect(await ticket.textContent()).toContain('7 of 12 still failing');
  await takePicture(ticket, 'partly-cleared.png');
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

/** As Nagios tells of hosts. */
async function tell(hosts: readonly string[], type: 'PROBLEM' | 'RECOVERY', state: string): Promise<void> {
  for (const [index, host] of hosts.entries()) {
    const mail = [
      'From: nagios@dist-01.core.example.net',
      'To: dist-alerts@ops.example.net',
      `Subject: ** ${type} Host Alert: ${host} is ${state} **`,
      `Date: ${demo.now().toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${type}.${host}@dist-01.core.example.net>`,
      '',
      '***** Nagios *****',
      '',
      `Notification Type: ${type}`,
      `Host: ${host}`,
      `State: ${state}`,
      `Address: 10.58.1.${index + 1}`,
      `Info: ${type === 'PROBLEM' ? 'connect to port 873: No route to host' : 'PING OK, 2 ms'}`,
      '',
      `Date/Time: ${demo.now().toUTCString()}`,
      '',
    ];
    await sendMail(demo.smtpPort, mail.join('\r\n'));
  }
}
