import { describe, expect, it } from 'vitest';
import { findExcess, findWrongs } from '../../src/chaos/mail/judge.ts';
import { judgeRuns } from '../../src/chaos/runs/judge-runs.ts';
import { renderProposal } from '../../src/messages/redistribution.ts';
import type { RedistributionState } from '../../src/domain/redistribution.ts';
import { options, redistribution } from '../messages/fixtures.ts';
import type { PostedMessage } from '../../src/demo/workspace/workspace.ts';

const expected = { alerts: new Map([['client-1', 5]]), acknowledged: new Set<string>(), doubles: 0 };

function message(text: string, state = ':red_circle: *Open*', threadTs: string | null = null): PostedMessage {
  return {
    channel: 'C0EU',
    ts: '1.000001',
    threadTs,
    userId: 'U0RESTAGE',
    text,
    attachments: [],
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: state } }],
    metadata: null,
    edits: 0,
    history: [text],
    ephemeralFor: null,
    reactions: [],
    files: [],
  };
}

const told = 'client-1 is down (5 alerts) · Kiel / B3 · nobody has it';

describe('the checker of alerts finds', () => {
  it('nothing wrong when one message says what was sent', () => {
    expect(findWrongs([message(told)], expected)).toEqual([]);
  });

  it.each<[string, readonly PostedMessage[], RegExp]>([
    ['a problem that nobody was told', [], /client-1 has 0 messages/],
    ['a problem that was told twice', [message(told), message(told)], /client-1 has 2 messages/],
    ['an alert that was lost', [message(told.replace('5', '4'))], /says 4 alerts, and 5 were sent/],
    ['an alert that was counted twice', [message(told.replace('5', '6'))], /says 6 alerts, and 5 were sent/],
    ['an outdated state', [message(told, ':white_check_mark: *Resolved*')], /not said to be \*Open\*/],
    ['a ticket about nothing', [message(told), message(told.replace('-1', '-2'))], /nobody sent .*client-2/],
    [
      'a line that stands twice in a thread',
      [message(told), ...['a', 'b'].map(() => message('Now *10 alerts*.', '', '1.000001'))],
      /said twice in a thread/,
    ],
  ])('%s', (_name, messages, wrong) => {
    expect(findWrongs(messages, expected)).toEqual([expect.stringMatching(wrong)]);
  });

  it('a line of a thread that stands more often than Slack doubled posts', () => {
    const line = message('Now *10 alerts*.', '', '1.000001');
    const seen = (lines: number) => [message(told), ...Array.from({ length: lines }, () => line)];
    expect(findWrongs(seen(2), { ...expected, doubles: 1 })).toEqual([]);
    expect(findWrongs(seen(3), { ...expected, doubles: 1 })).toHaveLength(1);
  });

  it('a state that a click should have changed', () => {
    const clicked = { ...expected, acknowledged: new Set(['client-1']) };
    expect(findWrongs([message(told)], clicked)).toEqual(['client-1 is not said to be *Acknowledged*']);
  });

  it('more alerts than were sent so far, even for a moment', () => {
    expect(findExcess([message(told)], new Map([['client-1', 4]]))).toHaveLength(1);
    expect(findExcess([message(told)], new Map([['client-1', 5]]))).toEqual([]);
  });
});

describe('the checker of commands finds', () => {
  const names = ['run-1', 'run-2'];
  const show = (state: RedistributionState): PostedMessage => {
    const outcome = { recipients: 1, failedAgain: 0, unclear: 0, exitedBadly: false };
    const tallies = [{ ...outcome, state: 'succeeded', commands: 2 }] as const;
    return { ...message(''), ...renderProposal(redistribution({ state, tallies }), options) };
  };
  const proposal = show('done');

  it('nothing wrong when each had its effect once and the message says so', () => {
    expect(judgeRuns({ names, marks: ['run-2', 'run-1'], messages: [proposal] })).toEqual([]);
  });

  it.each<[string, readonly string[], readonly PostedMessage[], RegExp]>([
    ['a command that ran twice', ['run-1', 'run-2', 'run-2'], [proposal], /run-2 had its effect 2 times/],
    ['a command that did not run', ['run-1'], [proposal], /run-2 had its effect 0 times/],
    ['an end that nobody was told', names, [show('running')], /does not say that it is done/],
    ['one that nobody approved', names, [show('proposed')], /does not say that it is done/],
    ['a proposal that stands twice', names, [proposal, proposal], /2 messages about one/],
  ])('%s', (_name, marks, messages, wrong) => {
    expect(judgeRuns({ names, marks, messages })).toEqual([expect.stringMatching(wrong)]);
  });
});
