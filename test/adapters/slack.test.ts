import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSlack, type Slack } from '../../src/adapters/slack/slack.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import type {
  ButtonClick,
  ChatHandlers,
  ChatMessage,
  Modal,
  ModalSubmission,
  SlashCommand,
} from '../../src/domain/chat.ts';
import { RestageError } from '../../src/domain/errors.ts';
import { startRawSlack } from '../support/raw-slack.ts';
import { recordLog } from '../support/recorded-log.ts';

const tokens = { botToken: 'xoxb-test-1', appToken: 'xapp-test-1' };
const anna = 'U0ANNA';
const north = 'C0NORTH';
const clock = { now: () => new Date() };
const hello: ChatMessage = {
  text: 'hello',
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'hello' } }],
};
const buttonMessage: ChatMessage = {
  text: 'press',
  blocks: [
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          text: { type: 'plain_text', text: 'Go' },
          action_id: 'ticket:repaired',
          value: '12',
        },
      ],
    },
  ],
};

/** A handler's answer that the test gives when it is time. */
function answerLater(): { readonly answer: Promise<ChatMessage>; finish(message: ChatMessage): void } {
  const waiting: ((message: ChatMessage) => void)[] = [];
  const answer = new Promise<ChatMessage>((resolve) => {
    waiting.push(resolve);
  });
  return { answer, finish: (message) => waiting[0]?.(message) };
}

/** Work that ends when the test says so. */
function doLater(): { readonly done: Promise<void>; readonly finish: () => void } {
  const waiting: (() => void)[] = [];
  const done = new Promise<void>((resolve) => {
    waiting.push(resolve);
  });
  return { done, finish: () => waiting[0]?.() };
}

/** What the log says of the handler that failed. */
function failure(): Readonly<Record<string, unknown>> {
  return log.entries.find(({ message }) => message === 'slack handler failed')?.fields ?? {};
}

const firstDelivery = { deliveryId: 'd1', revision: 1 } as const;

let workspace: Workspace;
let slack: Slack;
let log: ReturnType<typeof recordLog>;
let commands: SlashCommand[];
let clicks: ButtonClick[];
let onCommand: ChatHandlers['onCommand'];
let onClick: ChatHandlers['onClick'];
let onSubmit: ChatHandlers['onSubmit'];
const handlers: ChatHandlers = {
  onCommand: (command) => {
    commands.push(command);
    return onCommand(command);
  },
  onClick: (click) => {
    clicks.push(click);
    return onClick(click);
  },
  onSubmit: (submission) => onSubmit(submission),
};

function connect(changes: Partial<typeof tokens> = {}, sockets = 2): Slack {
  const { botToken, appToken } = { ...tokens, ...changes };
  return createSlack({
    botToken: () => botToken,
    appToken: () => appToken,
    apiUrl: workspace.apiUrl,
    sockets,
    log,
    clock,
  });
}

beforeEach(async () => {
  workspace = await startWorkspace({
    ...tokens,
    limits: 'off',
    users: [{ id: anna, name: 'anna', realName: 'Anna', tz: 'Europe/Berlin' }],
    channels: [
      { id: north, name: 'north' },
      { id: 'C0SOUTH', name: 'south' },
    ],
  });
  log = recordLog();
  commands = [];
  clicks = [];
  onCommand = async ({ text }) => ({ text: `you said ${text}`, blocks: [] });
  onClick = async () => undefined;
  onSubmit = async () => null;
  slack = connect();
});

afterEach(async () => {
  await slack.stop();
  await workspace.close();
});

test('a bot that is started too often in a minute waits as long as Slack asks it to', async () => {
  workspace.misbehave({ kind: 'rate-limit', method: 'apps.connections.open', times: 1, retryAfterS: 1 });
  await slack.start(handlers);
  expect(workspace.connections).toBe(2);
});

const outageForm: Modal = {
  callbackId: 'outage',
  title: 'Outage',
  submit: 'Save',
  metadata: 'ticket 12',
  blocks: [
    {
      type: 'input',
      block_id: 'device',
      label: { type: 'plain_text', text: 'Device' },
      element: { type: 'plain_text_input', action_id: 'device' },
    },
    {
      type: 'input',
      block_id: 'scope',
      label: { type: 'plain_text', text: 'Scope' },
      element: {
        type: 'static_select',
        action_id: 'scope',
        options: [{ text: { type: 'plain_text', text: 'Device' }, value: 'device' }],
      },
    },
  ],
};

