import { describe, expect, it } from 'vitest';
import { findExcess } from '../../src/domain/command-size.ts';
import { decideApproval, refuseRejection } from '../../src/redistribution/decide-approval.ts';
import { decideCommandState, decideResults, findOwnRecord } from '../../src/redistribution/decide-results.ts';
import { decideStart } from '../../src/redistribution/decide-start.ts';
import { issueArgv } from '../../src/redistribution/recorder.ts';
import { makeRecord } from './records.ts';

const now = new Date('2026-11-20T12:00:00Z');
const minutes = (n: number) => new Date(now.getTime() + n * 60_000);
const ana = { teamId: 'T1', userId: 'U0ANA' };
const ben = { teamId: 'T1', userId: 'U0BEN' };
const policy = { requesterMayApprove: false, approvers: [] as string[], expiresAfterMs: 3_600_000 };
const proposal = { state: 'proposed', requestedBy: ana, digest: 'd', expiresAt: minutes(1) } as const;
const runs = { digest: 'd', refusal: null };

describe('B10: who approves what', () => {
  it.each([
    ['a second person', {}, runs, ben, {}, null],
    ['who asked', {}, runs, ana, {}, 'own-request'],
    ['who asked, as seen from another workspace', {}, runs, { ...ana, teamId: 'E9' }, {}, 'own-request'],
    ['who asked, where the site allows it', {}, runs, ana, { requesterMayApprove: true }, null],
    ['who is not on the list', {}, runs, ben, { approvers: ['U0CAI'] }, 'not-an-approver'],
    ['who is on the list', {}, runs, ben, { approvers: ['U0BEN'] }, null],
    ['who asked and is on the list', {}, runs, ana, { approvers: ['U0ANA'] }, 'own-request'],
    ['a second click', { state: 'approved' }, runs, ben, {}, 'not-proposed'],
    ['in the last moment', { expiresAt: minutes(0.01) }, runs, ben, {}, null],
    ['too late', { expiresAt: now }, runs, ben, {}, 'expired'],
    ['other commands', {}, { ...runs, digest: 'e' }, ben, {}, 'commands-changed'],
    ['no command', {}, { ...runs, digest: null }, ben, {}, 'nothing-allowed'],
    ['against the config', {}, { ...runs, refusal: 'no' }, ben, {}, 'not-allowed-any-more'],
  ] as const)('%s', (_name, change, runnable, person, site, reason) => {
    const decision = decideApproval(
      { ...proposal, ...change },
      runnable,
      person,
      { ...policy, ...site },
      now,
    );
    expect(decision.approved ? null : decision.reason).toBe(reason);
  });

  it.each([
    ['who asked', ana, ['U0CAI'], 'proposed', null],
    ['an approver', ben, ['U0BEN'], 'proposed', null],
    ['anybody, where there is no list', ben, [], 'proposed', null],
    ['a stranger to the list', ben, ['U0CAI'], 'proposed', 'Only whoever asked'],
    ['anybody too late', ana, [], 'running', 'It is running already'],
  ] as const)('rejects: %s', (_name, person, approvers, state, reason) => {
    const refusal = refuseRejection({ ...proposal, state }, person, { ...policy, approvers });
    expect(refusal?.slice(0, reason?.length) ?? null).toBe(reason);
  });
});

describe('whether what was approved may start', () => {
  const templates = [{ program: 'push', flags: [], arguments: [], directories: ['/srv'] }];
  const check = {
    command: { argv: ['push'], cwd: '/srv' },
    decidedAt: now,
    expiresAfterMs: 60_000,
    templates,
  };
  it.each([
    ['at once', {}, 0, ''],
    ['in the last moment', {}, 0.99, ''],
    ['too late', {}, 1, 'too old'],
    ['without its server', { templates: null }, 0, 'does not name its server'],
    ['against its templates', { templates: [] }, 0, 'not an allowed program on this server any more'],
  ])('%s', (_name, change, after, reason) => {
    const decision = decideStart({ ...check, ...change }, minutes(after));
    expect(decision.mayStart).toBe(reason === '');
    expect(decision.mayStart ? '' : decision.reason).toContain(reason);
  });
});

describe('what became of the recipients', () => {
  const both = { recipients: ['a', 'b'] };
  const one = { recipients: ['a'] };
  const patterned = { ...one, recorderFlags: ['--failed-pattern', 'x'] };
  const good = { outcome: 'exited', exitCode: 0 } as const;
  const bad = { outcome: 'exited', exitCode: 5 } as const;
  const gone = { outcome: 'unknown', reason: 'gone' } as const;
  const none = { recorder: false } as const;
  const unread = { recorder: true, record: null } as const;
  const read = { recorder: true, record: makeRecord({ a: 'succeeded', b: 'failed' }) } as const;
  it.each([
    ['the exit code, where nothing else is', both, good, none, 'succeeded succeeded', 'succeeded'],
    ['another exit code', both, bad, none, 'failed failed', 'failed'],
    ['the log, whatever the exit code', both, good, read, 'succeeded failed', 'failed'],
    ['the log, where the end is not known', both, gone, read, 'succeeded failed', 'unknown'],
    ['nothing for several without the log', both, good, unread, 'unknown unknown', 'unknown'],
    ['nothing by patterns without the log', patterned, good, unread, 'unknown', 'unknown'],
    ['the exit code for one', one, good, unread, 'succeeded', 'succeeded'],
    ['an exit code that is not 0', both, bad, unread, 'failed failed', 'failed'],
    ['nothing, where the end is not known', both, gone, none, 'unknown unknown', 'unknown'],
  ] as const)('%s', (_name, command, outcome, testimony, results, state) => {
    const found = decideResults(command, outcome, testimony);
    expect(found.map(({ result }) => result).join(' ')).toBe(results);
    expect(decideCommandState(outcome, found)).toBe(state);
  });

  it('is told by the newest record of that attempt that is not from before the start', () => {
    const at = (n: number, attempt = 2) => makeRecord({ a: 'failed' }, { attempt, startedAt: minutes(n) });
    const find = (...records: ReturnType<typeof at>[]) =>
      findOwnRecord({ job: 'nightly', attempt: 2 }, now, records)?.startedAt ?? null;
    expect(find(at(-720), at(1), at(0.5), at(5, 1))).toEqual(minutes(1));
    expect(find(at(-1))).toEqual(minutes(-1));
    expect(find(at(-3))).toBeNull();
  });
});

it('long lists of recipients are given to the recorder in parts', () => {
  const recipients = Array.from({ length: 1_200 }, (_, n) => `${'x'.repeat(190)}-${n}`);
  const command = { job: 'j', attempt: 2, packages: ['p'], recipients, argv: ['push'] };
  const issued = issueArgv(command, '/bin/restage-record');
  expect(issued.filter((argument) => argument === '--recipients')).toHaveLength(3);
  expect(findExcess(issued)).toBeNull();
  expect(findExcess(['push', 'x'.repeat(131_072)])).toContain('argument 1 is too long');
  expect(findExcess(['push', ...recipients, ...recipients, ...recipients])).toContain(
    'the command is too long',
  );
});
