import type { Person } from '../domain/chat.ts';
import type { ApprovalPolicy } from '../domain/policy.ts';
import type { RedistributionState } from '../domain/redistribution.ts';

/** What stands to be approved, as it was shown. */
export interface Proposal {
  readonly state: RedistributionState;
  readonly requestedBy: Person;
  /** Digest of the commands that the message showed. */
  readonly digest: string | null;
  readonly expiresAt: Date | null;
}

export type ApprovalDecision =
  | { readonly approved: true }
  | { readonly approved: false; readonly reason: ApprovalRefusal; readonly message: string };

export type ApprovalRefusal =
  | 'not-proposed'
  | 'expired'
  | 'commands-changed'
  | 'own-request'
  | 'not-an-approver'
  | 'nothing-allowed';

/**
 * Whether this click approves (B10): only what was shown, only while it waits, only by somebody who may, and
 * not by the one who asked, unless the site allows that. `digestNow` is that of the commands as they would run;
 * null: none of them may run.
 */
export function decideApproval(
  proposal: Proposal,
  digestNow: string | null,
  person: Person,
  policy: ApprovalPolicy,
  now: Date,
): ApprovalDecision {
  if (proposal.state !== 'proposed') return refuse('not-proposed', `It is ${proposal.state} already.`);
  if (proposal.expiresAt && proposal.expiresAt <= now) {
    return refuse('expired', 'It waited too long. Ask for the redistribution again.');
  }
  if (digestNow === null) {
    return refuse(
      'nothing-allowed',
      'None of these commands is allowed on this server; see why beside each.',
    );
  }
  if (digestNow !== proposal.digest) {
    return refuse('commands-changed', 'The commands are not those that were shown. Ask again.');
  }
  if (!policy.requesterMayApprove && isSamePerson(person, proposal.requestedBy)) {
    return refuse('own-request', 'You asked for it, so somebody else has to approve it.');
  }
  if (policy.approvers.length > 0 && !policy.approvers.includes(person.userId)) {
    return refuse('not-an-approver', 'You are not on the list of approvers.');
  }
  return { approved: true };
}

function isSamePerson(a: Person, b: Person): boolean {
  return a.teamId === b.teamId && a.userId === b.userId;
}

function refuse(reason: ApprovalRefusal, message: string): ApprovalDecision {
  return { approved: false, reason, message };
}
