import { describe, expect, it } from 'vitest';
import type { ChatHealth } from '../../src/domain/chat.ts';
import { checkChat, judgeClicks } from '../../src/heartbeat/judge-chat.ts';

type Sockets = ChatHealth['sockets'];

const well: ChatHealth = {
  isReached: true,
  lastGoodAt: null,
  lastFailure: null,
  sockets: { wanted: 2, open: 2, counted: 2 },
  clicksBlockedBy: null,
};
const found = (change: Partial<ChatHealth>) =>
  checkChat({ ...well, ...change }).map(({ state, reason }) => reason ?? state);

describe('Slack is checked', () => {
  it.each<[string, Partial<ChatHealth>, string]>([
    ['unknown before the first call', { isReached: null }, 'unknown'],
    ['reached', {}, 'ok'],
    [
      'not reached',
      { isReached: false, lastFailure: { at: new Date(0), reason: 'ECONNREFUSED' } },
      'slack-unreachable',
    ],
  ])('%s', (_what, change, expected) => {
    expect(found(change)[0]).toBe(expected);
  });
});

describe('its sockets are checked against what Slack counts', () => {
  it.each<[string, Sockets, string]>([
    ['all open', { wanted: 2, open: 2, counted: 2 }, 'ok'],
    ['one is renewed', { wanted: 2, open: 1, counted: 2 }, 'ok'],
    ['two bots', { wanted: 2, open: 2, counted: 4 }, 'ok'],
    ['before the first hello of a new one', { wanted: 2, open: 1, counted: null }, 'ok'],
    ['none open', { wanted: 2, open: 0, counted: 3 }, 'clicks-blocked'],
    ['Slack knows less than are open here', { wanted: 2, open: 2, counted: 1 }, 'sockets-unsound'],
    ['ghosts fill what Slack allows', { wanted: 2, open: 2, counted: 10 }, 'sockets-full'],
    ['all ten are its own', { wanted: 10, open: 10, counted: 10 }, 'ok'],
  ])('%s', (_what, sockets, expected) => {
    expect(found({ sockets })[1]).toBe(expected);
  });
});

describe('clicks that do not come in', () => {
  const now = new Date(1_000_000);
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const watch = { now, startedAt: ago(10_000) };
  const blocked = { ...well, sockets: { wanted: 2, open: 0, counted: 10 }, clicksBlockedBy: 'too many' };

  it.each([
    ['are no failure with a socket open', well, null, 'well'],
    ['are none while a bot had one open lately', blocked, ago(50), 'undecided'],
    ['are a failure after the bound', blocked, ago(150), 'failed'],
    ['are a failure when none was ever open', blocked, null, 'failed'],
  ] as const)('%s', (_what, health, lastOpenAt, verdict) => {
    expect(judgeClicks(health, lastOpenAt, { stuckAfterMs: 100 }, watch).verdict).toBe(verdict);
  });
});