describe('forms', () => {
  beforeEach(async () => {
    onCommand = async ({ triggerId }) => {
      await slack.openModal(triggerId, outageForm);
      return { text: 'fill it in', blocks: [] };
    };
    await slack.start(handlers);
    await workspace.command(anna, north, '/restage outage');
  });
  const filledIn = { device: { device: 'int-38' }, scope: { scope: 'device' } };

  test('what a person fills in comes back, with what the form was about', async () => {
    const submitted: ModalSubmission[] = [];
    onSubmit = async (submission) => {
      submitted.push(submission);
      return null;
    };
    const [form] = workspace.views();
    await workspace.submitView(anna, form?.id ?? '', filledIn);
    expect(submitted).toMatchObject([
      {
        callbackId: 'outage',
        metadata: 'ticket 12',
        values: { device: 'int-38', scope: 'device' },
        person: { userId: anna },
      },
    ]);
    expect(workspace.views()).toEqual([]);
  });

  test('what is wrong with it is said at the field, and the form stays', async () => {
    onSubmit = async () => ({ device: 'There is no such device.' });
    const [form] = workspace.views();
    const answer = await workspace.submitView(anna, form?.id ?? '', filledIn);
    expect(answer).toMatchObject({
      response_action: 'errors',
      errors: { device: 'There is no such device.' },
    });
    expect(workspace.views()).toHaveLength(1);
  });
});

test('a file is put into a thread', async () => {
  const { ts } = await slack.post({ channel: 'north', threadTs: null }, hello, {
    deliveryId: 'd1',
    revision: 1,
  });
  const file = { name: 'chart.png', title: 'Failures', bytes: new Uint8Array([137, 80]), altText: 'one bar' };
  await slack.upload({ channel: 'north', threadTs: ts }, file, new AbortController().signal);
  const inThread = workspace.messages('north').filter(({ threadTs }) => threadTs === ts);
  expect(JSON.stringify(inThread)).toContain('chart.png');
});

test('a file that nobody sees yet is shown by the message that names it, once Slack has it whole', async () => {
  const file = { name: 'chart.png', title: 'Failures', bytes: new Uint8Array([137, 80]), altText: 'one bar' };
  const id = await slack.uploadUnshared(file);
  expect(workspace.messages('north')).toEqual([]);
  const image = (fileId: string) =>
    ({
      text: 'chart',
      blocks: [{ type: 'image', slack_file: { id: fileId }, alt_text: 'one bar' }],
    }) as const;
  const target = { channel: 'north', threadTs: null };
  const early = slack.post(target, image('F0UNKNOWN'), { deliveryId: 'd1', revision: 1 });
  await expect(early).rejects.toMatchObject({ failure: 'refused', retryAfterMs: 5_000 });
  await slack.post(target, image(id), { deliveryId: 'd2', revision: 1 });
  expect(JSON.stringify(workspace.messages('north'))).toContain(id);
});

