import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { button, createApp, post, startTestWorkspace } from './bolt.ts';

const approval = [{ type: 'actions', elements: [button('approve', 'run-7')] }];

describe('the workspace and a real Bolt app', () => {
  let workspace: Workspace;
  let app: App;

  beforeEach(async () => {
    workspace = await startTestWorkspace();
    app = createApp(workspace);
    await app.init();
  });

  afterEach(async () => {
    await app.stop();
    await workspace.close();
  });

  it('delivers a slash command and shows the acknowledgement to its sender only', async () => {
    const seen: unknown[] = [];
    app.command('/redistribute', async ({ command, ack }) => {
      seen.push({ text: command.text, user: command.user_id, channel: command.channel_id });
      await ack({ text: 'looking at int-38' });
    });
    await app.start();
    expect(workspace.connections).toBe(1);

    await workspace.command('U0ANA', 'dist-north', '/redistribute int-38 since yesterday');

    expect(seen).toEqual([{ text: 'int-38 since yesterday', user: 'U0ANA', channel: 'C0NORTH' }]);
    expect(workspace.messages('dist-north')).toMatchObject([
      { text: 'looking at int-38', ephemeralFor: 'U0ANA' },
    ]);
  });

  it('delivers a click with the message, and the app edits that message', async () => {
    app.action('approve', async ({ ack, action, body, client }) => {
      await ack();
      if (body.type !== 'block_actions' || action.type !== 'button' || !body.message) return;
      const text = `approved ${action.value} by ${body.user.id}`;
      await client.chat.update({ channel: 'C0NORTH', ts: body.message.ts, text, blocks: [] });
    });
    await app.start();
    const clicks: unknown[] = [];
    workspace.on('interaction', (interaction) => clicks.push(interaction));
    const { ts } = await post(app.client, { channel: 'dist-north', text: 'ready', blocks: approval });

    await workspace.click('U0BEN', 'dist-north', ts, 'approve');

    const isEdited = () => workspace.messages('dist-north').find((message) => message.edits > 0);
    const edited = await workspace.waitFor(isEdited, 'the edit');
    expect(edited.history).toEqual(['ready', 'approved run-7 by U0BEN']);
    expect(clicks).toEqual([
      { userId: 'U0BEN', actionId: 'approve', value: 'run-7', channel: 'C0NORTH', ts },
    ]);
    await expect(workspace.click('U0BEN', 'dist-north', ts, 'approve')).rejects.toThrow('no such button');
  });

  it('takes answers to the response_url: five, replacing the message that was clicked', async () => {
    const urls: string[] = [];
    app.action('approve', async ({ ack, respond, body }) => {
      await ack();
      if ('response_url' in body) urls.push(body.response_url);
      await respond({ replace_original: true, text: 'working' });
    });
    await app.start();
    const { ts } = await post(app.client, { channel: 'dist-north', text: 'ready', blocks: approval });
    await workspace.click('U0BEN', 'dist-north', ts, 'approve');

    await workspace.waitFor(
      () => workspace.messages('dist-north')[0]?.text === 'working',
      'the first answer',
    );
    const respond = () => fetch(urls[0] ?? '', { method: 'POST', body: JSON.stringify({ text: 'more' }) });
    const more = [await respond(), await respond(), await respond(), await respond(), await respond()];
    expect(more.map(({ status }) => status)).toEqual([200, 200, 200, 200, 404]);
    const [clicked, ...answers] = workspace.messages('dist-north');
    expect(clicked).toMatchObject({ text: 'working', ephemeralFor: null });
    expect(answers).toHaveLength(4);
    expect(answers.every((answer) => answer.ephemeralFor === 'U0BEN')).toBe(true);
  });

  it('opens a modal by its trigger and delivers what the person submits', async () => {
    const submitted: unknown[] = [];
    app.command('/edit', async ({ command, ack, client }) => {
      await ack();
      await client.views.open({
        trigger_id: command.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'edit-command',
          private_metadata: 'run-7',
          title: { type: 'plain_text', text: 'Edit' },
          submit: { type: 'plain_text', text: 'Save' },
          blocks: [
            {
              type: 'input',
              block_id: 'argv',
              label: { type: 'plain_text', text: 'Command' },
              element: { type: 'plain_text_input', action_id: 'text' },
            },
          ],
        },
      });
    });
    app.view('edit-command', async ({ ack, view }) => {
      const text = view.state.values['argv']?.['text']?.value;
      submitted.push({ text, about: view.private_metadata });
      if (text === 'rm') await ack({ response_action: 'errors', errors: { argv: 'Say what to run.' } });
      else await ack();
    });
    await app.start();
    await workspace.command('U0ANA', 'dist-north', '/edit');
    const view = await workspace.waitFor(() => workspace.views()[0], 'the modal');

    const empty = workspace.submitView('U0ANA', view.id, { argv: { text: '' } });
    await expect(empty).rejects.toThrow('Please complete this required field: argv');
    expect(submitted).toEqual([]);
    const refused = await workspace.submitView('U0ANA', view.id, { argv: { text: 'rm' } });
    expect(refused).toMatchObject({ errors: { argv: 'Say what to run.' } });
    expect(workspace.views()).toHaveLength(1);
    await workspace.submitView('U0ANA', view.id, { argv: { text: 'rsync -a' } });
    expect(workspace.views()).toHaveLength(0);
    expect(submitted.at(-1)).toEqual({ text: 'rsync -a', about: 'run-7' });
  });

  it('tells the app of what people say, and of being mentioned', async () => {
    const heard: string[] = [];
    app.event('app_mention', async ({ event }) => {
      heard.push(event.text);
      await post(app.client, { channel: event.channel, text: 'here', thread_ts: event.ts });
    });
    await app.start();
    workspace.say('U0BEN', 'dist-north', '<@U0RESTAGE> are you there?');
    const isReply = () => workspace.messages('dist-north').find((message) => message.threadTs !== null);
    await workspace.waitFor(isReply, 'the answer');
    expect(heard).toEqual(['<@U0RESTAGE> are you there?']);
  });

  it('delivers an envelope twice when told to, as Slack does', async () => {
    let runs = 0;
    app.command('/redistribute', async ({ ack }) => {
      runs += 1;
      await ack({ text: `run ${runs}` });
    });
    await app.start();
    workspace.misbehave({ kind: 'redeliver', times: 1 });
    await workspace.command('U0ANA', 'dist-north', '/redistribute int-38');
    await workspace.command('U0ANA', 'dist-north', '/redistribute int-38');
    expect(runs).toBe(3);
    expect(workspace.messages('dist-north').map((message) => message.text)).toEqual(['run 1', 'run 3']);
  });

  it.each(['refresh', 'drop-sockets'] as const)('lets the app come back after %s', async (kind) => {
    app.command('/redistribute', ({ ack }) => ack({ text: 'yes' }));
    await app.start();
    workspace.misbehave({ kind });
    await workspace.waitFor(() => workspace.connections === 0, 'the socket to go');
    await expect(workspace.command('U0ANA', 'dist-north', '/redistribute')).rejects.toThrow(
      '/redistribute failed with the error "dispatch_failed"',
    );
    await workspace.waitFor(() => workspace.connections === 1, 'the socket to come back');
    await workspace.command('U0ANA', 'dist-north', '/redistribute');
    expect(workspace.messages('dist-north').at(-1)).toMatchObject({ text: 'yes', ephemeralFor: 'U0ANA' });
  });
});
