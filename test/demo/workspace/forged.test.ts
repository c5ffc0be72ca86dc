import { once } from 'node:events';
import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { appToken, button, createClient, post, startTestWorkspace } from './bolt.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (value: string) => ({ text: plain(value), value });
const input = (blockId: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id: blockId,
  label: plain(blockId),
  element: { action_id: 'a', ...element },
  ...more,
});

const form = {
  type: 'modal',
  title: plain('Form'),
  submit: plain('Send'),
  blocks: [
    input('size', {
      type: 'static_select',
      options: [option('s'), option('m')],
      initial_option: option('s'),
    }),
    input('name', { type: 'plain_text_input', min_length: 2, max_length: 4 }),
    input('day', { type: 'datepicker' }, { optional: true }),
    input('who', { type: 'users_select' }, { optional: true }),
    input('many', { type: 'number_input', is_decimal_allowed: false, max_value: '10' }, { optional: true }),
  ],
};

let workspace: Workspace;
let client: WebClient;
/** What reached the app. */
let payloads: Record<string, unknown>[];
let answer: object;

beforeEach(async () => {
  workspace = await startTestWorkspace({ limits: 'off' });
  client = createClient(workspace);
  payloads = [];
  answer = {};
  const { url } = await createClient(workspace, {}, appToken).apps.connections.open();
  const socket = new WebSocket(url ?? '');
  socket.on('message', (data: Buffer) => {
    const frame: Record<string, unknown> = Object(JSON.parse(data.toString()));
    if (typeof frame['envelope_id'] !== 'string') return;
    payloads.push(Object(frame['payload']));
    socket.send(JSON.stringify({ envelope_id: frame['envelope_id'], payload: answer }));
  });
  await once(socket, 'open');
  await workspace.waitFor(() => workspace.connections === 1, 'the socket');
});

afterEach(() => workspace.close());

