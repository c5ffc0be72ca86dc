import type { App } from '@slack/bolt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { openBrowser } from '../../support/browser.ts';
import { button, createApp, post, section, startTestWorkspace } from './bolt.ts';

function plain(text: string): object {
  return { type: 'plain_text', text };
}

let workspace: Workspace;
let app: App;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  workspace = await startTestWorkspace({ limits: 'off' });
  app = createApp(workspace);
  app.command('/redistribute', ({ ack, command }) => ack({ text: `looking at \`${command.text}\`` }));
  app.action('ack', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    const ts = body.container['message_ts'];
    await client.chat.update({ channel: 'C0NORTH', ts, text: `taken by <@${body.user.id}>`, blocks: [] });
  });
  app.command('/edit', async ({ ack, command, client }) => {
    await ack();
    await client.views.open({
      trigger_id: command.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'edit',
        title: { type: 'plain_text', text: 'Edit the command' },
        submit: { type: 'plain_text', text: 'Save' },
        blocks: [
          {
            type: 'input',
            block_id: 'argv',
            label: { type: 'plain_text', text: 'Command' },
            element: { type: 'plain_text_input', action_id: 'text', initial_value: 'rm -rf /' },
          },
        ],
      },
    });
  });
  app.view('edit', ({ ack, view }) =>
    view.state.values['argv']?.['text']?.value === 'rsync -a'
      ? ack()
      : ack({ response_action: 'errors', errors: { argv: 'Only rsync may run.' } }),
  );
  await app.init();
  await app.start();
  browser = await openBrowser();
  page = await browser.newPage();
  await page.goto(`${workspace.url}/#ana/dist-north`);
  await page.getByTestId('channel-dist-north').waitFor();
}, 30_000);

afterAll(async () => {
  await browser.close();
  await app.stop();
  await workspace.close();
});

it('shows a ticket, takes a click on its button, and shows the edit', async () => {
  const elements = [{ ...button('ack', '17', 'Acknowledge'), style: 'primary' }];
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: 'int-38 is down' } },
    section('since *14:02*'),
    { type: 'actions', elements },
  ];
  const { ts } = await post(app.client, { channel: 'dist-north', text: 'int-38 is down', blocks });
  const message = page.getByTestId(`message-${ts}`);
  await message.getByRole('heading', { name: 'int-38 is down' }).waitFor();
  await message.locator('[data-action-id=ack]').click();
  await message.getByText('taken by').waitFor();
  expect(await message.locator('.text').textContent()).toBe('taken by @Ana Sousa');
  expect(await message.getByTestId('edited').count()).toBe(1);
});

it('sends a command, and shows the answer to its sender only', async () => {
  await page.getByTestId('composer').fill('/redistribute int-38');
  await page.getByTestId('composer').press('Enter');
  await page.getByTestId('only-you').waitFor();
  expect(await page.locator('.ephemeral code').textContent()).toBe('int-38');
  await page.getByTestId('user-ben').click();
  expect(await page.getByTestId('only-you').count()).toBe(0);
  await page.getByTestId('user-ana').click();
});

it('shows markup as Slack does, and what came from outside as text', async () => {
  const text =
    '*bold* _it_ `a &lt; b` &lt;!channel&gt; <img src=x> <https://example.org/?a=1&amp;b=2|here> <javascript:alert(1)|no> <@U0BEN> <#C0NORTH> 2*3*4 snake_case_name\n```x *y*\nz```';
  const { ts } = await post(app.client, { channel: 'dist-north', text });
  const shown = page.getByTestId(`message-${ts}`).locator('.text');
  await shown.waitFor();
  expect(await shown.innerHTML()).toBe(
    '<strong>bold</strong> <em>it</em> <code>a &lt; b</code> &lt;!channel&gt; <span>img src=x</span> ' +
      '<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">here</a> <span>no</span> ' +
      '<span class="mention">@Ben Okafor</span> <span class="mention">#dist-north</span> 2*3*4 snake_case_name\n' +
      '<pre>x *y*\nz</pre>',
  );
});

it('says today for today, and draws its marks without an emoji font', async () => {
  const now = Math.floor(Date.now() / 1000);
  const text = `:raised_hand: open since <!date^${now}^{date_short_pretty} {time}|earlier> :no_entry:`;
  const { ts } = await post(app.client, { channel: 'dist-north', text });
  const shown = page.getByTestId(`message-${ts}`).locator('.text');
  await shown.waitFor();
  expect(await shown.textContent()).toMatch(/^ open since today \d\d:\d\d $/);
  expect(await shown.getByRole('img').count()).toBe(2);
});

it('opens a thread and answers in it', async () => {
  const { ts } = await post(app.client, { channel: 'dist-north', text: 'root' });
  const message = page.getByTestId(`message-${ts}`);
  await message.hover();
  await message.getByTestId('thread-open').click();
  await page.getByTestId('thread-composer').fill('power cut');
  await page.getByTestId('thread-composer').press('Enter');
  await page.getByTestId('thread').getByText('power cut').waitFor();
  await message.getByText('1 reply').waitFor();
  expect(workspace.messages('dist-north').at(-1)).toMatchObject({ text: 'power cut', threadTs: ts });
  await page.getByTestId('thread-close').click();
});

it('counts what is unread in other channels', async () => {
  await post(app.client, { channel: 'U0ANA', text: 'psst' });
  await page.getByTestId('channel-dm').getByTestId('unread').getByText('1').waitFor();
  await page.getByTestId('channel-dm').click();
  await page.getByText('psst').waitFor();
  expect(await page.getByTestId('unread').count()).toBe(0);
});

it('asks before a button that wants to be confirmed, and shows why a click failed', async () => {
  const confirm = {
    title: plain('Sure?'),
    text: plain('It runs.'),
    confirm: plain('Run'),
    deny: plain('Keep'),
  };
  const elements = [{ ...button('run', '1', 'Run all'), confirm }];
  const { ts } = await post(app.client, {
    channel: 'U0ANA',
    text: 'x',
    blocks: [{ type: 'actions', elements }],
  });
  const clicks: string[] = [];
  const stop = workspace.on('interaction', ({ actionId }) => clicks.push(actionId));
  const run = page.getByTestId(`message-${ts}`).locator('[data-action-id=run]');
  await run.click();
  await page.getByTestId('confirm-no').click();
  expect(clicks).toEqual([]);
  await run.click();
  await page.getByTestId('confirm-yes').click();
  await workspace.waitFor(() => clicks.length === 1, 'the click');
  stop();
});

it('shows a block it does not draw as it is', async () => {
  const blocks = [{ type: 'card', body: { type: 'mrkdwn', text: 'look out' } }];
  const { ts } = await post(app.client, { channel: 'U0ANA', text: 'x', blocks });
  const shown = page.getByTestId(`message-${ts}`).locator('pre.unknown');
  await shown.waitFor();
  expect(await shown.textContent()).toContain('"look out"');
});

it('shows a modal, what is wrong with its input, and closes it when it is right', async () => {
  await page.getByTestId('composer').fill('/edit');
  await page.getByTestId('composer').press('Enter');
  const modal = page.getByTestId('modal');
  await modal.getByTestId('modal-submit').click();
  await modal.getByText('Only rsync may run.').waitFor();
  await modal.getByLabel('Command').fill('rsync -a');
  await modal.getByTestId('modal-submit').click();
  await modal.waitFor({ state: 'detached' });
  expect(workspace.views()).toEqual([]);
});
