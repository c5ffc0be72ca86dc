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

/** The proposal's commands as they would run now. */
export interface Runnable {
  /** null: none of them may run. */
  readonly digest: string | null;
  /** Why one of them may not run any more, by the config in force; null: all may. */
  readonly refusal: string | null;
}

export type ApprovalDecision =
  | { readonly approved: true }
  | { readonly approved: false; readonly reason: ApprovalRefusal; readonly message: string };

export type ApprovalRefusal =
  | 'not-proposed'
  | 'expired'
  | 'commands-changed'
  | 'not-allowed-any-more'
  | 'own-request'
  | 'not-an-approver'
  | 'nothing-allowed';

/**
 * Whether this click approves (B10): only what was shown, only while it waits, only what the config allows now, only by
 * somebody who may, and not by the one who asked, unless the site allows that.
 */
export function decideApproval(
  proposal: Proposal,
  { digest, refusal }: Runnable,
  person: Person,
  policy: ApprovalPolicy,
  now: Date,
): ApprovalDecision {
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
  if (digest !== proposal.digest) {
    return refuse('commands-changed', 'The commands are not those that were shown. Ask again.');
  }
  if (refusal !== null) {
    return refuse(
      'not-allowed-any-more',
      `The config does not allow this any more: ${refusal}. Ask for the redistribution again.`,
    );
  }
  if (!policy.requesterMayApprove && isRequester(person, proposal)) {
    return refuse('own-request', 'You asked for it, so somebody else has to approve it.');
  }
  if (!isApprover(person, policy)) {
    return refuse('not-an-approver', 'You are not on the list of approvers.');
  }
  return { approved: true };
}

/** Why this person may not reject the proposal; null: they may. Whoever asked may, and whoever could approve it. */
export function refuseRejection(
  proposal: Pick<Proposal, 'state' | 'requestedBy'>,
  person: Person,
  policy: ApprovalPolicy,
): string | null {
  if (proposal.state !== 'proposed') return `It is ${proposal.state} already.`;
  if (isRequester(person, proposal) || isApprover(person, policy)) return null;
  return 'Only whoever asked for it, or an approver, can reject it.';
}

/** By the user's id alone, which is the same in all workspaces of an organisation; the team's is not. */
function isRequester(person: Person, { requestedBy }: Pick<Proposal, 'requestedBy'>): boolean {
  return person.userId === requestedBy.userId;
}

function isApprover({ userId }: Person, { approvers }: ApprovalPolicy): boolean {
  return approvers.length === 0 || approvers.includes(userId);
}

function refuse(reason: ApprovalRefusal, message: string): ApprovalDecision {
  return { approved: false, reason, message };
}
