import { describe, expect, test } from 'vitest';
import type { HeartbeatPolicy, ProbePolicy } from '../../src/domain/heartbeat.ts';
import type { IntakeHealth } from '../../src/domain/intake.ts';
import type { HeartbeatRecord } from '../../src/domain/store/heartbeats.ts';
import { judgeIntake } from '../../src/heartbeat/judge-intake.ts';
import { isProbeDue, judgeProbe } from '../../src/heartbeat/judge-probe.ts';

const now = new Date('2026-11-23T14:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const minutes = (n: number) => n * 60_000;

const policy: HeartbeatPolicy = {
  disconnectedAfterMs: minutes(10),
  expectWithinMs: new Map([
    ['imap:alerts', minutes(60)],
    ['http', minutes(60)],
  ]),
  probe: null,
};

interface Case {
  readonly intake?: string;
  readonly connected?: boolean;
  readonly lastMail?: number;
  readonly lastConnected?: number;
  readonly watched?: number;
  readonly started?: number;
}

function judge({ intake = 'imap:alerts', connected = true, watched = 600, started = 600, ...last }: Case) {
  const kind = intake.startsWith('imap') ? 'mailbox' : 'listener';
  const health: IntakeHealth = { intake, kind, connected, detail: connected ? null : 'gone' };
  const record: HeartbeatRecord = {
    intake: intake === 'http' ? 'http:ops' : intake,
    watchedSince: ago(watched),
    lastMailAt: last.lastMail === undefined ? null : ago(last.lastMail),
    lagMs: null,
    lastConnectedAt: last.lastConnected === undefined ? null : ago(last.lastConnected),
  };
  const judgement = judgeIntake(health, [record], policy, { now, startedAt: ago(started) });
  return judgement.verdict === 'failed'
    ? `${judgement.reason} since ${judgement.since.toISOString().slice(11, 16)}`
    : judgement.verdict;
}

describe('A1: an intake is', () => {
  test.each<[string, Case, string]>([
    ['well with mail in its expected time', { lastMail: 59 }, 'well'],
    ['silent without', { lastMail: 61 }, 'silent since 12:59'],
    ['silent when nothing ever came', { watched: 61 }, 'silent since 12:59'],
    ['well when it is watched for a short time only', { watched: 10 }, 'well'],
    ['well without an expectation', { intake: 'imap:other', lastMail: 500 }, 'well'],
    [
      'not judged as silent while the bot still reads what waited',
      { lastMail: 61, started: 0.5 },
      'undecided',
    ],
    ['not judged before it has been away for long', { connected: false, lastConnected: 9 }, 'undecided'],
    ['disconnected afterwards', { connected: false, lastConnected: 11 }, 'disconnected since 13:49'],
    ['not away while no bot ran', { connected: false, lastConnected: 500, started: 5 }, 'undecided'],
    [
      'disconnected when it never could be reached',
      { connected: false, watched: 20 },
      'disconnected since 13:40',
    ],
    [
      'a listener that lost its port',
      { intake: 'smtp', connected: false, lastConnected: 11 },
      'listener-failed since 13:49',
    ],
    ['well when one of its senders sent', { intake: 'http', lastMail: 10 }, 'well'],
  ])('%s', (_what, given, expected) => {
    expect(judge(given)).toBe(expected);
  });
});

describe('A1: the probe mail', () => {
  const probe: ProbePolicy = {
    everyMs: minutes(15),
    withinMs: minutes(5),
    relay: { host: 'localhost', port: 25 },
    from: 'a@example.net',
    to: 'b@example.net',
  };
  /** Minutes since each was sent, and since it came back. */
  const probes = (...list: readonly (readonly [sent: number, returned?: number])[]) =>
    list.map(([sent, returned]) => ({
      token: `t${sent}`,
      sentAt: ago(sent),
      returnedAt: returned === undefined ? null : ago(returned),
    }));

  test.each([
    ['is on its way: nothing is known', probes([4]), 'undecided'],
    ['came back', probes([4], [19, 18]), 'well'],
    ['is overdue', probes([6], [21, 20]), 'probe-lost'],
    ['is lost, but a later one came back', probes([3, 1], [18]), 'well'],
    ['came back, but a later one is lost', probes([6], [21, 1]), 'probe-lost'],
    ['was never sent', probes(), 'undecided'],
  ])('that %s', (_what, given, expected) => {
    const judgement = judgeProbe(given, probe, { now, startedAt: ago(600) });
    expect(judgement.verdict === 'failed' ? judgement.reason : judgement.verdict).toBe(expected);
  });

  test('is missed since the first that was lost', () => {
    const judgement = judgeProbe(probes([6], [21], [36], [51, 50]), probe, { now, startedAt: ago(600) });
    expect(judgement).toMatchObject({ since: ago(36) });
  });

  test.each([
    [probes(), true],
    [probes([14]), false],
    [probes([15]), true],
  ])('is due at its interval', (given, due) => {
    expect(isProbeDue(given, probe, now)).toBe(due);
  });
});