/** What the page sends, or anybody in its place. */
async function send(action: string, body: object): Promise<string> {
  const response = await fetch(`${workspace.url}/ui/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { error = 'ok' } = (await response.json()) as { error?: string };
  return error;
}

describe('a click that no client of Slack could send does not reach the app', () => {
  const elements = [
    button('go', '1'),
    { type: 'static_select', action_id: 'pick', options: [option('a'), option('b')] },
    { type: 'users_select', action_id: 'person' },
    { type: 'datepicker', action_id: 'day' },
  ];

  it.each<[string, object, string]>([
    ['on a button that is not there', { actionId: 'stop' }, 'no such button'],
    ['on a button with another value', { actionId: 'go', value: '2' }, 'no such button'],
    ['on a message that is not there', { actionId: 'go', ts: '1.0' }, 'no such button'],
    ['in a channel that is not there', { actionId: 'go', channel: 'C0NONE' }, 'no such channel'],
    ['in the direct messages of another person', { actionId: 'go', channel: 'D0BEN' }, 'no such channel'],
    ['by nobody', { actionId: 'go', userId: 'U0NONE' }, 'no such user'],
    ['by the app itself', { actionId: 'go', userId: 'U0RESTAGE' }, 'no such user'],
    ['with an option that is none', { actionId: 'pick', value: 'c' }, 'pick does not take this value'],
    ['with no option', { actionId: 'pick' }, 'nothing is chosen'],
    ['with a person who is not there', { actionId: 'person', value: 'U0NONE' }, 'does not take this value'],
    ['with a day that is none', { actionId: 'day', value: '2026-02-30' }, 'does not take this value'],
    [
      'with the state of an input that is not there',
      { actionId: 'go', values: { other: { a: 'x' } } },
      'no such input: a in other',
    ],
  ])('%s', async (_what, changed, error) => {
    const { ts } = await post(client, {
      channel: 'C0NORTH',
      text: 'x',
      blocks: [{ type: 'actions', elements }],
    });
    const click = { userId: 'U0ANA', channel: 'C0NORTH', ts, ...changed };
    expect(await send('click', click)).toContain(error);
    expect(payloads).toEqual([]);
  });

  it('on what only another person can see', async () => {
    const blocks = [{ type: 'actions', elements: [button('go', '1')] }];
    await client.apiCall('chat.postEphemeral', { channel: 'C0NORTH', user: 'U0BEN', text: 'x', blocks });
    const ts = workspace.messages('C0NORTH')[0]?.ts;
    const click = { userId: 'U0ANA', channel: 'C0NORTH', ts, actionId: 'go' };
    expect(await send('click', click)).toContain('no such button');
    expect(await send('click', { ...click, userId: 'U0BEN' })).toBe('ok');
  });

  it('on a button that an edit took away', async () => {
    const blocks = [{ type: 'actions', elements: [button('go', '1')] }];
    const { channel, ts } = await post(client, { channel: 'C0NORTH', text: 'x', blocks });
    await client.chat.update({ channel, ts, text: 'done', blocks: [] });
    expect(await send('click', { userId: 'U0ANA', channel, ts, actionId: 'go' })).toContain('no such button');
  });
});

describe('a form that no client of Slack could send does not reach the app', () => {
  async function open(): Promise<string> {
    await workspace.command('U0ANA', 'dist-north', '/edit');
    const trigger = payloads.at(-1)?.['trigger_id'];
    await client.apiCall('views.open', { trigger_id: trigger, view: form });
    payloads = [];
    return workspace.views()[0]?.id ?? '';
  }

  it.each<[string, object, string]>([
    ['with an option that is none', { size: { a: 'xl' } }, 'a does not take this value: xl'],
    ['with two values where one is taken', { size: { a: ['s', 'm'] } }, 'a takes one value'],
    ['with a text that is too short', { name: { a: 'x' } }, 'does not take this value'],
    ['with a text that is too long', { name: { a: 'xxxxx' } }, 'does not take this value'],
    ['with a day that is none', { day: { a: '2026-13-01' } }, 'does not take this value'],
    ['with a person who is not there', { who: { a: 'U0NONE' } }, 'does not take this value'],
    ['with a number that is too high', { many: { a: '11' } }, 'does not take this value'],
    ['with a fraction where a whole number is due', { many: { a: '1.5' } }, 'does not take this value'],
    ['with an input that is not there', { other: { a: 'x' } }, 'no such input: a in other'],
    ['with something else than text', { name: { a: { x: 1 } } }, 'not a text'],
    ['without what must be filled in', { name: { a: '' } }, 'Please complete this required field: name'],
  ])('%s', async (_what, changed, error) => {
    const viewId = await open();
    const values = { name: { a: 'abc' }, ...changed };
    expect(await send('submit-view', { userId: 'U0ANA', viewId, values })).toContain(error);
    expect(payloads).toEqual([]);
  });

  it("that is not open, is another person's, or has changed since", async () => {
    const viewId = await open();
    const values = { name: { a: 'abc' } };
    const submit = (changed: object) => send('submit-view', { userId: 'U0ANA', viewId, values, ...changed });
    expect(await submit({ viewId: 'V0NONE' })).toContain('no such view');
    expect(await submit({ userId: 'U0BEN' })).toContain('no such view');
    expect(await submit({ hash: 'stale' })).toContain('hash_conflict');
    expect(payloads).toEqual([]);
    expect(await submit({ hash: workspace.views()[0]?.hash })).toBe('ok');
    expect(await submit({})).toContain('no such view');
  });

  it('but one that is whole does, with what its inputs held at first', async () => {
    const viewId = await open();
    expect(await send('submit-view', { userId: 'U0ANA', viewId, values: { name: { a: 'abc' } } })).toBe('ok');
    expect(payloads).toMatchObject([
      {
        type: 'view_submission',
        view: {
          state: {
            values: {
              size: { a: { selected_option: option('s') } },
              name: { a: { value: 'abc' } },
              day: { a: { selected_date: null } },
            },
          },
        },
      },
    ]);
  });

  it.each<[string, object]>([
    ['errors of an input that is not there', { response_action: 'errors', errors: { other: 'x' } }],
    ['no errors', { response_action: 'errors', errors: {} }],
    ['a view that Slack does not take', { response_action: 'update', view: { type: 'modal' } }],
    ['an action that is none', { response_action: 'explode' }],
  ])('and an answer with %s is refused', async (_what, refused) => {
    const viewId = await open();
    answer = refused;
    const error = await send('submit-view', { userId: 'U0ANA', viewId, values: { name: { a: 'abc' } } });
    expect(error).toContain("Slack did not take the app's answer");
  });
});