describe('what people do in Slack', () => {
  beforeEach(() => slack.start(handlers));

  test('a command is answered for its sender only', async () => {
    const { ack } = await workspace.command(anna, north, '/redistribute int-38 since yesterday');
    expect(ack).toMatchObject({ response_type: 'ephemeral', text: 'you said int-38 since yesterday' });
    expect(commands).toMatchObject([
      {
        command: '/redistribute',
        text: 'int-38 since yesterday',
        person: { teamId: 'T0RESTAGE', userId: anna },
        channel: north,
        deliveryKey: expect.stringMatching(/^[\w-]{20,}$/),
      },
    ]);
  });

  test('a command delivered three times is handled once', async () => {
    workspace.misbehave({ kind: 'redeliver', times: 2 });
    await workspace.command(anna, north, '/restage status');
    await workspace.command(anna, north, '/restage again');
    expect(commands.map(({ text }) => text)).toEqual(['status', 'again']);
  });

  test('a click delivered three times is handled once, with who and what', async () => {
    const { ts } = await slack.post({ channel: north, threadTs: null }, buttonMessage, {
      deliveryId: 'd1',
      revision: 1,
    });
    workspace.misbehave({ kind: 'redeliver', times: 2 });
    await workspace.click(anna, north, ts, 'ticket:repaired');
    await workspace.command(anna, north, '/restage status');
    expect(clicks).toMatchObject([
      {
        actionId: 'ticket:repaired',
        value: '12',
        person: { teamId: 'T0RESTAGE', userId: anna },
        channel: north,
        messageTs: ts,
      },
    ]);
  });

  test('a click is acknowledged when it is done: one that is lost with the bot is not taken for done', async () => {
    const { done, finish } = doLater();
    const begun = new Promise<void>((resolve) => {
      onClick = () => {
        resolve();
        return done;
      };
    });
    const { ts } = await slack.post({ channel: north, threadTs: null }, buttonMessage, firstDelivery);
    const click = workspace.click(anna, north, ts, 'ticket:repaired').then(() => 'acknowledged');
    await begun;
    await expect(Promise.race([click, delay(300, 'waits')])).resolves.toBe('waits');
    finish();
    await expect(click).resolves.toBe('acknowledged');
  });

  test('a click that takes long is acknowledged before Slack gives up on it', async () => {
    const { done, finish } = doLater();
    onClick = () => done;
    const { ts } = await slack.post({ channel: north, threadTs: null }, buttonMessage, firstDelivery);
    await expect(workspace.click(anna, north, ts, 'ticket:repaired')).resolves.toBeDefined();
    finish();
  });

  test('a command that takes long is answered later', async () => {
    const later = answerLater();
    onCommand = () => later.answer;
    const { ack } = await workspace.command(anna, north, '/restage slow');
    expect(ack).toMatchObject({ text: 'Working on it…' });
    later.finish({ text: 'now it is done', blocks: [] });
    const answer = await workspace.waitFor(
      () => workspace.messages(north).find(({ text }) => text === 'now it is done'),
      'the answer',
    );
    expect(answer.ephemeralFor).toBe(anna);
  });

  test('a command that fails says so, with a reference that is in the log', async () => {
    onCommand = () =>
      Promise.reject(new RestageError('period-invalid', 'I can not read <that> as a period.'));
    const { ack } = await workspace.command(anna, north, '/redistribute int-38 whenever');
    expect(ack).toMatchObject({ text: expect.stringContaining('I can not read &lt;that&gt; as a period.') });
    expect(JSON.stringify(ack)).toContain(String(failure()['reference']));
  });

  test('a choice from a list comes as a click with the value chosen', async () => {
    await slack.start(handlers);
    const options = ['7', '8'].map((value) => ({
      text: { type: 'plain_text' as const, text: value },
      value,
    }));
    const chooser: ChatMessage = {
      text: 'choose',
      blocks: [
        { type: 'actions', elements: [{ type: 'static_select', action_id: 'ticket:take-up', options }] },
      ],
    };
    const { ts } = await slack.post({ channel: north, threadTs: null }, chooser, {
      deliveryId: 'd1',
      revision: 1,
    });
    await workspace.click(anna, north, ts, 'ticket:take-up', '8');
    await workspace.waitFor(() => clicks.length > 0, 'the click');
    expect(clicks).toMatchObject([{ actionId: 'ticket:take-up', value: '8', person: { userId: anna } }]);
  });

  test('a click that fails tells who clicked, without giving away why', async () => {
    onClick = () => Promise.reject(new Error('password=secret'));
    const { ts } = await slack.post({ channel: north, threadTs: null }, buttonMessage, {
      deliveryId: 'd1',
      revision: 1,
    });
    await workspace.click(anna, north, ts, 'ticket:repaired');
    const told = await workspace.waitFor(
      () => workspace.messages(north).find(({ ephemeralFor }) => ephemeralFor),
      'the answer',
    );
    expect(told).toMatchObject({
      ephemeralFor: anna,
      text: expect.stringContaining(String(failure()['reference'])),
    });
    expect(told.text).not.toContain('secret');
    expect(workspace.messages(north).find((message) => message.ts === ts)?.text).toBe('press');
  });

  test('a delivery whose first handling failed is handled again', async () => {
    let failures = 0;
    onCommand = async () => {
      failures += 1;
      if (failures === 1) throw new Error('database gone');
      return hello;
    };
    workspace.misbehave({ kind: 'redeliver', times: 1 });
    await workspace.command(anna, north, '/restage status');
    await workspace.waitFor(() => failures === 2, 'the second handling', 2000).catch(() => undefined);
    expect(failures).toBe(2);
  });
});

