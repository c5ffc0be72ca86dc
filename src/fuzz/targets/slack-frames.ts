import type { FuzzBot } from '../bot.ts';
import { createCase, pick } from '../cases.ts';
import { mutate } from '../mutate.ts';
import { measureLoopTime } from '../processor-time.ts';
import { endsWithin, type FuzzRun, Tally, type TargetReport } from '../target.ts';

/** Processor time of the event loop that one frame may take, in ms. */
const mostLoopMs = 250;
const ackWithinMs = 20_000;
/** After this many frames a good command is sent, and its acknowledgement awaited. */
const goodEvery = 50;

const person = {
  user_id: 'U1',
  team_id: 'T1',
  channel_id: 'C1',
  response_url: 'http://127.0.0.1:9/',
  trigger_id: '1.2',
};
const click = {
  type: 'block_actions',
  user: { id: 'U1', team_id: 'T1' },
  team: { id: 'T1' },
  channel: { id: 'C1' },
  container: { type: 'message', channel_id: 'C1', message_ts: '1.2' },
  message: { ts: '1.2' },
  response_url: person.response_url,
  trigger_id: '1.2',
  actions: [{ type: 'button', action_id: 'ticket.acknowledge', block_id: 'b', value: '1' }],
};
const submission = {
  type: 'view_submission',
  user: { id: 'U1', team_id: 'T1' },
  team: { id: 'T1' },
  view: {
    id: 'V1',
    hash: '1',
    callback_id: 'outage',
    private_metadata: '{}',
    state: { values: { a: { b: { value: 'x' } } } },
  },
};
const seeds = [
  frame('slash_commands', { command: '/restage', text: 'status', ...person }),
  frame('slash_commands', { command: '/redistribute', text: 'int-38 since yesterday', ...person }),
  frame('slash_commands', { command: '/restage', text: 'outage int-38 2h work', ...person }),
  frame('interactive', click),
  frame('interactive', submission),
  frame('events_api', { event_id: 'E1', team_id: 'T1', event: { type: 'app_home_opened', user: 'U1' } }),
  { type: 'disconnect', reason: 'warning' },
].map((seed) => Buffer.from(JSON.stringify(seed)));

const tokens = [
  '"type":"disconnect"',
  '"actions":[]',
  '"value":"-1"',
  '"text":"',
  'null',
  '{}',
  '[]',
  '\\u0000',
  '"user":null',
];

function frame(type: string, payload: object): object {
  return {
    envelope_id: 'fuzzed',
    type,
    payload,
    accepts_response_payload: true,
    retry_attempt: 0,
    retry_reason: '',
  };
}

/** Sends mutated frames through the bot's Slack socket, as text and as bytes. The bot lives on, and acknowledges good commands. */
export async function fuzzSlackFrames(bot: FuzzBot, { seed, inputs }: FuzzRun): Promise<TargetReport> {
  const tally = new Tally();
  for (let index = 0; index < inputs && bot.isAlive(); index += 1) {
    const { random } = createCase(seed, 'slack', index);
    const bytes = mutate(pick(random, seeds), random, tokens);
    bot.slack.send(random.between(0, 4) === 0 ? bytes : bytes.toString('latin1'));
    if (index % goodEvery !== 0) continue;
    const good = () => endsWithin(ackWithinMs, sendGood(bot, index));
    try {
      tally.cost(index, await measureLoopTime(mostLoopMs, good, bot.pid), mostLoopMs);
    } catch (error) {
      tally.find(index, `a good command behind it: ${String(error)}`);
    }
  }
  if (!bot.isAlive()) tally.find('slack', `the bot ended: ${bot.complaints().at(-1) ?? 'it said nothing'}`);
  return { target: 'slack', inputs, findings: tally.findings, figures: tally.figures };
}

let envelopes = 0;

/** A socket that a frame made the bot leave is replaced: the command is sent again until it is acknowledged. */
async function sendGood({ slack }: FuzzBot, index: number): Promise<void> {
  envelopes += 1;
  const id = `good-${index}-${envelopes}`;
  const acknowledged = slack.acknowledged(id);
  const payload = { command: '/restage', text: 'help', ...person };
  const again = setInterval(() => slack.send({ ...frame('slash_commands', payload), envelope_id: id }), 500);
  slack.send({ ...frame('slash_commands', payload), envelope_id: id });
  await acknowledged.finally(() => clearInterval(again));
}
