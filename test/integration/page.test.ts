import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import type { DemoProcess } from '../support/demo-process.ts';
import { startDemoProcess } from '../support/demo-process.ts';
import { takePicture } from '../support/picture.ts';

/** What a person waits for takes seconds; on a busy machine, many. */
const patienceMs = 40_000;
vi.setConfig({ testTimeout: 3 * patienceMs });

const command = '/redistribute int-38 since yesterday';

let browser: Browser;
let demo: DemoProcess;
let page: Page;
/** What must not happen: dialogs, errors on the page. */
const surprises: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  demo = await startDemoProcess();
  page = await browser.newPage({ deviceScaleFactor: 2, viewport: { width: 1000, height: 1000 } });
  page.setDefaultTimeout(patienceMs);
  page.on('pageerror', (error) => surprises.push(error.message));
  page.on('dialog', (dialog) => {
    surprises.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(`${demo.url}/#ana/maint-eu`);
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

it('shows one ticket in #maint-eu, and its count rises to 200', async () => {
  const counts: number[] = [];
  while (counts.at(-1) !== 200) counts.push(await nextCount(counts.at(-1) ?? 0));
  expect(counts.length).toBeGreaterThan(1);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(await messages().count()).toBe(1);
  expect(await ticket().textContent()).toContain('client-[011-210]');
  await takePicture(ticket(), 'ticket.png');
});

it('tells Ana alone why there is this ticket, and what a shift leaves to the next', async () => {
  const answer = (title: string) => page.locator('.ephemeral').filter({ hasText: title });
  await send('/restage why int-38');
  await answer('Why: int-38').getByText('has ticket 1, open').waitFor();
  expect(await answer('Why: int-38').textContent()).toContain('devices directly behind it fail');
  await page.setViewportSize({ width: 1000, height: 1600 });
  await takePicture(answer('Why: int-38'), 'why.png');
  await page.setViewportSize({ width: 1000, height: 1000 });
  await send('/restage handover');
  await answer('Handover').getByText('devices failing').waitFor();
  await takePicture(answer('Handover'), 'handover.png');
});

it('takes Acknowledge and Repaired from Ana, and each button goes when it is pressed', async () => {
  await button(ticket(), 'Acknowledge').click();
  await ticket().getByText('@Ana Costa has it').waitFor();
  expect(await button(ticket(), 'Acknowledge').count()).toBe(0);
  await button(ticket(), 'Repaired').click();
  await ticket().getByText('Repaired by @Ana Costa').waitFor();
  expect(await button(ticket(), 'Repaired').count()).toBe(0);
});

it('proposes what failed when Ana types the command, with the original parameters', async () => {
  await send(command);
  await button(proposal(), 'Approve').waitFor();
  const shown = await proposal().textContent();
  expect(shown).toContain('1 command for 200 recipients');
  expect(shown).toContain('pkg-push --package edge-agent-4.12.3.deb --replace=client-012 … 200 recipients …');
});

it('does not let Ana approve her own request', async () => {
  await approve();
  await page.locator('.ephemeral').getByText('somebody else has to approve').waitFor();
  expect(await button(proposal(), 'Approve').count()).toBe(1);
});

it('B11: lets Ben edit the command, and says in the form which argument the server does not allow', async () => {
  await switchTo('ben');
  await button(proposal(), 'Edit…').click();
  const form = page.getByTestId('modal');
  const argument = form.locator('textarea').first();
  expect(await argument.inputValue()).toMatch(/^pkg-push\n--package\nedge-agent/);
  await argument.fill('pkg-push\n--rsh=sh -c id\nclient-011');
  await page.getByTestId('modal-submit').click();
  await form.getByText('argument 1 ("--rsh=sh -c id") is not an allowed flag.').waitFor();
  await page.getByTestId('modal-close').click();
});

it('B10: asks which commands run and for whom, and why a proposal is rejected', async () => {
  const form = page.getByTestId('modal');
  await button(proposal(), 'Select…').click();
  await form.getByText('The whole original list').waitFor();
  await page.getByTestId('modal-submit').click();
  await form.waitFor({ state: 'detached' });
  await button(proposal(), 'Reject…').click();
  await form.getByText('Why?').waitFor();
  await page.getByTestId('modal-close').click();
  expect(await button(proposal(), 'Approve').count()).toBe(1);
});

it('runs it when Ben approves, and shows output and exit code in the thread', async () => {
  await switchTo('ben');
  await takePicture(proposal(), 'approval.png');
  await approve();
  await proposal().getByText('200 succeeded · 0 failed').waitFor();
  expect(await button(proposal(), 'Approve').count()).toBe(0);
  await proposal().getByTestId('thread-open').click();
  const replies = page.getByTestId('thread').locator('.day ~ .message');
  const output = replies.filter({ hasText: 'exit code 0' });
  await output.waitFor();
  expect(await output.textContent()).toContain('client-210: delivered');
  await replies.getByText('Output of 1 command on int-38').waitFor();
  await page.getByTestId('thread-close').click();
});

it('resolves the ticket, and asked again finds nothing left', async () => {
  await ticket().getByText('Resolved').first().waitFor();
  await takePicture(ticket(), 'resolved.png');
  await switchTo('ana');
  await send(command);
  await messages().getByText('Nothing to redistribute').waitFor();
  expect(await button(messages(), 'Approve').count()).toBe(0);
});

it('A20: shows a report to who asked, and posts it with its chart, and the chart in words', async () => {
  await send('/restage report eu last 2 days');
  const heading = { has: page.getByRole('heading', { name: 'Failures in eu' }) };
  await page.locator('.ephemeral').filter(heading).getByRole('button', { name: 'Post it here' }).click();
  const report = messages().filter(heading);
  await report.getByText('client-011').first().waitFor();
  const chart = report.getByRole('img', { name: /connection 200/ });
  await chart.waitFor();
  await expect
    .poll(() => chart.evaluate((image: { readonly naturalWidth: number }) => image.naturalWidth))
    .toBeGreaterThan(500);
  await takePicture(report, 'report.png');
});

it('shows what people type as text, also where the bot repeats it', async () => {
  const markup = '<img src=x onerror=alert(1)>';
  await send(`/redistribute int-38 ${markup}`);
  await page.locator('.ephemeral').getByText(markup).waitFor();
  expect(await page.locator('#messages img[src="x"]').count()).toBe(0);
  expect(surprises).toEqual([]);
});

it('ends well at Ctrl-C', async () => {
  expect(await demo.stop()).toBe(0);
});

function messages(): Locator {
  return page.getByTestId('messages').locator('.message:not(.ephemeral)');
}

function ticket(): Locator {
  return messages().filter({ has: page.getByRole('heading', { name: /^int-38(?::| is| was) / }) });
}

function proposal(): Locator {
  return messages()
    .filter({ has: page.getByRole('heading', { name: 'Redistribution on int-38' }) })
    .first();
}

function button(message: Locator, name: string): Locator {
  return message.getByRole('button', { name });
}

/** The ticket's count as soon as it is another than this one. */
async function nextCount(last: number): Promise<number> {
  const field = ticket()
    .locator('.fields p')
    .filter({ hasText: /^Alerts/ });
  await field.filter({ hasNotText: new RegExp(`^Alerts\\s*${last} in`) }).waitFor();
  return Number(/\d+/.exec((await field.textContent()) ?? '')?.[0]);
}

async function send(text: string): Promise<void> {
  await page.getByTestId('composer').pressSequentially(text);
  await page.getByTestId('composer').press('Enter');
}

async function switchTo(person: string): Promise<void> {
  await page.getByTestId(`user-${person}`).click();
}

async function approve(): Promise<void> {
  await button(proposal(), 'Approve').click();
  await page.getByTestId('confirm-yes').click();
}