describe('when Slack refreshes or loses sockets', () => {
  beforeEach(() => slack.start(handlers));

  test('none of 20 commands is lost when Slack refreshes one in their midst', async () => {
    const sent = Array.from({ length: 20 }, async (_, index) => {
      if (index === 7) workspace.misbehave({ kind: 'refresh' });
      return workspace.command(anna, north, `/restage ${index}`);
    });
    const answers = await Promise.all(sent);
    expect(answers.map(({ ack }) => ack)).toMatchObject(
      answers.map((_, index) => ({ text: `you said ${index}` })),
    );
    expect(commands).toHaveLength(20);
    await workspace.waitFor(() => workspace.connections === 2, 'both sockets back');
  });

  test('none of 20 commands is lost through one refresh after the other', async () => {
    for (let index = 0; index < 20; index += 1) {
      if (index % 5 === 0) {
        await workspace.waitFor(() => workspace.connections === 2, 'both sockets back');
        workspace.misbehave({ kind: 'refresh' });
      }
      const { ack } = await workspace.command(anna, north, `/restage ${index}`);
      expect(ack).toMatchObject({ text: `you said ${index}` });
    }
    expect(commands).toHaveLength(20);
  });

  test('it comes back by itself, also when Slack refuses it at first', async () => {
    workspace.misbehave({ kind: 'error', method: 'apps.connections.open', times: 2, error: 'invalid_auth' });
    workspace.misbehave({ kind: 'status', method: 'apps.connections.open', times: 1, status: 500 });
    workspace.misbehave({ kind: 'drop-sockets' });
    await workspace.waitFor(() => workspace.connections === 0, 'the sockets dropped');
    await workspace.waitFor(() => workspace.connections === 2, 'both sockets back');
    const { ack } = await workspace.command(anna, north, '/restage back');
    expect(ack).toMatchObject({ text: 'you said back' });
    expect(
      log.entries.filter(({ message }) => message.startsWith('slack socket could not be opened')),
    ).toHaveLength(3);
  });
});

describe('starting and stopping', () => {
  test.each([
    ['bot token', { botToken: 'xoxb-wrong' }],
    ['app token', { appToken: 'xapp-wrong' }],
  ])('a wrong %s is a clear error', async (name, wrong) => {
    const refused = connect(wrong);
    await expect(refused.start(handlers)).resolves.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(`Slack refused the ${name} (invalid_auth). Use `),
    });
    expect(workspace.connections).toBe(0);
    expect(refused.health()).toMatchObject({
      isReached: false,
      sockets: { wanted: 2, open: 0, counted: null },
      clicksBlockedBy: expect.stringContaining(`Slack refused the ${name}`),
    });
    await refused.stop();
  });

  test('no token reaches the log', async () => {
    const refused = connect({ appToken: 'xapp-wrong' });
    await refused.start(handlers);
    await refused.stop();
    await slack.start(handlers);
    expect(JSON.stringify(log.entries)).not.toMatch(/xapp-wrong|xoxb-test|xapp-test/);
  });

  test('a Slack that is not there is a clear error', async () => {
    const gone = await startRawSlack();
    await gone.close();
    const { apiUrl } = gone;
    const lost = createSlack({
      botToken: () => 'xoxb-1',
      appToken: () => 'xapp-1',
      apiUrl,
      sockets: 2,
      log,
      clock,
    });
    await expect(lost.start(handlers)).resolves.toMatchObject({ failure: 'not-sent' });
    await lost.stop();
    await expect(
      lost.post({ channel: north, threadTs: null }, hello, { deliveryId: 'd1', revision: 1 }),
    ).rejects.toMatchObject({
      failure: 'not-sent',
    });
  });

  test('what is in hand when it stops is finished and answered; nothing new is taken', async () => {
    await slack.start(handlers);
    const later = answerLater();
    const begun = new Promise<void>((resolve) => {
      onCommand = () => {
        resolve();
        return later.answer;
      };
    });
    const first = workspace.command(anna, north, '/restage first');
    await begun;
    const stopped = slack.stop();
    workspace.command(anna, north, '/restage second').catch(() => undefined);
    later.finish(hello);
    expect((await first).ack).toMatchObject({ text: 'hello' });
    await stopped;
    await workspace.waitFor(() => workspace.connections === 0, 'the sockets closed');
    expect(commands.map(({ text }) => text)).toEqual(['first']);
  });

  test('stopping twice, or before it started, does no harm', async () => {
    await slack.stop();
    await slack.start(handlers);
    await slack.stop();
    await slack.stop();
    await expect(workspace.waitFor(() => workspace.connections === 0, 'the sockets closed')).resolves.toBe(
      true,
    );
  });
});

