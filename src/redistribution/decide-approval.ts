import type { Approval, ApprovalPolicy } from '../domain/approval.ts';
import type { Person } from '../domain/chat.ts';
import { exceptionApprovals } from './freeze.ts';
import type { RedistributionState } from '../domain/redistribution.ts';

/** What stands to be approved, as it was shown. */
export interface Proposal {
  readonly state: RedistributionState;
  readonly requestedBy: Person;
  /** Digest of the commands that it proposes now. */
  readonly digest: string | null;
  readonly expiresAt: Date | null;
}

/** The proposal's commands as they would run now. */
export interface Runnable {
  /** null: none of them may run. */
  readonly digest: string | null;
  /** Why one of them may not run any more, by the config in force; null: all may. */
  readonly refusal: string | null;
  /** What of where and how they run is not as it was proposed; `null` if nothing. */
  readonly drift: string | null;
  /** Hosts that they reach; `null` if they cannot be counted. */
  readonly hosts: number | null;
  /** How many of them have to be looked at twice. */
  readonly marked: number;
  /** Who changed what one of them runs. */
  readonly changedBy: readonly Person[];
}

/** Whether somebody is among those whom the config names; `unknown`: Slack could not be asked. */
export type Standing = 'yes' | 'no' | 'unknown';

/** A click on *Approve*, with all that decides about it. */
export interface ApprovalQuestion {
  readonly proposal: Proposal;
  /** Digest of the commands that the person was shown. */
  readonly shown: string;
  /** Whether the person was asked to look twice, and did. */
  readonly confirmed: boolean;
  readonly runnable: Runnable;
  /** Those given before, the void ones too. */
  readonly approvals: readonly Approval[];
  readonly person: Person;
  /** Whether the person is an approver. */
  readonly standing: Standing;
  /** When approving begins again; null: it may be done now. */
  readonly closedUntil: Date | null;
  /** What freeze holds the server up; `null` if none does. */
  readonly freeze: string | null;
  /** Why it is to run in spite of that; `null` for an approval as usual. */
  readonly exception: string | null;
  readonly policy: ApprovalPolicy;
}

export type ApprovalDecision =
  /** It counts; so many more are missing, 0: the commands may run. */
  | { readonly approved: true; readonly missing: number }
  | { readonly approved: false; readonly reason: ApprovalRefusal; readonly message: string };

export type ApprovalRefusal =
  | 'not-proposed'
  | 'expired'
  | 'commands-changed'
  | 'not-allowed-any-more'
  | 'surroundings-changed'
  | 'frozen'
  | 'outside-hours'
  | 'own-request'
  | 'own-change'
  | 'needs-second-look'
  | 'approved-before'
  | 'not-an-approver'
  | 'standing-unknown'
  | 'nothing-allowed';

/**
 * Whether this click approves (B10): only what was shown, only while it waits, only what the config allows now, only at
 * the hours for it, only by somebody who may, once each, and not by who asked or changed it, unless the site allows that.
 * What is in doubt takes a second look.
 */
export function decideApproval(question: ApprovalQuestion, now: Date): ApprovalDecision {
  const refusal = refuseProposal(question, now) ?? refusePerson(question);
  if (refusal) return refusal;
  const { policy, runnable, approvals, freeze } = question;
  const needed = approvalsNeeded(policy, runnable.hosts);
  if (freeze === null) {
    return { approved: true, missing: Math.max(0, needed - countApprovals(approvals, runnable.digest) - 1) };
  }
  const given = countApprovals(approvals.filter(isException), runnable.digest) + 1;
  return { approved: true, missing: Math.max(0, Math.max(exceptionApprovals, needed) - given) };
}

/** Returns the number of approvals for commands that reach `hosts` hosts; `null`, as not countable, takes that of many hosts. */
export function approvalsNeeded({ approvals, large }: ApprovalPolicy, hosts: number | null): number {
  const isLarge = large !== null && (hosts === null || hosts > large.recipients);
  return isLarge ? Math.max(approvals, large.approvals) : approvals;
}

