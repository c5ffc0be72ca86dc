import type { Standing } from './decide-approval.ts';

/** What was approved, and what holds when it is to start. */
export interface PermitCheck {
  /** Those whose approval counts. */
  readonly approvers: readonly ApproverNow[];
  /** How many it takes, by the config in force. */
  readonly needed: number;
  /** What of where and how the commands run is not as it was approved; `null` if nothing. */
  readonly drift: string | null;
  /** What freeze holds it up; `null` if none does, or enough of them made an exception. */
  readonly freeze: string | null;
}

export interface ApproverNow {
  readonly userId: string;
  readonly standing: Standing;
  /** Whether the account is in use; `null` if Slack did not answer. */
  readonly isActive: boolean | null;
}

export type PermitDecision =
  | { readonly permit: 'granted' }
  /** Nothing may start before Slack answers. */
  | { readonly permit: 'waits'; readonly reason: string }
  /** The approval is void: nothing starts. */
  | { readonly permit: 'void'; readonly reason: string };

/** Decides whether what was approved may start (B10): as it was approved, by people who may still approve it. */
export function decidePermit({ approvers, needed, drift, freeze }: PermitCheck): PermitDecision {
  if (drift !== null)
    return { permit: 'void', reason: `since it was approved the config was changed: ${drift}` };
  const lost = approvers.flatMap(describeLoss);
  const open = approvers.filter((one) => describeLoss(one).length === 0);
  if (open.length < needed) return { permit: 'void', reason: describeLack(lost, open.length, needed) };
  const sure = open.filter(({ standing, isActive }) => standing === 'yes' && isActive === true);
  if (freeze !== null) return { permit: 'waits', reason: freeze };
  if (sure.length >= needed) return { permit: 'granted' };
  const names = open.filter((one) => !sure.includes(one)).map(({ userId }) => userId);
  return { permit: 'waits', reason: `Slack does not say whether ${names.join(', ')} may still approve it` };
}

function describeLoss({ userId, standing, isActive }: ApproverNow): readonly string[] {
  if (isActive === false) return [`the account of ${userId}, who approved it, was deactivated`];
  if (standing !== 'no') return [];
  const causes = 'the config changed, they left the group, or the group was deleted';
  return [`${userId}, who approved it, is no longer an approver (${causes})`];
}

function describeLack(lost: readonly string[], given: number, needed: number): string {
  if (lost.length > 0) return lost.join('; ');
  return `it takes ${needed} approvals by now, and has ${given}`;
}