test('frames that Slack should not send are acknowledged or ignored, and the next command works', async () => {
  const raw = await startRawSlack();
  const guarded = createSlack({
    botToken: () => 'xoxb-1',
    appToken: () => 'xapp-1',
    apiUrl: raw.apiUrl,
    sockets: 1,
    log,
    clock,
  });
  await guarded.start(handlers);
  for (const frame of [
    'null',
    '7',
    'no json',
    '{}',
    '{"type":"events_api"}',
    '{"type":"interactive","envelope_id":"x"}',
  ])
    raw.send(frame);
  const odd = [
    { type: 'events_api', payload: { type: 'app_rate_limited' } },
    { type: 'events_api', payload: { type: 'event_callback', event: null } },
    { type: 'interactive', payload: {} },
    { type: 'interactive', payload: { type: 'block_actions', actions: [], user: { id: anna } } },
    { type: 'interactive', payload: { type: 'view_submission' } },
    { type: 'slash_commands', payload: { command: '/restage' } },
    { type: 'slash_commands', payload: { command: '/unknown', team_id: 'T1' } },
  ];
  for (const [index, frame] of odd.entries()) {
    const acknowledged = raw.acknowledged(`odd-${index}`);
    raw.send({ ...frame, envelope_id: `odd-${index}` });
    await acknowledged;
  }
  const acknowledged = raw.acknowledged('good');
  const payload = {
    command: '/restage',
    text: 'hi',
    team_id: 'T1',
    user_id: anna,
    channel_id: north,
    response_url: 'https://x.test',
  };
  raw.send({ type: 'slash_commands', envelope_id: 'good', payload });
  await expect(acknowledged).resolves.toMatchObject({ text: 'you said hi' });
  expect(commands).toMatchObject([{ deliveryKey: 'good' }]);
  await guarded.stop();
  await raw.close();
});

test('B10: people of another workspace, who share a channel with ours, do nothing', async () => {
  const raw = await startRawSlack();
  const options = { botToken: () => 'xoxb-1', appToken: () => 'xapp-1', apiUrl: raw.apiUrl, sockets: 1 };
  const guarded = createSlack({ ...options, log, clock });
  await guarded.start(handlers);
  const foreign = { id: anna, team_id: 'T9' };
  const deliver = async (type: string, envelopeId: string, payload: object) => {
    const acknowledged = raw.acknowledged(envelopeId);
    raw.send({ type, envelope_id: envelopeId, payload });
    return acknowledged;
  };
  await deliver('interactive', 'strange-click', {
    type: 'block_actions',
    actions: [{ type: 'button', action_id: 'ticket:repaired', block_id: 'b', value: '7' }],
    team: { id: 'T1' },
    user: foreign,
    container: { channel_id: north, message_ts: '1.0' },
    response_url: `${raw.apiUrl}answer`,
  });
  const values = { device: { input: { value: 'int-38' } } };
  const submitted = await deliver('interactive', 'strange-form', {
    type: 'view_submission',
    team: { id: 'T1' },
    user: foreign,
    view: { callback_id: 'outage', state: { values } },
  });
  expect(submitted).toMatchObject({ errors: { device: expect.stringContaining('its own workspace') } });
  const command = {
    command: '/restage',
    text: 'hi',
    user_id: anna,
    channel_id: north,
    response_url: 'https://x.test',
  };
  const answered = await deliver('slash_commands', 'strange-command', { ...command, team_id: 'T9' });
  expect(answered).toMatchObject({ text: expect.stringContaining('its own workspace') });
  expect([clicks, commands]).toEqual([[], []]);
  await guarded.stop();
  await raw.close();
});
