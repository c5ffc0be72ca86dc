import { describe, expect, it } from 'vitest';
import type { Approval, ApprovalPolicy } from '../../src/domain/approval.ts';
import {
  type ApprovalQuestion,
  approvalsNeeded,
  decideApproval,
  refuseDecision,
} from '../../src/redistribution/decide-approval.ts';

const now = new Date('2026-11-20T12:00:00Z');
const minutes = (n: number) => new Date(now.getTime() + n * 60_000);
const ana = { teamId: 'T1', userId: 'U0ANA' };
const ben = { teamId: 'T1', userId: 'U0BEN' };
const cai = { teamId: 'T1', userId: 'U0CAI' };
const policy: ApprovalPolicy = {
  requesters: [],
  approvers: [],
  requesterMayApprove: false,
  approvals: 1,
  large: null,
  hours: [],
  auditChannel: null,
  terminalUsers: {},
  expiresAfterMs: 3_600_000,
};
const proposal = { state: 'proposed', requestedBy: ana, digest: 'd', expiresAt: minutes(1) } as const;
const runnable = { digest: 'd', refusal: null, drift: null, hosts: 3, marked: 0, changedBy: [] };
const question: ApprovalQuestion = {
  proposal,
  shown: 'd',
  confirmed: false,
  runnable,
  approvals: [],
  person: ben,
  standing: 'yes',
  closedUntil: null,
  freeze: null,
  exception: null,
  policy,
};

function given(person = cai, change: Partial<Approval> = {}): Approval {
  return { person, at: minutes(-1), digest: 'd', voided: null, ...change };
}

const two = { ...policy, approvals: 2 };
const large = { ...policy, large: { recipients: 3, approvals: 3 } };
const four = { ...runnable, hosts: 4 };
const lenient = { ...policy, requesterMayApprove: true };

describe('B10: a click on Approve', () => {
  it.each<[string, Partial<ApprovalQuestion>, string]>([
    ['of a second person', {}, 'missing 0'],
    ['of who asked', { person: ana }, 'own-request'],
    ['of who asked, as seen from another workspace', { person: { ...ana, teamId: 'E9' } }, 'own-request'],
    ['of who asked, where the site allows it', { person: ana, policy: lenient }, 'missing 0'],
    ['of who is no approver', { standing: 'no' }, 'not-an-approver'],
    ['of who may be one, says Slack not', { standing: 'unknown' }, 'standing-unknown'],
    ['of who asked and is an approver', { person: ana, standing: 'yes' }, 'own-request'],
    ['that comes twice', { proposal: { ...proposal, state: 'approved' } }, 'not-proposed'],
    ['in the last moment', { proposal: { ...proposal, expiresAt: minutes(0.01) } }, 'missing 0'],
    ['too late', { proposal: { ...proposal, expiresAt: now } }, 'expired'],
    ['outside of the hours for it', { closedUntil: minutes(5) }, 'outside-hours'],
    ['for other commands', { runnable: { ...runnable, digest: 'e' } }, 'commands-changed'],
    ['for commands that were shown before', { shown: 'c' }, 'commands-changed'],
    ['for one in doubt', { runnable: { ...runnable, marked: 1 } }, 'needs-second-look'],
    [
      'for one in doubt, looked at twice',
      { runnable: { ...runnable, marked: 1 }, confirmed: true },
      'missing 0',
    ],
    ['of who changed one', { runnable: { ...runnable, changedBy: [cai, ben] } }, 'own-change'],
    [
      'of who changed one, where the site allows it',
      { runnable: { ...runnable, changedBy: [ben] }, policy: lenient },
      'missing 0',
    ],
    ['for no command', { runnable: { ...runnable, digest: null } }, 'nothing-allowed'],
    ['against the config', { runnable: { ...runnable, refusal: 'no' } }, 'not-allowed-any-more'],
    ['that is the first of two', { policy: two }, 'missing 1'],
    ['that is the second of two', { policy: two, approvals: [given()] }, 'missing 0'],
    ['of the same person again', { policy: two, approvals: [given(ben)] }, 'approved-before'],
    ['after one that is void', { policy: two, approvals: [given(cai, { voided: 'edited' })] }, 'missing 1'],
    ['again, the first being void', { policy: two, approvals: [given(ben, { voided: 'x' })] }, 'missing 1'],
    ['after one for other commands', { policy: two, approvals: [given(cai, { digest: 'c' })] }, 'missing 1'],
    ['for as many as are few', { policy: large }, 'missing 0'],
    ['for more than those', { policy: large, runnable: four }, 'missing 2'],
    ['for more, the third', { policy: large, runnable: four, approvals: [given(), given(ana)] }, 'missing 0'],
  ])('%s', (_name, change, expected) => {
    const decision = decideApproval({ ...question, ...change }, now);
    expect(decision.approved ? `missing ${decision.missing}` : decision.reason).toBe(expected);
    if (!decision.approved) expect(decision.message).toMatch(/^[A-Z].*\.$/);
  });

  it('never needs fewer for many than for few', () => {
    expect(approvalsNeeded({ ...large, approvals: 5 }, 4)).toBe(5);
  });

  it('needs as many for hosts that cannot be counted as for many', () => {
    expect(approvalsNeeded(large, null)).toBe(3);
    expect(approvalsNeeded(policy, null)).toBe(1);
  });
});

it.each([
  ['who asked', ana, 'no', 'proposed', null],
  ['an approver', ben, 'yes', 'proposed', null],
  ['no approver', ben, 'no', 'proposed', 'Only whoever asked'],
  ['somebody, while Slack does not say who they are', ben, 'unknown', 'proposed', 'Only whoever asked'],
  ['anybody too late', ana, 'yes', 'running', 'It is running already'],
] as const)('B10: rejects or changes: %s', (_name, person, standing, state, reason) => {
  const refusal = refuseDecision({ ...proposal, state }, person, standing);
  expect(refusal?.slice(0, reason?.length) ?? null).toBe(reason);
});