/** Returns whether an approval counts in spite of a freeze. */
export function isException({ exception }: Pick<Approval, 'exception'>): boolean {
  return exception != null;
}

/** How many of these count for the commands of this digest. */
function countApprovals(approvals: readonly Approval[], digest: string | null): number {
  return approvals.filter((one) => counts(one, digest)).length;
}

function counts({ digest, voided }: Approval, wanted: string | null): boolean {
  return voided === null && digest === wanted;
}

function refuseProposal(
  {
    proposal,
    shown,
    confirmed,
    runnable: { digest, refusal, drift, marked },
    closedUntil,
    freeze,
    exception,
  }: ApprovalQuestion,
  now: Date,
): ApprovalDecision | null {
  if (proposal.state !== 'proposed') return refuse('not-proposed', `It is ${proposal.state} already.`);
  if (proposal.expiresAt && proposal.expiresAt <= now) {
    return refuse('expired', 'It waited too long. Ask for the redistribution again.');
  }
  if (digest === null) {
    return refuse(
      'nothing-allowed',
      'None of these commands is allowed on this server; see why beside each.',
    );
  }
  if (digest !== proposal.digest || digest !== shown) {
    return refuse('commands-changed', 'The commands are not those that were shown. Look at them again.');
  }
  if (refusal !== null) {
    return refuse(
      'not-allowed-any-more',
      `The config does not allow this any more: ${refusal}. Ask for the redistribution again.`,
    );
  }
  if (drift !== null) {
    return refuse(
      'surroundings-changed',
      `Since it was proposed the config was changed: ${drift}. Ask for the redistribution again.`,
    );
  }
  if (freeze !== null && exception === null) {
    return refuse('frozen', `Not now: ${freeze}. An exception takes two people, each with a reason.`);
  }
  if (marked > 0 && !confirmed) {
    return refuse(
      'needs-second-look',
      'Some of these commands are in doubt: look at them, then approve again.',
    );
  }
  if (closedUntil !== null) {
    return refuse('outside-hours', 'Commands may only be approved at certain hours; see the message.');
  }
  return null;
}

function refusePerson({
  proposal,
  runnable,
  person,
  policy,
  standing,
  approvals,
}: ApprovalQuestion): ApprovalDecision | null {
  if (!policy.requesterMayApprove && isSame(person, proposal.requestedBy)) {
    return refuse('own-request', 'You asked for it, so somebody else has to approve it.');
  }
  if (!policy.requesterMayApprove && runnable.changedBy.some((one) => isSame(one, person))) {
    return refuse('own-change', 'You changed what it runs, so somebody else has to approve it.');
  }
  if (approvals.some((one) => counts(one, proposal.digest) && isSame(one.person, person))) {
    return refuse('approved-before', 'You have approved it; somebody else has to as well.');
  }
  if (standing === 'no') return refuse('not-an-approver', 'You are not on the list of approvers.');
  if (standing === 'unknown') {
    return refuse('standing-unknown', 'Slack does not say now who the approvers are. Try again soon.');
  }
  return null;
}

/** Why this person may neither reject nor change the proposal; null: they may. Whoever asked may, and approvers. */
export function refuseDecision(
  { state, requestedBy }: Pick<Proposal, 'state' | 'requestedBy'>,
  person: Person,
  standing: Standing,
): string | null {
  if (state !== 'proposed') return `It is ${state} already.`;
  if (isSame(person, requestedBy) || standing === 'yes') return null;
  return 'Only whoever asked for it, or an approver, can do that.';
}

/** By the user's id alone, which is the same in all workspaces of an organisation; the team's is not. */
function isSame(one: Person, other: Person): boolean {
  return one.userId === other.userId;
}

function refuse(reason: ApprovalRefusal, message: string): ApprovalDecision {
  return { approved: false, reason, message };
}
